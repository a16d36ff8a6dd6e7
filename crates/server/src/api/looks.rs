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
    /// Versions kept here; absent for an officer who may not know whether there is such a person.
    pub versions: Option<u32>,
    /// Purposes for which the officer may open it.
    pub purposes: Vec<String>,
    /// Purposes for which the officer may break the glass to open it.
    pub glass: Vec<String>,
    /// When there is no purpose for it: relations that would let this officer open it.
    pub relations: Vec<String>,
    /// When there is no purpose for it: roles of the same authority that could open it.
    pub roles: Vec<String>,
    /// Purposes for which the officer may write it down, or correct it.
    pub writes: Vec<String>,
    /// Where there is such a purpose: the fields, in the order in which a form asks for them.
    pub form: Vec<FieldLine>,
}

/// A field of a section's form.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldLine {
    pub name: String,
    /// text, date, year-or-date, number, word, country, texts, people or rows
    pub kind: String,
    /// Whether a section without it is refused. What is not known of the others is left out.
    pub needed: bool,
    /// Of a word: which it may be.
    pub words: Vec<String>,
    /// Of a number.
    pub least: Option<u32>,
    pub most: Option<u32>,
    /// Of rows: the fields of each.
    #[schema(no_recursion)]
    pub fields: Vec<FieldLine>,
}

impl From<&register::Field> for FieldLine {
    fn from(field: &register::Field) -> Self {
        use register::Kind;
        let (least, most) = match field.kind {
            Kind::Number(least, most) => (Some(least), Some(most)),
            _ => (None, None),
        };
        let words = if let Kind::Word(words) = field.kind { words } else { &[] };
        let fields = if let Kind::Rows(fields) = field.kind { fields } else { &[] };
        Self {
            name: field.name.to_owned(),
            kind: field.kind.code().to_owned(),
            needed: field.needed,
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            least,
            most,
            fields: fields.iter().map(Self::from).collect(),
        }
    }
}

/// A section as an officer wrote it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SectionWritten {
    /// What it is written for; a word of the closed list. It is in the record with who wrote.
    pub purpose: String,
    /// Commitment of the newest version that the officer read, hexadecimal; absent where none is kept.
    pub after: Option<String>,
    /// The section's fields by name, without the person's number (docs/formats/register.md).
    #[schema(value_type = Object)]
    pub says: serde_json::Map<String, serde_json::Value>,
}

/// A section that was kept, and the fact that says so.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionKept {
    pub person: String,
    pub section: String,
    /// From 1.
    pub version: u32,
    /// As the record has it, hexadecimal.
    pub commitment: String,
    pub fact: FactLine,
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
