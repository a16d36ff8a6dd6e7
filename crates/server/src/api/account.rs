//! Obligations as shown.

use super::{FactLine, Text};
use serde::Serialize;
use utoipa::ToSchema;

/// Duties with their clocks, at a position of the record and an instant of the operation's clock.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Obligations {
    pub position: u64,
    pub at: String,
    /// In the order of the operation's file.
    pub rules: Vec<ObligationRule>,
    /// By authority that answers; those with the most overdue first.
    pub authorities: Vec<ObligationCounts>,
    /// Earliest deadline first.
    pub lines: Vec<ObligationLine>,
    /// Lines that were asked for and are not in `lines`.
    pub left_off: u32,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ObligationRule {
    pub code: String,
    pub text: Text,
    /// Treaty, article, standard.
    pub source: String,
    /// `source` when the source names the hours, `assumption` when they were chosen.
    pub deadline: String,
    pub within_h: f64,
}

/// Clocks of one authority. One person may have several.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct ObligationCounts {
    pub authority: String,
    pub overdue: u32,
    pub running: u32,
    /// Proved after the deadline.
    pub late: u32,
    pub met: u32,
    /// No notice is to be given, with a recorded reason.
    pub waived: u32,
    /// Custody ended before the deadline.
    pub lapsed: u32,
    /// Met by the field's time, but the proof came into the record after the deadline.
    pub recorded_late: u32,
}

/// People whose clocks were started by one fact and stand alike.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ObligationLine {
    /// Code of the rule.
    pub rule: String,
    pub authority: String,
    /// `overdue`, `running`, `late`, `met`, `waived` or `lapsed`.
    pub state: String,
    /// The fact that started the clock.
    pub fact: FactLine,
    pub due: String,
    pub people: Vec<String>,
    /// People in it whom the officer may not see.
    pub withheld: u32,
}

/// A figure as an authority stated and signed it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StatementLine {
    /// SHA-256 of the document.
    pub hash: String,
    /// As `nationality/verified@1`.
    pub definition: String,
    /// The definition in a word or two.
    pub title: Text,
    /// The definition in a sentence, as the document has it.
    pub text: Text,
    pub position: u64,
    /// When the last fact counted was recorded.
    pub recorded_until: String,
    pub value: u64,
    /// By code, largest first; empty when the definition has no parts.
    pub parts: Vec<super::Part>,
    pub authority: String,
    pub role: String,
    pub officer: u32,
    pub issued_at: String,
    /// The fact that says it was issued.
    pub fact: Option<FactLine>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StatementDetail {
    pub line: StatementLine,
    /// The signed document as it was issued.
    pub document: String,
    /// What the record says of it; empty when all holds.
    pub findings: Vec<super::Remark>,
}

/// Two statements side by side, and what tells them apart.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StatementComparison {
    pub first: StatementLine,
    pub second: StatementLine,
    /// Only the people under this code were compared.
    pub part: Option<String>,
    /// People counted in each, within `part` when that is given.
    pub first_people: u64,
    pub second_people: u64,
    pub in_both: u64,
    /// The differences by cause, largest first.
    pub causes: Vec<DifferenceCause>,
    pub people: Vec<DifferentPerson>,
    /// People that differ and are not in `people`.
    pub left_off: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DifferenceCause {
    /// `first`: only there; `second`: only there; `coded`: in both under different codes.
    pub side: String,
    /// `position`: a fact between the two; `definition`: the definitions count them differently.
    pub cause: String,
    /// The discrepancy that names them, by its code, when there is one.
    pub discrepancy: Option<String>,
    pub people: u64,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DifferentPerson {
    pub person: String,
    pub side: String,
    pub cause: String,
    /// The fact that made the difference, or the last of their custody.
    pub fact: Option<FactLine>,
    /// Ids of the discrepancies that name them.
    pub discrepancies: Vec<String>,
    pub first_codes: Vec<String>,
    pub second_codes: Vec<String>,
}
