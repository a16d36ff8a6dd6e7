//! Where the plan in force has everybody, so that a revision moves as few as it can.

use std::collections::{BTreeMap, HashMap};

use super::hall::{Cabin, Rider};
use crate::plan::{MovementKind, PlanDocument};
use crate::problem::Problem;

/// Weight of what changes for a person; only comparisons matter. Below any rule's weight.
const NIGHT: i64 = 40;
const STAYS: i64 = 60;
const MOVEMENT: i64 = 5;
const VEHICLE: i64 = 3;
const WING: i64 = 1;

/// A place in the plan in force. Convoys of one route and night are told apart by their order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Spot {
    night: i64,
    route: String,
    flight: bool,
    order: usize,
    vehicle: usize,
}

/// Seats and wings by person, as the plan in force has them.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    seats: BTreeMap<String, Spot>,
    wings: BTreeMap<String, String>,
}

impl Memory {
    pub fn of(plan: &PlanDocument) -> Self {
        let mut seats = BTreeMap::new();
        let mut sent: HashMap<(usize, &str, bool), usize> = HashMap::new();
        for m in &plan.movements {
            let flight = m.kind == MovementKind::Flight;
            let order = sent.entry((m.night, &m.route, flight)).or_insert(0);
            for (vehicle, v) in m.vehicles.iter().enumerate() {
                let (night, route) = (m.night as i64, m.route.clone());
                let spot = Spot { night, route, flight, order: *order, vehicle };
                seats.extend(v.persons.iter().map(|p| (p.clone(), spot.clone())));
            }
            *order += 1;
        }
        Self { seats, wings: plan.beds.clone() }
    }

    /// What each rider remembers, in terms of the new plan's cabins and wings.
    pub(super) fn remind(&self, problem: &Problem, riders: &mut [Rider], cabins: &[Cabin]) {
        let spots: HashMap<Spot, usize> = spots(problem, cabins);
        let wings: HashMap<&str, usize> =
            problem.wings.iter().enumerate().map(|(w, wing)| (wing.id.as_str(), w)).collect();
        for rider in riders.iter_mut() {
            let number = &rider.traveller.number;
            let Some(spot) = self.seats.get(number) else { continue };
            let cabin = spots.get(spot).copied();
            rider.was = Some(Was {
                night: spot.night,
                movement: cabin.map(|c| cabins[c].movement),
                cabin,
                wing: self.wings.get(number).and_then(|w| wings.get(w.as_str()).copied()),
            });
        }
    }
}

/// The new plan's cabins by the names the plan in force would give them.
fn spots(problem: &Problem, cabins: &[Cabin]) -> HashMap<Spot, usize> {
    let mut order: HashMap<usize, usize> = HashMap::new();
    let mut sent: HashMap<(i64, usize, bool), usize> = HashMap::new();
    let mut vehicles: HashMap<usize, usize> = HashMap::new();
    let mut spots = HashMap::new();
    for (c, cabin) in cabins.iter().enumerate() {
        let order = *order.entry(cabin.movement).or_insert_with(|| {
            let next = sent.entry((cabin.night, cabin.route, cabin.flight)).or_insert(0);
            *next += 1;
            *next - 1
        });
        let vehicle = vehicles.entry(cabin.movement).or_insert(0);
        let route = problem.routes[cabin.route].id.clone();
        let (night, flight) = (cabin.night, cabin.flight);
        spots.insert(Spot { night, route, flight, order, vehicle: *vehicle }, c);
        *vehicle += 1;
    }
    spots
}

/// Where the plan in force has somebody; movement and cabin when the new plan has their like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Was {
    pub night: i64,
    pub movement: Option<usize>,
    pub cabin: Option<usize>,
    pub wing: Option<usize>,
}

impl Was {
    /// What a place changes for whoever was here; `None` is staying behind.
    pub fn change(&self, place: Option<(&Cabin, usize, usize)>) -> i64 {
        let Some((cabin, at, wing)) = place else { return STAYS };
        let bed = if self.wing == Some(wing) { 0 } else { WING };
        if self.cabin == Some(at) {
            bed
        } else if cabin.night != self.night {
            NIGHT + bed
        } else if self.movement != Some(cabin.movement) {
            MOVEMENT + bed
        } else {
            VEHICLE + bed
        }
    }
}
