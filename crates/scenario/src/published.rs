//! What was published, by whom (`published.csv`). Nothing here was computed.

use jiff::civil::Date;

/// One published figure. `low` equals `high` where a single number was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedFigure {
    pub date: Date,
    /// What was counted, as `moved-cumulative`, `arrived`, `nationality:IQ`, `escaped`.
    pub subject: String,
    pub low: u32,
    pub high: u32,
    pub said_by: String,
    pub source: String,
    /// Empty when there is nothing to add.
    pub note: String,
}
