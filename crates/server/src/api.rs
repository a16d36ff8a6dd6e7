//! The shapes that leave the server: `/api/v1`, described by `docs/api/openapi.json`.
//!
//! Identifiers are text as `domain::ids` writes them. Instants are RFC 3339 in UTC, nights are
//! dates (`2026-01-21` is the night that begins that evening), positions count facts from 1.

mod account;
mod sheet;

pub use account::*;
use serde::{Deserialize, Serialize};
pub use sheet::*;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One text in the three languages of the room.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Text {
    pub en: String,
    pub ar: String,
    /// Central Kurdish (Sorani).
    pub ckb: String,
}

/// What does not change while an operation runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Operation {
    pub id: String,
    pub names: Text,
    /// Who ordered it and the legal basis as claimed; the code decides neither.
    pub mandate: String,
    /// People the operation is mandated for.
    pub cohort: u32,
    /// Evenings, in order.
    pub nights: Vec<String>,
    /// Local time less UTC, in seconds.
    pub utc_offset_s: i32,
    pub authorities: Vec<Authority>,
    pub sites: Vec<Site>,
    pub legs: Vec<Leg>,
    pub published: Vec<Published>,
    /// Whether this is an exercise on invented people, with a clock that can be driven.
    pub exercise: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Authority {
    pub id: String,
    pub names: Text,
    pub kind: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Site {
    pub id: String,
    pub names: Text,
    /// prison, camp, staging, airfield, crossing
    pub kind: String,
    /// origin, destination, way or context
    pub part: String,
    pub authority: Option<String>,
    pub lat: f64,
    pub lon: f64,
    pub units: Vec<Unit>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Unit {
    /// `site/unit`.
    pub id: String,
    /// low, medium or high
    pub rating: String,
    /// Places.
    pub capacity: u32,
    pub medical: bool,
    pub juvenile: bool,
}

/// A stretch of road or air. Schematic, not for navigation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Leg {
    pub id: String,
    pub from: String,
    pub to: String,
    /// road or air
    pub kind: String,
    /// Longitude and latitude, in order.
    pub line: Vec<[f64; 2]>,
}

/// A figure somebody published, with who said it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Published {
    pub date: String,
    pub subject: String,
    pub low: u32,
    /// Equal to `low` when one number was published.
    pub high: u32,
    pub who: String,
    pub source: String,
}

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

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitOccupancy {
    pub unit: String,
    pub held: u32,
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
    pub reasons: Vec<String>,
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

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MovementDetail {
    pub line: MovementLine,
    pub vehicles: Vec<VehicleLoad>,
    /// The movement's facts in order of the field's time.
    pub facts: Vec<FactLine>,
    pub discrepancies: Vec<DiscrepancyLine>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VehicleLoad {
    pub vehicle: String,
    pub people: Vec<Passenger>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Passenger {
    pub person: String,
    pub boarded: bool,
    /// accepted, refused or not-present, once the receiver at the destination answered
    pub answer: Option<String>,
    /// Code of the refusal's reason.
    pub reason: Option<String>,
}

/// A fact in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FactLine {
    pub hash: String,
    pub position: u64,
    pub kind: String,
    pub occurred_at: String,
    pub recorded_at: String,
    pub authority: String,
    pub role: String,
    pub officer: u32,
    /// People it speaks of.
    pub people: u32,
    /// The fields that tell it apart, by name, as text; no particulars.
    pub says: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PeoplePage {
    pub total: u32,
    pub people: Vec<PersonLine>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PersonLine {
    pub person: String,
    pub custody: CustodyNow,
    pub cleared: bool,
    pub open_discrepancies: u32,
    /// Night of the plan in force, while the person has not moved.
    pub planned_night: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustodyNow {
    /// outside, held, offered or ended
    pub state: String,
    /// Who answers now.
    pub authority: Option<String>,
    /// A unit `site/unit`, or a movement and vehicle.
    pub place: Option<String>,
    pub site: Option<String>,
    pub movement: Option<String>,
    /// Asked and not yet answered.
    pub offered_to: Option<String>,
    pub contested: bool,
    /// Code of the reason custody ended.
    pub ended: Option<String>,
}

/// Everything the record holds about one person; names are apart, under `particulars`.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonDetail {
    pub person: String,
    pub custody: CustodyNow,
    pub gates: Vec<GateLine>,
    /// Custody, first fact to last.
    pub chain: Vec<ChainLink>,
    /// Facts that are kept but did not move custody: misfits, parked, set aside, branches.
    pub beside: Vec<BesideLine>,
    /// Other facts that name the person.
    pub mentions: Vec<FactLine>,
    pub discrepancies: Vec<DiscrepancyLine>,
    /// What the plan in force gives a person who has not moved.
    pub plan: Option<PersonPlan>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PersonPlan {
    pub movement: Option<String>,
    pub vehicle: Option<String>,
    pub unit: Option<String>,
    /// Why the plan gives no place.
    pub unplaced: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GateLine {
    pub gate: String,
    /// pending, passed, failed or overridden
    pub state: String,
    pub basis: Option<String>,
    pub decided_at: Option<String>,
    pub fact: Option<String>,
}

/// One link of the custody chain. A handover is two: the giver's signature and the receiver's.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChainLink {
    pub fact: FactLine,
    /// registered, boarded, offered, accepted, refused, not-present, placed, ...
    pub step: String,
    pub after: CustodyNow,
    pub signature: Signature,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Signature {
    /// SHA-256 of the device's public key, hexadecimal.
    pub device: String,
    pub sequence: u64,
    /// First 16 hexadecimal digits of the Ed25519 signature; the whole is in the entry.
    pub short: String,
    /// Whether it verified when this answer was made.
    pub valid: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BesideLine {
    pub fact: FactLine,
    /// misfit, parked, set-aside or branch
    pub how: String,
    pub why: Option<String>,
}

/// The register's data about a person. Invented in an exercise.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Particulars {
    pub person: String,
    pub name_ar: String,
    pub name_latin: String,
    pub mother_ar: String,
    pub mother_latin: String,
    /// A year, or a date when known.
    pub born: String,
    pub recorded_age: u32,
    pub age_basis: String,
    pub nationality_claimed: String,
    pub nationality_documented: Option<String>,
    pub nationality_verified: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DiscrepancyLine {
    /// `code:fact-hash`
    pub id: String,
    pub code: String,
    pub fact: FactLine,
    pub people: Vec<String>,
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

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Figures {
    pub position: u64,
    pub root: String,
    pub at: String,
    pub figures: Vec<Figure>,
}

/// A number with its definition, at a stated position of the record.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Figure {
    /// As `admitted@1`.
    pub definition: String,
    pub title: Text,
    /// The definition in a sentence.
    pub text: Text,
    pub value: u32,
    /// Parts of the value by key (a nationality code, a reason), largest first.
    pub parts: Vec<Part>,
    pub published: Vec<Published>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Part {
    pub key: String,
    pub value: u32,
}

/// The plan in force and those before it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanView {
    pub revisions: Vec<PlanRevision>,
    /// Why people have no place, with how many.
    pub unplaced: Vec<Part>,
    /// Class-level units by what they are spent on, largest first.
    pub cost_parts: Vec<Part>,
    /// What one more of a scarce thing would be worth, from the relaxation.
    pub prices: Vec<Price>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlanRevision {
    pub plan: String,
    pub revision: u32,
    pub parent: Option<String>,
    pub why: String,
    pub adopted_at: String,
    pub people: u32,
    pub movements: u32,
    /// Integer units, 100 = one person waiting one night.
    pub cost: i64,
    pub bound: i64,
    /// (cost - bound) / cost.
    pub gap: f64,
    /// People whose night differs from the parent's.
    pub changed: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Price {
    pub what: String,
    pub r#where: String,
    pub night: Option<String>,
    /// Units per one more.
    pub units: f64,
}

/// What the plan in force uses of what there is, by night, and what holds people back.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct PlanResources {
    /// Hash of the plan; empty when none is in force or its problem is not kept here.
    pub plan: String,
    /// Dates, in order; the lists of each row follow them.
    pub nights: Vec<String>,
    /// The first night that the plan could still change, as a position in `nights`.
    pub from: u32,
    pub rows: Vec<ResourceRow>,
    /// From `from` on, the most person-nights first.
    pub holding: Vec<HeldBack>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ResourceRow {
    /// As a price's, or `half-hour` (of cover).
    pub what: String,
    pub r#where: String,
    pub used: Vec<i64>,
    pub available: Vec<i64>,
}

/// Person-nights that one cause holds back people whose gates are passed. A night counts for each of
/// its causes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HeldBack {
    pub what: String,
    pub r#where: String,
    /// Vehicle type; empty for what is not about one.
    pub vehicle: String,
    /// Code of the rule that refuses; none where a seat could be had.
    pub rule: Option<String>,
    pub person_nights: i64,
    pub nights: u32,
}

/// Changes to try, each as `amana plan whatif` takes it. Nothing is adopted.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct WhatIfAsked {
    #[serde(default)]
    pub add: Vec<String>,
    #[serde(default)]
    pub lose: Vec<String>,
    #[serde(default)]
    pub intake: Vec<String>,
    /// Of search for each side, 0.2 to 10; 3 when not given.
    pub seconds: Option<f64>,
}

/// The plan in force, searched on, beside the plan of the changed problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhatIf {
    pub plan: String,
    /// The changes as understood, in words.
    pub changes: Vec<String>,
    pub base: WhatIfSide,
    pub changed: WhatIfSide,
    pub moves: WhatIfMoves,
    /// `better` or `worse` when the bounds prove it, else `open`.
    pub certain: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WhatIfSide {
    pub cost: i64,
    pub bound: i64,
    pub gap: f64,
    pub left_behind: i64,
    pub last_night: Option<String>,
    pub waiting_person_nights: i64,
    pub movements: u32,
    /// People who leave, by night.
    pub leaving: Vec<i64>,
}

/// People by what the change does to their night, counted within each class.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhatIfMoves {
    pub earlier: i64,
    pub later: i64,
    pub newly_moved: i64,
    pub newly_left: i64,
    pub unchanged: i64,
}

/// The exercise clock.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Play {
    pub at: String,
    pub paused: bool,
    /// Operation seconds per real second.
    pub speed: f64,
    pub done: bool,
    /// Why the exercise stopped before its end.
    pub failed: Option<String>,
    /// What is being done now (as `replanning`), when it takes a moment.
    pub busy: Option<String>,
    /// Facts signed and facts to come in the part written so far.
    pub signed: u64,
}

/// A change to the exercise clock; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PlayChange {
    pub paused: Option<bool>,
    /// 1 to 1,000,000 operation seconds per real second.
    pub speed: Option<f64>,
    /// Go on to the next `fact` or `night`, then pause.
    pub step: Option<Step>,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    Fact,
    Night,
}

/// A signed fact for senders that speak JSON only.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewFact {
    /// The signed bytes (COSE_Sign1), base64 with padding.
    pub entry: String,
}

/// What the server answers when a fact is in the record.
#[derive(Debug, Serialize, ToSchema)]
pub struct Receipt {
    pub hash: String,
    pub position: u64,
    /// The same bytes were here before.
    pub already: bool,
}

/// A fact with everything needed to check it elsewhere.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactDetail {
    pub fact: FactLine,
    pub people: Vec<String>,
    pub device: String,
    pub sequence: u64,
    pub previous: Option<String>,
    pub clock_error_s: u32,
    /// The signed bytes (COSE_Sign1), base64.
    pub entry: String,
    /// Index in the tree (position less one), and the proof from leaf to root, hexadecimal.
    pub index: u64,
    pub proof: Vec<String>,
    pub tree_size: u64,
    pub root: String,
}

/// Sent on `/api/v1/feed` as event `head` whenever the record or the clock moved.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Head {
    pub position: u64,
    pub at: String,
    pub play: Option<Play>,
}

/// RFC 9457 problem details with a stable code, listed in `docs/codes.md`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    pub code: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    /// What the person at the desk does next.
    pub next: String,
}
