//! `amana-plan-v1`: the plan as an immutable document, complete enough to be carried out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ClassPlan, Convoy, Cost, Housing, Load, LoadedVehicle, PlanError, Reposition, Sortie};

/// One revision of the plan of an operation. Solving makes one, adopting it is somebody's act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanDocument {
    /// Always `amana-plan-v1`.
    pub format: String,
    pub operation: String,
    pub revision: u32,
    /// Content hash of the plan this one replaces, as the caller hashes [`Self::canonical_bytes`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Digest of the problem it was made for, as the caller makes it of `Problem::to_json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Why this revision was made, in words.
    pub why: String,
    /// What a revision knew of what went before; a first plan has nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    pub seed: u64,
    pub limits: Limits,
    /// Version of the planner that made it.
    pub version: String,
    pub nights: usize,
    pub cost: Cost,
    /// Sum of `cost`, units.
    pub total: i64,
    /// No plan for the same problem can cost less, units; proven by `certificate`.
    pub bound: i64,
    /// `(total - bound) / total` in hundredths of a percent, rounded up.
    pub gap_basis_points: i64,
    /// Digest of the certificate, as the caller makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// By night, then by number within the night.
    pub movements: Vec<PlanMovement>,
    pub repositions: Vec<NamedReposition>,
    pub housing: Vec<Housing>,
    /// Person number to wing.
    pub beds: BTreeMap<String, Bed>,
    pub unplaced: Vec<Unplaced>,
    /// Wishes and rules about persons that this plan does not meet, each with its reason.
    pub unmet: Vec<Unmet>,
}

/// What a revision stands on, so that it can be judged again: movements of nights before `night`
/// are those carried out, with those admitted from them and their beds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// The first night that could still change.
    pub night: usize,
    /// Date of the evening whose knowledge it uses, `YYYY-MM-DD`.
    pub known_on: String,
    /// People who, as known then, would not move: a gate failed, custody ended.
    pub staying: Vec<String>,
}

/// What the search was given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Milliseconds of search; 0 when only iterations limited it.
    pub time_ms: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iterations: Option<u64>,
    pub threads: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MovementKind {
    Convoy,
    Flight,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanMovement {
    /// Counted from 1 within the night.
    pub number: u32,
    /// Counted from 0.
    pub night: usize,
    pub kind: MovementKind,
    pub route: String,
    /// Which of the night's orbits covers it, from 0; flights have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orbit: Option<usize>,
    pub vehicles: Vec<PlanVehicle>,
    /// Escort teams by name.
    pub teams: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanVehicle {
    pub id: String,
    /// Vehicle type; `aircraft` for a flight.
    #[serde(rename = "type")]
    pub vehicle_type: String,
    pub load: Load,
    /// Person numbers; empty when the plan was made for classes only.
    pub persons: Vec<String>,
}

/// Vehicles by name, driven empty to another depot; there for the next night.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedReposition {
    pub night: usize,
    pub from: String,
    pub to: String,
    #[serde(rename = "type")]
    pub vehicle_type: String,
    pub vehicles: Vec<String>,
}

/// Wing id.
pub type Bed = String;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unplaced {
    pub person: String,
    pub reason: String,
}

/// A wish or rule about persons that the plan does not meet, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmet {
    pub kind: UnmetKind,
    /// Person numbers, in order.
    pub persons: Vec<String>,
    /// Vehicle, wing or group where it shows.
    pub place: String,
    /// Why, and what would help.
    pub reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnmetKind {
    KeepApartVehicle,
    KeepApartConvoy,
    RiskGathered,
    KeepApartWing,
    UnderAgeWithAdults,
    TogetherSplit,
}

impl PlanDocument {
    pub const FORMAT: &'static str = "amana-plan-v1";

    /// Reads `amana-plan-v1`.
    ///
    /// # Errors
    /// When the text is not JSON of this shape, with line and column.
    pub fn from_json(text: &str) -> Result<Self, PlanError> {
        Ok(serde_json::from_str(text)?)
    }

    /// The bytes to hash and to keep: compact JSON, fields in the order of this type, maps by key.
    /// Equal documents have equal bytes.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The class-level plan inside, for the checker and for re-planning.
    pub fn class_plan(&self) -> ClassPlan {
        let mut plan = ClassPlan { housing: self.housing.clone(), ..ClassPlan::default() };
        for m in &self.movements {
            let (night, route) = (m.night as i64, m.route.clone());
            match m.kind {
                MovementKind::Flight => plan.sorties.push(Sortie {
                    night,
                    route,
                    load: m.vehicles.iter().flat_map(|v| v.load.clone()).collect(),
                }),
                MovementKind::Convoy => plan.convoys.push(Convoy {
                    night,
                    route,
                    orbit: m.orbit.map_or(-1, |o| o as i64),
                    vehicles: (m.vehicles.iter())
                        .map(|v| LoadedVehicle {
                            vehicle_type: v.vehicle_type.clone(),
                            load: v.load.clone(),
                        })
                        .collect(),
                }),
            }
        }
        for r in &self.repositions {
            plan.repositions.push(Reposition {
                night: r.night as i64,
                from: r.from.clone(),
                to: r.to.clone(),
                vehicle_type: r.vehicle_type.clone(),
                count: r.vehicles.len() as i64,
            });
        }
        plan
    }
}

/// `(total - bound) / total` in hundredths of a percent, rounded up; 0 when nothing is to pay.
pub fn gap_basis_points(total: i64, bound: i64) -> i64 {
    if total <= 0 { 0 } else { ((total - bound).max(0) * 10_000 + total - 1) / total }
}
