//! A site's book.

use super::{DiscrepancyLine, FactLine};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitOccupancy {
    pub unit: String,
    pub held: u32,
}

/// A site's book.
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteBook {
    pub site: String,
    pub held: u32,
    pub capacity: u32,
    pub came_in: u32,
    pub went_out: u32,
    pub units: Vec<UnitOccupancy>,
    /// Newest first; one line for each fact that moved somebody in or out.
    pub lines: Vec<BookLine>,
    pub musters: Vec<MusterLine>,
    pub promises: Vec<PromiseLine>,
    pub discrepancies: Vec<DiscrepancyLine>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BookLine {
    pub fact: FactLine,
    pub came_in: u32,
    pub went_out: u32,
    pub balance: u32,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MusterLine {
    pub fact: FactLine,
    /// by-name or by-number
    pub method: String,
    pub expected: u32,
    pub found: u32,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PromiseLine {
    pub night: String,
    pub people: u32,
    /// What was promised before, when it changed.
    pub before: Option<u32>,
    pub announced_at: String,
    /// People admitted in that night.
    pub used: u32,
}
