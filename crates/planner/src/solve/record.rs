//! Writes down what the decoder does, as a class plan with its cost.

use std::collections::BTreeMap;

use super::decode::{Listener, Part};
use super::model::{Groups, Model};
use super::settle::{Arrived, Housed, settle};
use crate::plan::{ClassPlan, Convoy, Cost, Housing, LoadedVehicle, Reposition, Sortie};
use crate::problem::Problem;

pub(super) struct Record<'p> {
    problem: &'p Problem,
    pub plan: ClassPlan,
    pub cost: Cost,
    /// Of those who had arrived before; and those who have arrived since.
    housing: Housed,
    arrived: Arrived,
    /// Where the convoy or aircraft that is boarded goes.
    facility: usize,
    boarding: Boarding,
}

#[derive(Clone, Copy)]
enum Boarding {
    Vehicle,
    Aircraft,
}

impl<'p> Record<'p> {
    /// `done` holds what was already carried out; its housing is given apart.
    pub fn new(problem: &'p Problem, done: ClassPlan, housing: Housed, cost: Cost) -> Self {
        let plan = ClassPlan { housing: Vec::new(), ..done };
        let (arrived, facility) = (Arrived::new(), 0);
        Self { problem, plan, cost, housing, arrived, facility, boarding: Boarding::Vehicle }
    }

    /// `free` are the beds that nobody has before, by wing.
    pub fn finish(mut self, m: &Model, hosts: &[Groups], free: &[i32]) -> (ClassPlan, Cost) {
        let p = self.problem;
        for (place, people) in settle(m, hosts, free, &self.arrived) {
            *self.housing.entry(place).or_insert(0) += people;
        }
        self.plan.housing = (self.housing.into_iter())
            .map(|((k, w), count)| Housing {
                class: p.classes[k].id.clone(),
                wing: p.wings[w].id.clone(),
                count,
            })
            .collect();
        (self.plan, self.cost)
    }
}

impl Listener for Record<'_> {
    fn convoy(&mut self, night: usize, route: usize, orbit: usize) {
        self.boarding = Boarding::Vehicle;
        self.facility = self.problem.routes[route].dest;
        self.plan.convoys.push(Convoy {
            night: night as i64,
            route: self.problem.routes[route].id.clone(),
            orbit: orbit as i64,
            vehicles: Vec::new(),
        });
    }

    fn sortie(&mut self, night: usize, route: usize) {
        self.boarding = Boarding::Aircraft;
        self.facility = self.problem.routes[route].dest;
        let route = self.problem.routes[route].id.clone();
        self.plan.sorties.push(Sortie { night: night as i64, route, load: BTreeMap::new() });
    }

    fn vehicle(&mut self, kind: usize) {
        let vehicle_type = self.problem.vehicle_types[kind].id.clone();
        if let Some(convoy) = self.plan.convoys.last_mut() {
            convoy.vehicles.push(LoadedVehicle { vehicle_type, load: BTreeMap::new() });
        }
    }

    fn board(&mut self, class: usize, people: i32) {
        *self.arrived.entry((class, self.facility)).or_insert(0) += i64::from(people);
        let plan = &mut self.plan;
        let load = match self.boarding {
            Boarding::Vehicle => plan
                .convoys
                .last_mut()
                .and_then(|c| c.vehicles.last_mut())
                .map(|vehicle| &mut vehicle.load),
            Boarding::Aircraft => plan.sorties.last_mut().map(|sortie| &mut sortie.load),
        };
        if let Some(load) = load {
            *load.entry(self.problem.classes[class].id.clone()).or_insert(0) += i64::from(people);
        }
    }

    fn reposition(&mut self, night: usize, from: usize, to: usize, kind: usize, count: i32) {
        self.plan.repositions.push(Reposition {
            night: night as i64,
            from: self.problem.depots[from].id.clone(),
            to: self.problem.depots[to].id.clone(),
            vehicle_type: self.problem.vehicle_types[kind].id.clone(),
            count: i64::from(count),
        });
    }

    fn pay(&mut self, part: Part, units: i64) {
        let sum = match part {
            Part::Left => &mut self.cost.left,
            Part::Waiting => &mut self.cost.waiting,
            Part::Over => &mut self.cost.over,
            Part::Road => &mut self.cost.road,
            Part::Vehicles => &mut self.cost.vehicles,
            Part::Teams => &mut self.cost.teams,
            Part::Orbits => &mut self.cost.orbits,
            Part::Air => &mut self.cost.air,
            Part::Repositions => &mut self.cost.repositions,
        };
        *sum += units;
    }
}
