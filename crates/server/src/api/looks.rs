//! Looks at particulars: what may be opened, what was, by whom.

use super::FactLine;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the officer may open about a person, before anything is opened.
#[derive(Debug, Serialize, ToSchema)]
pub struct Openable {
    pub person: String,
    /// As whom; absent for a visitor of the open room who looks as nobody in particular.
    pub officer: Option<OfficerLine>,
    /// How the officer's authority stands to the person, by the record.
    pub relations: Vec<String>,
    /// In the order of the closed list.
    pub sections: Vec<OpenableSection>,
}

/// An officer, as facts name one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OfficerLine {
    pub authority: String,
    pub role: String,
    pub number: u32,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OpenableSection {
    /// identity, health, case, family, property or death
    pub section: String,
    /// Versions kept here.
    pub versions: u32,
    /// Purposes for which the officer may open it.
    pub purposes: Vec<String>,
    /// Purposes for which the officer may break the glass to open it.
    pub glass: Vec<String>,
    /// When there is no purpose for it: relations that would let this officer open it.
    pub relations: Vec<String>,
    /// When there is no purpose for it: roles of the same authority that could open it.
    pub roles: Vec<String>,
}

/// A look at particulars, asked for.
#[derive(Debug, Deserialize, ToSchema)]
pub struct LookAsked {
    /// Sections to open, all or none.
    pub sections: Vec<String>,
    /// What the look is for; a word of the closed list. It is written into the record.
    pub purpose: String,
    /// Why the glass is broken, when it is: medical-emergency, danger-to-life, person-missing or
    /// court-order. Overseers and whoever holds the person are told at once.
    pub break_glass: Option<String>,
}

/// Sections opened, and the fact that says so.
#[derive(Debug, Serialize, ToSchema)]
pub struct Opened {
    pub person: String,
    pub look: LookLine,
    pub sections: Vec<OpenedSection>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OpenedSection {
    pub section: String,
    /// From 1.
    pub version: u32,
    /// As the record has it, hexadecimal.
    pub commitment: String,
    /// The section's fields by name (docs/formats/register.md).
    #[schema(value_type = Object)]
    pub says: serde_json::Value,
}

/// Somebody looked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LookLine {
    /// The fact that says so; its receipt proves when.
    pub fact: FactLine,
    /// At whom: those whom the officer who asks may know were looked at.
    pub people: Vec<String>,
    pub sections: Vec<String>,
    pub authority: String,
    pub role: String,
    pub officer: u32,
    pub purpose: String,
    pub relation: String,
    /// What let them.
    pub policies: Vec<PolicyLine>,
    /// The text of all policies when it was decided, by its SHA-256; absent in looks that do not say.
    pub policy_set: Option<String>,
    /// Whether that is the text in force here now.
    pub by_text_in_force: Option<bool>,
    /// Why the glass was broken, when it was.
    pub break_glass: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PolicyLine {
    pub id: String,
    /// The policy in a sentence; absent when it is no longer in force here.
    pub says: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LooksPage {
    pub total: u32,
    /// How many of them broke the glass.
    pub glass: u32,
    /// The text of all policies in force here, by its SHA-256.
    pub policy_set: String,
    /// Newest first.
    pub looks: Vec<LookLine>,
}

/// A policy in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct Policy {
    pub id: String,
    pub file: String,
    pub says: String,
    pub source: String,
    /// Whether it forbids: then nothing else can allow it.
    pub forbids: bool,
}
