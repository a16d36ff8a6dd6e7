//! People by number, and everything the record holds about one of them.

use super::{DiscrepancyLine, FactLine};
use serde::Serialize;
use utoipa::ToSchema;

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

/// Who answers for a person, with proof.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonCustody {
    pub person: String,
    /// Facts in the record when this was read.
    pub position: u64,
    pub custody: CustodyNow,
    /// SHA-256 of the signed fact that says so, hexadecimal; absent before anybody answers.
    pub fact: Option<String>,
    /// That fact's receipt, a C2SP tlog-proof; absent while no published head covers the fact. The
    /// fact's bytes are in it unless they name people who are not shown.
    pub proof: Option<String>,
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
