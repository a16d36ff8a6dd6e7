//! What does not fit, and what explained it.

use super::FactLine;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DiscrepancyLine {
    /// `code:fact-hash`
    pub id: String,
    pub code: String,
    pub fact: FactLine,
    pub people: Vec<String>,
    /// People in it whom the officer may not see.
    pub withheld: u32,
    pub expected: Option<u32>,
    pub found: Option<u32>,
    pub movement: Option<String>,
    pub site: Option<String>,
    pub open: bool,
    pub resolution: Option<ResolutionLine>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ResolutionLine {
    pub why: String,
    pub fact: FactLine,
}

/// A difference in full: what it needs to be closed, and what has been signed towards that.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DiscrepancyDetail {
    pub line: DiscrepancyLine,
    /// Words to choose from when it is resolved.
    pub reasons: Vec<String>,
    /// Set where custody is contested: then two authorities say which fact stands.
    pub fork: Option<Fork>,
}

/// Facts that follow the same one, what was ruled about them, and who has yet to sign.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Fork {
    /// The facts among which a ruling chooses, by position.
    pub branches: Vec<FactLine>,
    /// What authorities signed, by position of their first fact.
    pub said: Vec<ForkWord>,
    /// `ruling`: an entitled authority has to rule; `second`: another one has to sign the same;
    /// `agreement`: entitled authorities contradict each other; absent once it is ruled.
    pub lacking: Option<String>,
    /// Authorities whose signature would bring it nearer to its end.
    pub still_to_sign: Vec<String>,
    /// Each person in it whom the officer may see: a ruling is signed for each.
    pub people: Vec<ForkedPerson>,
}

/// An authority's word on a fork.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ForkWord {
    pub authority: String,
    /// Whether the opening of the operation entitles it to rule; others may only second.
    pub entitled: bool,
    /// The fact that it says stands.
    pub stands: String,
    pub why: String,
    /// People for whom it has signed this.
    pub people: u32,
    /// The first such fact.
    pub fact: FactLine,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ForkedPerson {
    pub person: String,
    /// The fact that the branches follow; absent for somebody registered twice.
    pub at: Option<String>,
    /// The facts that may stand for this person.
    pub branches: Vec<String>,
    /// Authorities that have signed a ruling about this person.
    pub signed: Vec<String>,
    /// Whether it is ruled for this person.
    pub ruled: bool,
}
