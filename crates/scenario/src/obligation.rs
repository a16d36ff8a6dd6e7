//! The duties an operation holds itself to (`obligations.toml`): law as data, each with its source.

use crate::text::Text;
use domain::code;
use domain::obligation::ObligationRule;

/// A duty with what a reader needs beside the rule itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Obligation {
    pub rule: ObligationRule,
    /// What must be done, in one sentence.
    pub text: Text,
    /// Treaty, article, standard.
    pub source: String,
    /// Where the hours come from.
    pub deadline: Deadline,
}

code!(
    /// Whether the source itself names the hours.
    Deadline {
        /// The source says so many hours or days.
        Source = "source",
        /// The source says "promptly" or the like; the hours are an assumption of this file.
        Assumption = "assumption",
    }
);
