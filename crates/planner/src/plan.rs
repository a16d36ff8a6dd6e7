//! A class-level plan: what moves on which night, with whom aboard counted by class.
//!
//! It names everything by id, as the file form `muster-plan-v1` does, so that a plan made by hand
//! or by another program can be read and judged before anyone trusts its references.

mod compose;
mod document;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use compose::Heading;
pub use document::{
    Bed, Limits, MovementKind, NamedReposition, PlanDocument, PlanMovement, PlanVehicle, Since,
    Unmet, UnmetKind, Unplaced, gap_basis_points,
};

use crate::problem::Problem;

/// People by class id.
pub type Load = BTreeMap<String, i64>;

/// The plan of a class-level [`Problem`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassPlan {
    pub convoys: Vec<Convoy>,
    pub sorties: Vec<Sortie>,
    pub repositions: Vec<Reposition>,
    /// Where those who moved live at the end.
    pub housing: Vec<Housing>,
}

/// Vehicles of one route under one orbit, in one night.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Convoy {
    pub night: i64,
    pub route: String,
    /// Which of the night's orbits covers it, counted from 0.
    pub orbit: i64,
    pub vehicles: Vec<LoadedVehicle>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadedVehicle {
    #[serde(rename = "type")]
    pub vehicle_type: String,
    pub load: Load,
}

/// One flight with people aboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sortie {
    pub night: i64,
    pub route: String,
    pub load: Load,
}

/// Empty vehicles driven to another depot; they are there for the next night.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reposition {
    pub night: i64,
    pub from: String,
    pub to: String,
    #[serde(rename = "type")]
    pub vehicle_type: String,
    pub count: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Housing {
    pub class: String,
    pub wing: String,
    pub count: i64,
}

/// A file that is not a plan; the sentence ends with line and column.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the plan: {0}")]
pub struct PlanError(#[from] serde_json::Error);

#[derive(Serialize, Deserialize)]
struct ClassPlanFile {
    #[serde(default)]
    format: String,
    #[serde(default)]
    instance: String,
    #[serde(flatten)]
    plan: ClassPlan,
}

impl ClassPlan {
    /// Reads `muster-plan-v1`; references are not looked up, the checker does that.
    ///
    /// # Errors
    /// When the text is not JSON of this shape.
    pub fn from_json(text: &str) -> Result<Self, PlanError> {
        // Read as itself, not flattened, so that an error keeps its line and column.
        Ok(serde_json::from_str(text)?)
    }

    /// Writes `muster-plan-v1` for the problem it belongs to.
    pub fn to_json(&self, problem: &Problem) -> String {
        let file = ClassPlanFile {
            format: "muster-plan-v1".to_owned(),
            instance: problem.name.clone(),
            plan: self.clone(),
        };
        serde_json::to_string(&file).unwrap_or_default()
    }

    /// People carried, all nights.
    pub fn moved(&self) -> i64 {
        let convoys = self.convoys.iter().flat_map(|c| &c.vehicles).map(|v| &v.load);
        convoys.chain(self.sorties.iter().map(|s| &s.load)).flat_map(BTreeMap::values).sum()
    }
}

/// What a plan costs, in units, by part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    pub left: i64,
    pub waiting: i64,
    pub over: i64,
    pub road: i64,
    pub vehicles: i64,
    pub teams: i64,
    pub orbits: i64,
    pub air: i64,
    pub repositions: i64,
}

impl Cost {
    pub fn total(&self) -> i64 {
        let Self { left, waiting, over, road, vehicles, teams, orbits, air, repositions } = *self;
        left + waiting + over + road + vehicles + teams + orbits + air + repositions
    }
}
