//! Which physical vehicle and which escort team goes with each movement.
//!
//! Vehicles are named after the depot and type they start at (`hasakah-bus-03`), teams after their
//! depot (`hasakah-team-07`). Whoever has rested longest goes next. Nobody is used twice while
//! away, so the crew room need not choose.

use std::collections::BTreeSet;

use crate::plan::ClassPlan;
use crate::problem::Problem;
use crate::problem::slug::{team_name, vehicle_name};

/// Names, in the order of the class plan's lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// For each convoy, a vehicle for each of its vehicles.
    pub convoys: Vec<Vec<String>>,
    pub convoy_teams: Vec<Vec<String>>,
    /// For each sortie.
    pub sortie_teams: Vec<Vec<String>>,
    /// For each reposition, the vehicles that change depot.
    pub repositions: Vec<Vec<String>>,
}

#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    #[error("cannot name vehicles or teams on a plan that breaks rule {code} ({place})")]
    Plan { code: &'static str, place: String },
    #[error("night {night}: no {what} is free at {depot}")]
    NobodyFree { night: usize, what: String, depot: String },
}

/// Somebody or something that is back from `free_from` on, and last went out on `last`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Spare {
    last: i64,
    name: String,
    free_from: usize,
}

/// Takes `n` of the spares that are free tonight, longest rested first.
fn take(pool: &mut BTreeSet<Spare>, night: usize, n: usize) -> Option<Vec<String>> {
    let free: Vec<Spare> = pool.iter().filter(|s| s.free_from <= night).take(n).cloned().collect();
    if free.len() < n {
        return None;
    }
    for spare in &free {
        pool.remove(spare);
    }
    Some(free.into_iter().map(|s| s.name).collect())
}

fn put(pool: &mut BTreeSet<Spare>, names: &[String], night: usize, free_from: usize) {
    pool.extend(names.iter().map(|name| Spare {
        last: night as i64,
        name: name.clone(),
        free_from,
    }));
}

struct Pools<'p> {
    problem: &'p Problem,
    /// By depot, then type.
    vehicles: Vec<Vec<BTreeSet<Spare>>>,
    teams: Vec<BTreeSet<Spare>>,
}

impl<'p> Pools<'p> {
    fn new(problem: &'p Problem) -> Self {
        let fresh = |name: String| Spare { last: -1, name, free_from: 0 };
        let vehicles = (problem.depots.iter())
            .map(|d| {
                let kinds = problem.vehicle_types.iter().enumerate();
                kinds
                    .map(|(v, kind)| {
                        (1..=d.fleet[v]).map(|n| fresh(vehicle_name(&d.id, &kind.id, n))).collect()
                    })
                    .collect()
            })
            .collect();
        let teams = (problem.depots.iter())
            .map(|d| (1..=d.teams).map(|n| fresh(team_name(&d.id, n))).collect())
            .collect();
        Self { problem, vehicles, teams }
    }

    fn nobody(&self, night: usize, what: &str, depot: usize) -> RosterError {
        let depot = self.problem.depots[depot].id.clone();
        RosterError::NobodyFree { night, what: what.to_owned(), depot }
    }

    fn vehicles(
        &mut self,
        night: usize,
        from: usize,
        to: usize,
        kind: usize,
        n: usize,
        back: usize,
    ) -> Result<Vec<String>, RosterError> {
        let names = take(&mut self.vehicles[from][kind], night, n)
            .ok_or_else(|| self.nobody(night, &self.problem.vehicle_types[kind].id, from))?;
        put(&mut self.vehicles[to][kind], &names, night, back);
        Ok(names)
    }

    fn teams(&mut self, night: usize, route: usize) -> Result<Vec<String>, RosterError> {
        let r = &self.problem.routes[route];
        let depot = self.problem.home(route);
        let names = take(&mut self.teams[depot], night, r.teams.max(0) as usize)
            .ok_or_else(|| self.nobody(night, "escort team", depot))?;
        put(&mut self.teams[depot], &names, night, night + r.team_cycle);
        Ok(names)
    }
}

/// Names every vehicle and team of a plan that keeps the rules.
///
/// # Errors
/// When the plan breaks a rule, which is the only way it can be short of vehicles or teams.
pub fn roster(problem: &Problem, plan: &ClassPlan) -> Result<Roster, RosterError> {
    if let Some(b) = crate::check::check(problem, plan).broken.into_iter().next() {
        return Err(RosterError::Plan { code: b.code, place: b.place });
    }
    let mut pools = Pools::new(problem);
    let mut roster = Roster {
        convoys: vec![Vec::new(); plan.convoys.len()],
        convoy_teams: vec![Vec::new(); plan.convoys.len()],
        sortie_teams: vec![Vec::new(); plan.sorties.len()],
        repositions: vec![Vec::new(); plan.repositions.len()],
    };
    let route_of = |id: &str| problem.route_at(id).unwrap_or(0);
    let depot_of = |id: &str| problem.depot_at(id).unwrap_or(0);
    let kind_of = |id: &str| problem.kind_at(id).unwrap_or(0);
    for night in 0..problem.nights {
        for (i, c) in plan.convoys.iter().enumerate().filter(|(_, c)| c.night == night as i64) {
            let route = route_of(&c.route);
            let (home, back) = (problem.home(route), night + problem.routes[route].cycle);
            for v in &c.vehicles {
                let kind = kind_of(&v.vehicle_type);
                roster.convoys[i].extend(pools.vehicles(night, home, home, kind, 1, back)?);
            }
            roster.convoy_teams[i] = pools.teams(night, route)?;
        }
        for (i, s) in plan.sorties.iter().enumerate().filter(|(_, s)| s.night == night as i64) {
            roster.sortie_teams[i] = pools.teams(night, route_of(&s.route))?;
        }
        let tonight = plan.repositions.iter().enumerate().filter(|(_, r)| r.night == night as i64);
        for (i, r) in tonight {
            let (from, to, kind) = (depot_of(&r.from), depot_of(&r.to), kind_of(&r.vehicle_type));
            let n = r.count.max(0) as usize;
            roster.repositions[i] = pools.vehicles(night, from, to, kind, n, night + 1)?;
        }
    }
    Ok(roster)
}
