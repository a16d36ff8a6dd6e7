//! The whole operation at a position: counts, movements, nights, weather.

use super::{Text, UnitOccupancy};
use serde::Serialize;
use utoipa::ToSchema;

/// The whole operation at a position of the record.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Picture {
    pub position: u64,
    /// Root of the record's Merkle tree at that position, hexadecimal.
    pub root: String,
    /// The operation's clock.
    pub at: String,
    /// The night under way or, by day, the coming one.
    pub night: Option<String>,
    pub totals: Totals,
    pub sites: Vec<Occupancy>,
    /// The movements of `night`.
    pub movements: Vec<MovementLine>,
    pub cover: Option<Cover>,
    pub weather: Vec<Weather>,
}

#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Totals {
    pub registered: u32,
    /// Every gate open.
    pub cleared: u32,
    /// Handed by the registering authority to an escort.
    pub departed: u32,
    pub in_transit: u32,
    /// Accepted by a receiving authority and placed in one of its units.
    pub admitted: u32,
    /// Custody ended: released, died, deported, escaped, closed as registered twice.
    pub ended: u32,
    pub contested: u32,
    pub open_discrepancies: u32,
    /// Whether the books balance at this position.
    pub balanced: bool,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Occupancy {
    pub site: String,
    /// People the books hold there, in units.
    pub held: u32,
    pub capacity: u32,
    /// Receiving sites: people promised for `Picture::night`, as now known.
    pub promise: Option<u32>,
    pub units: Vec<UnitOccupancy>,
    pub open_discrepancies: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MovementStatus {
    Planned,
    ManifestFrozen,
    Boarding,
    UnderWay,
    Arrived,
    HandedOver,
    Cancelled,
}

/// A convoy or flight in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MovementLine {
    /// `2026-01-21/01`
    pub id: String,
    pub night: String,
    /// convoy or flight
    pub kind: String,
    pub from: String,
    pub to: String,
    pub status: MovementStatus,
    /// People the plan in force gives it.
    pub planned: u32,
    pub boarded: u32,
    /// Offered to the receiver at the destination, and what it answered.
    pub offered: u32,
    pub accepted: u32,
    pub vehicles: u32,
    pub legs: Vec<String>,
    /// Where it should be now: the last report carried forward at the route's pace.
    pub position: Option<[f64; 2]>,
    /// 0 at departure, 1 on arrival.
    pub progress: f64,
    pub last_report: Option<Report>,
    pub departed_at: Option<String>,
    pub arrived_at: Option<String>,
    /// Code of the reason, when cancelled.
    pub cancelled: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Report {
    pub waypoint: String,
    pub names: Option<Text>,
    pub at: String,
    pub aboard: Option<u32>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Cover {
    pub night: String,
    /// planned, stands or withdrawn
    pub decision: String,
    pub orbits: u32,
    /// Half-hour slots per orbit.
    pub slots: u32,
    /// First and last instant on station.
    pub from: String,
    pub to: String,
    pub decided_at: Option<String>,
    pub decided_by: Option<String>,
    /// Raw reports the decision rests on.
    pub reports: Vec<String>,
}

/// The latest report of a station, judged against the operation's minima. It shows; a person
/// decides.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Weather {
    pub station: String,
    pub raw: String,
    pub observed_at: String,
    /// met, not-met or unusable
    pub verdict: String,
    /// What speaks against flying, or everything when nothing does.
    pub reasons: Vec<WeatherReason>,
}

/// What one limit makes of one part of a report.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WeatherReason {
    /// within, beyond, noted (disregarded as transient) or undecided
    pub outcome: String,
    pub remark: super::Remark,
    /// The group as coded, where one gives it.
    pub group: Option<String>,
    /// The trend that it is in, by its indicator; absent of the observation itself.
    pub trend: Option<String>,
}

/// One night of the timeline: planned against done.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NightLine {
    pub night: String,
    /// People by the plan in force.
    pub planned: u32,
    /// People by the first plan adopted.
    pub first_planned: u32,
    pub departed: u32,
    pub admitted: u32,
    /// Sum of the receivers' promises as known when the night began, or as known now.
    pub promised: u32,
    pub cover: Option<Cover>,
    /// Code of the reason, when nothing could move.
    pub lost: Option<String>,
    pub movements: Vec<MovementLine>,
}
