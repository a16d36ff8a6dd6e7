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
