//! One person put on one night by one way, and what the plan is then.

use super::Refusal;
use crate::plan::{ClassPlan, Convoy, Housing, LoadedVehicle, Sortie};
use crate::problem::Problem;

/// How one more person could go. Positions of convoys, vehicles and sorties are the plan's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Seat {
        convoy: usize,
        vehicle: usize,
    },
    FlightSeat {
        sortie: usize,
    },
    /// One more vehicle in a convoy that goes.
    Vehicle {
        convoy: usize,
        kind: usize,
    },
    /// One more convoy of one vehicle.
    Convoy {
        route: usize,
        kind: usize,
        orbit: i64,
    },
    Flight {
        route: usize,
    },
}

/// A way on a night with a bed at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub night: usize,
    pub way: Way,
    pub wing: usize,
    /// Every rule that refuses it, in order; none when the seat is there.
    pub refusals: Vec<Refusal>,
}

impl Attempt {
    /// `base` with one more person of `class` by this way, whatever the rules say.
    pub fn apply(&self, problem: &Problem, base: &ClassPlan, class: usize) -> ClassPlan {
        let p = problem;
        let id = &p.classes[class].id;
        let alone = || [(id.clone(), 1)].into();
        let vehicle = |kind: usize| LoadedVehicle {
            vehicle_type: p.vehicle_types[kind].id.clone(),
            load: alone(),
        };
        let mut plan = base.clone();
        let night = self.night as i64;
        match self.way {
            Way::Seat { convoy, vehicle } => {
                let load = &mut plan.convoys[convoy].vehicles[vehicle].load;
                *load.entry(id.clone()).or_insert(0) += 1;
            }
            Way::FlightSeat { sortie } => {
                *plan.sorties[sortie].load.entry(id.clone()).or_insert(0) += 1;
            }
            Way::Vehicle { convoy, kind } => plan.convoys[convoy].vehicles.push(vehicle(kind)),
            Way::Convoy { route, kind, orbit } => plan.convoys.push(Convoy {
                night,
                route: p.routes[route].id.clone(),
                orbit,
                vehicles: vec![vehicle(kind)],
            }),
            Way::Flight { route } => {
                let route = p.routes[route].id.clone();
                plan.sorties.push(Sortie { night, route, load: alone() });
            }
        }
        let wing = &p.wings[self.wing].id;
        match plan.housing.iter_mut().find(|h| h.class == *id && h.wing == *wing) {
            Some(h) => h.count += 1,
            None => {
                plan.housing.push(Housing { class: id.clone(), wing: wing.clone(), count: 1 });
            }
        }
        plan
    }

    /// The way in words.
    pub fn words(&self, problem: &Problem, base: &ClassPlan) -> String {
        let p = problem;
        let kind = |k: usize| &p.vehicle_types[k].id;
        match self.way {
            Way::Seat { convoy, vehicle } => {
                let c = &base.convoys[convoy];
                format!("a seat in a {} on {}", c.vehicles[vehicle].vehicle_type, c.route)
            }
            Way::FlightSeat { sortie } => {
                format!("a seat on the flight of {}", base.sorties[sortie].route)
            }
            Way::Vehicle { convoy, kind: k } => {
                format!("one more {} in the convoy on {}", kind(k), base.convoys[convoy].route)
            }
            Way::Convoy { route, kind: k, .. } => {
                format!("one more convoy on {}, a {}", p.routes[route].id, kind(k))
            }
            Way::Flight { route } => format!("one more flight on {}", p.routes[route].id),
        }
    }
}
