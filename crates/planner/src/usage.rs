//! What a plan uses of what there is, night by night.

use serde::Serialize;

use crate::check::case::Case;
use crate::plan::ClassPlan;
use crate::problem::Problem;

/// One limited thing at one place. `used` and `available` have an entry for each night.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Used {
    /// `half-hour`, `sortie`, `crossing-slot`, `loading-bay`, `out-processing`, `escort-team`,
    /// `guard`, `intake`, or a vehicle type's id.
    pub what: String,
    /// Id of the depot, site or crossing; empty for what is nowhere.
    pub place: String,
    pub used: Vec<i64>,
    pub available: Vec<i64>,
}

/// Everything limited by night: cover first, then crossings, depots, origins and facilities.
pub fn usage(problem: &Problem, plan: &ClassPlan) -> Vec<Used> {
    let (p, case) = (problem, Case::new(problem, plan));
    let line = |what: &str, place: &str, used: Vec<i64>, available: Vec<i64>| Used {
        what: what.to_owned(),
        place: place.to_owned(),
        used,
        available,
    };
    let half_hours = case.orbits.iter().map(|night| night.values().sum()).collect();
    let windows = p.cover.iter().map(|c| c.orbits.max(0) * c.slots.max(0)).collect();
    let mut all = vec![line("half-hour", "", half_hours, windows)];
    all.push(line("sortie", "", case.flown.clone(), p.air.sorties.clone()));
    for (b, crossing) in p.crossings.iter().enumerate() {
        let used = case.crossings[b].clone();
        all.push(line("crossing-slot", &crossing.id, used, crossing.slots.clone()));
    }
    for (d, depot) in p.depots.iter().enumerate() {
        for (v, kind) in p.vehicle_types.iter().enumerate() {
            let (away, owned) = vehicles(&case, d, v);
            all.push(line(&kind.id, &depot.id, away, owned));
        }
        let every_night = |n: i64| vec![n; p.nights];
        let teams = case.teams[d].clone();
        all.push(line("escort-team", &depot.id, teams, every_night(depot.teams)));
        let guards = case.guards[d].clone();
        all.push(line("guard", &depot.id, guards, every_night(depot.guards)));
    }
    for (o, origin) in p.origins.iter().enumerate() {
        all.push(line("loading-bay", &origin.id, case.bays[o].clone(), origin.bays.clone()));
        let out = case.out[o].clone();
        all.push(line("out-processing", &origin.id, out, origin.out_limit.clone()));
    }
    for (d, facility) in p.facilities.iter().enumerate() {
        let received = case.intake[d].clone();
        all.push(line("intake", &facility.id, received, facility.intake.clone()));
    }
    all
}

/// Vehicles of a depot that are out, and those it owns, by night.
fn vehicles(case: &Case, depot: usize, kind: usize) -> (Vec<i64>, Vec<i64>) {
    let start = case.problem.depots[depot].fleet[kind];
    let (mut there, mut owned) = (start, start);
    (0..case.problem.nights)
        .map(|t| {
            there += case.arriving[depot][kind][t] - case.leaving[depot][kind][t];
            owned += case.owned[depot][kind][t];
            (owned - there, owned)
        })
        .unzip()
}
