//! What one more of a scarce thing would be worth, in the field's words.

use domain::Night;
use planner::bound::{Resource::*, ShadowPrice};
use planner::problem::Problem;
use server::api::Price;

/// A shadow price in the field's words.
pub fn price(problem: &Problem, nights: &[Night], price: &ShadowPrice) -> Price {
    let depot = |d: usize| problem.depots[d].id.clone();
    let origin = |o: usize| problem.origins[o].id.clone();
    let (what, r#where) = match price.resource {
        Vehicle { depot: d, vehicle_type } => {
            (problem.vehicle_types[vehicle_type].id.as_str(), depot(d))
        }
        EscortTeam { depot: d, .. } => ("escort-team", depot(d)),
        Guard { depot: d, .. } => ("guard", depot(d)),
        Orbit { .. } => ("orbit", String::new()),
        CrossingSlot { crossing, .. } => ("crossing-slot", problem.crossings[crossing].id.clone()),
        LoadingBay { origin: o, .. } => ("loading-bay", origin(o)),
        Sortie { .. } => ("sortie", String::new()),
        Intake { facility, .. } => ("intake", problem.facilities[facility].id.clone()),
        OutProcessing { origin: o, .. } => ("out-processing", origin(o)),
        Bed { wing } => ("bed", problem.wings[wing].id.clone()),
    };
    let night = price.resource.night().and_then(|n| nights.get(n)).map(ToString::to_string);
    let what = what.to_owned();
    Price { what, r#where, night, units: price.units }
}
