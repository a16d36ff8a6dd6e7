//! The parties of an operation, played: each signs with its own device what it would sign, when it
//! would sign it, with the published troubles among it. Pure: facts come out, nobody sends them.
//!
//! It cannot tell what becomes of its facts: it keeps a record of its own and never looks at a
//! store. The same scenario, cohort, seed and plans give the same bytes.

mod agenda;
mod cast;
mod counting;
mod journey;
mod keys;
mod notices;
mod opening;
mod play;
mod reception;
mod weather_gate;

pub use cast::{Cast, MissingPart, Signatory};
pub use keys::{draw as exercise_draw, key as exercise_key};
pub use play::{Act, Beginning, CarriedOut, CarriedVehicle, PlanRequest, Planner, Play};
