//! `muster-v1`: the problem as a JSON file.
//!
//! `facilities[].intake`, `origins[].out_limit` and `origins[].bays` may be one number for every
//! night or a list with one number for each night. Unknown fields are let through (instances
//! carry notes such as `weather` or `hosts`), unknown references are not.

mod read;
mod shape;
mod write;

use shape::ProblemFile;

use super::Problem;

/// Why a file is not a problem that can be planned.
#[derive(Debug, thiserror::Error)]
pub enum ProblemError {
    /// Not JSON, or a field has another shape; the sentence ends with line and column.
    #[error("cannot read the problem: {0}")]
    Syntax(#[source] serde_json::Error),
    /// Well-formed, but one entry cannot be right.
    #[error("{place}: {what}")]
    Invalid { place: String, what: String },
}

impl Problem {
    /// Reads `muster-v1`.
    ///
    /// # Errors
    /// [`ProblemError::Syntax`] with line and column, or [`ProblemError::Invalid`] naming the entry.
    pub fn from_json(text: &str) -> Result<Self, ProblemError> {
        let file: ProblemFile = serde_json::from_str(text).map_err(ProblemError::Syntax)?;
        file.checked()
    }

    /// Writes `muster-v1`; what is the same every night is written as one number.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&ProblemFile::from(self)).unwrap_or_default()
    }
}
