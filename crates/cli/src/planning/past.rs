//! What was carried out, in the planner's terms: movements by class, seats and beds by person.

use planner::persons::{SeatIn, Traveller};
use planner::plan::{ClassPlan, Convoy, Housing, LoadedVehicle, PlanDocument, Sortie};
use scenario::{RouteKind, Scenario};
use simulator::PlanRequest;
use std::collections::BTreeMap;

/// The nights gone by, with those who were admitted or are under way to their beds.
pub struct Past {
    pub plan: ClassPlan,
    /// Person number to seat; positions are those of `plan`.
    pub seats: BTreeMap<String, SeatIn>,
    /// Person number to wing.
    pub beds: BTreeMap<String, String>,
}

impl Past {
    /// Of what `request` says was carried out before night `from`. A vehicle that took nobody is
    /// left out, and so is a movement of such vehicles only.
    pub fn new(
        scenario: &Scenario,
        request: &PlanRequest,
        travellers: &[Traveller],
        from: usize,
    ) -> Self {
        let class_of: BTreeMap<&str, &str> =
            travellers.iter().map(|t| (t.number.as_str(), t.class.as_str())).collect();
        let mut past =
            Self { plan: ClassPlan::default(), seats: BTreeMap::new(), beds: BTreeMap::new() };
        let mut housing: BTreeMap<(String, String), i64> = BTreeMap::new();
        for carried in &request.carried_out {
            let Some(night) = scenario.operation.night_index(carried.movement.night) else {
                continue;
            };
            let air = scenario.route(&carried.route).is_some_and(|r| r.kind == RouteKind::Air);
            let (convoy, sortie) = (past.plan.convoys.len(), past.plan.sorties.len());
            let mut vehicles = Vec::new();
            for vehicle in &carried.vehicles {
                let seat = match air {
                    true => SeatIn::Aircraft { sortie },
                    false => SeatIn::Vehicle { convoy, vehicle: vehicles.len() },
                };
                let mut load = BTreeMap::new();
                for (person, unit) in &vehicle.admitted {
                    let (number, unit) = (person.to_string(), unit.to_string());
                    let Some(class) = class_of.get(number.as_str()) else { continue };
                    *load.entry(class.to_string()).or_insert(0) += 1;
                    *housing.entry((class.to_string(), unit.clone())).or_insert(0) += 1;
                    past.seats.insert(number.clone(), seat);
                    past.beds.insert(number, unit);
                }
                if !load.is_empty() {
                    vehicles.push(LoadedVehicle { vehicle_type: vehicle.kind.clone(), load });
                }
            }
            let (night, route) = (night as i64, carried.route.clone());
            if vehicles.is_empty() {
                continue;
            }
            if air {
                let load = vehicles.into_iter().flat_map(|v| v.load).collect();
                past.plan.sorties.push(Sortie { night, route, load });
            } else {
                let orbit = carried.orbit.map_or(0, |o| o as i64);
                past.plan.convoys.push(Convoy { night, route, orbit, vehicles });
            }
        }
        past.plan.housing = (housing.into_iter())
            .map(|((class, wing), count)| Housing { class, wing, count })
            .collect();
        let shifts =
            request.in_force.iter().flat_map(|plan: &PlanDocument| plan.class_plan().repositions);
        past.plan.repositions = shifts.filter(|r| r.night < from as i64).collect();
        past
    }
}
