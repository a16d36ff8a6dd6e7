//! One convoy or flight.

use super::{DiscrepancyLine, FactLine, MovementLine};
use serde::Serialize;
use utoipa::ToSchema;

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
    /// People on the list whom the officer may not see.
    pub withheld: u32,
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
