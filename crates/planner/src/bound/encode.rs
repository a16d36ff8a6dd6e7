//! A plan as a point of the relaxation, to hold it against every row and every cut.

use std::collections::BTreeMap;

use super::program::{Counted, Program};
use super::relaxation::{self, Alike};
use crate::plan::{ClassPlan, Load};
use crate::problem::{Health, Problem, Route};

/// The plan's point; what the plan names and the problem does not know is left out. People who are
/// never ready are not in the relaxation and cannot be in a valid plan.
pub(super) fn point(problem: &Problem, program: &Program, plan: &ClassPlan) -> Vec<i64> {
    let alike = relaxation::alike(problem);
    let mut sums = Sums { problem, alike, of: BTreeMap::new(), stretch: BTreeMap::new() };
    sums.convoys(plan);
    sums.sorties(plan);
    sums.others(plan);
    sums.stocks();
    sums.orbits(program);
    program.counted.iter().map(|c| sums.of.get(c).copied().unwrap_or(0)).collect()
}

struct Sums<'p> {
    problem: &'p Problem,
    alike: Vec<Alike>,
    of: BTreeMap<Counted, i64>,
    /// Lengths of the convoys under each night's orbits.
    stretch: BTreeMap<(usize, i64), Vec<i64>>,
}

impl Sums<'_> {
    fn add(&mut self, counted: Counted, n: i64) {
        *self.of.entry(counted).or_insert(0) += n;
    }

    /// The separation groups of a load, as bits.
    fn groups(&self, load: &Load) -> u8 {
        let classes = self.problem.classes.iter().filter(|c| load.contains_key(&c.id));
        classes.fold(0, |groups, c| groups | 1 << c.separation)
    }

    /// Counts people of a load aboard.
    fn board(&mut self, route: usize, night: usize, mode: u8, load: &Load) {
        let p = self.problem;
        for (id, &n) in load {
            let Some(class) = p.class_at(id) else { continue };
            let Some(alike) = self.alike.iter().position(|a| a.classes.contains(&class)) else {
                continue;
            };
            self.add(Counted::People { route, night, alike, mode }, n);
            self.add(Counted::Received { class, facility: p.routes[route].dest }, n);
        }
    }

    /// The first of the route's modes that has all of the groups in it.
    fn mode(&self, groups: u8, modes: impl Iterator<Item = u8>) -> u8 {
        modes.filter(|m| m & groups == groups).min().unwrap_or(groups)
    }

    fn convoys(&mut self, plan: &ClassPlan) {
        let p = self.problem;
        for convoy in &plan.convoys {
            let night = convoy.night as usize;
            let Some(route) = p.route_at(&convoy.route) else { continue };
            let mut groups = 0;
            for vehicle in &convoy.vehicles {
                groups |= self.groups(&vehicle.load);
                self.board(route, night, 0, &vehicle.load);
                let first = vehicle.load.keys().next();
                let class = first.and_then(|id| p.classes.iter().find(|c| c.id == *id));
                let kind = p.kind_at(&vehicle.vehicle_type);
                if let (Some(c), Some(kind)) = (class, kind) {
                    let group = (c.need, c.separation);
                    self.add(Counted::Vehicles { route, night, group, kind }, 1);
                }
            }
            let known = relaxation::modes(p, &self.alike, route).into_iter();
            let mode = self.mode(groups, known);
            let Route { origin, dest: facility, .. } = p.routes[route];
            self.add(Counted::Convoys { route, night, mode }, 1);
            self.add(Counted::Departing { origin, night }, 1);
            self.add(Counted::Arriving { facility, night }, 1);
            let under = self.stretch.entry((night, convoy.orbit)).or_default();
            under.push(p.routes[route].exposure);
        }
    }

    fn sorties(&mut self, plan: &ClassPlan) {
        let p = self.problem;
        for sortie in &plan.sorties {
            let night = sortie.night as usize;
            let Some(route) = p.route_at(&sortie.route) else { continue };
            let known = relaxation::modes(p, &self.alike, route).into_iter();
            let mode = self.mode(self.groups(&sortie.load), known);
            self.board(route, night, mode, &sortie.load);
            self.add(Counted::Sorties { route, night, mode }, 1);
        }
    }

    fn others(&mut self, plan: &ClassPlan) {
        let p = self.problem;
        for r in &plan.repositions {
            let kind = p.kind_at(&r.vehicle_type);
            if let (Some(from), Some(to), Some(kind)) =
                (p.depot_at(&r.from), p.depot_at(&r.to), kind)
            {
                self.add(Counted::Driven { night: r.night as usize, from, to, kind }, r.count);
            }
        }
        for h in &plan.housing {
            let class = p.classes.iter().find(|c| c.id == h.class);
            let wing = p.wing_at(&h.wing);
            if let (Some(c), Some(wing)) = (class, wing) {
                let (security, care, group) = (c.security, c.health != Health::Fit, c.separation);
                self.add(Counted::Beds { wing, security, care, group }, h.count);
                self.of.insert(Counted::Hosts { wing, group }, 1);
            }
        }
    }

    /// People still there, and vehicles at their depots.
    fn stocks(&mut self) {
        let p = self.problem;
        let moved: Vec<(Counted, i64)> = self.of.iter().map(|(c, &n)| (c.clone(), n)).collect();
        for (o, origin) in p.origins.iter().enumerate() {
            let mut here: i64 = p.classes.iter().filter(|c| c.origin == o).map(|c| c.count).sum();
            for night in 0..p.nights {
                let gone = moved.iter().filter(|(c, _)| {
                    matches!(c, Counted::People { route, night: t, .. }
                        if p.routes[*route].origin == o && *t == night)
                });
                here -= gone.map(|(_, n)| n).sum::<i64>();
                self.add(Counted::Here { origin: o, night }, here);
                self.add(Counted::Over { origin: o, night }, (here - origin.safe).max(0));
            }
        }
        for depot in 0..p.depots.len() {
            for kind in 0..p.vehicle_types.len() {
                let (mut idle, mut owned) =
                    (p.depots[depot].fleet[kind], p.depots[depot].fleet[kind]);
                for night in 0..p.nights {
                    for (c, n) in &moved {
                        let (there, own) = change(p, c, depot, kind, night);
                        idle += there * n;
                        owned += own * n;
                    }
                    self.add(Counted::Idle { depot, kind, night }, idle);
                    self.add(Counted::Owned { depot, kind, night }, owned);
                }
            }
        }
    }

    /// Each orbit by a pattern with room for its convoys.
    fn orbits(&mut self, program: &Program) {
        let p = self.problem;
        let mut lengths: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
        for counted in &program.counted {
            if let Counted::Convoys { route, night, .. } = counted {
                lengths.entry(*night).or_default().push(p.routes[*route].exposure);
            }
        }
        for ((night, _), under) in std::mem::take(&mut self.stretch) {
            let mut longest = lengths.get(&night).cloned().unwrap_or_default();
            longest.retain(|e| *e > 0);
            longest.sort_unstable_by(|a, b| b.cmp(a));
            longest.dedup();
            let fits = |room: &[i64]| {
                room.is_empty()
                    || (0..longest.len()).all(|n| {
                        let needed = under.iter().filter(|e| **e >= longest[n]).count();
                        room[..=n].iter().sum::<i64>() >= needed as i64
                    })
            };
            let found = program.counted.iter().find(
                |c| matches!(c, Counted::Orbits { night: t, room } if *t == night && fits(room)),
            );
            if let Some(counted) = found {
                self.add(counted.clone(), 1);
            }
        }
    }
}

/// Vehicles of a kind that one of what is counted brings to a depot that night, and by how many
/// what the depot owns changes.
fn change(p: &Problem, c: &Counted, depot: usize, kind: usize, night: usize) -> (i64, i64) {
    match c {
        Counted::Vehicles { route, night: t, kind: v, .. } if *v == kind => {
            let route_depot = p.home(*route);
            let here = i64::from(route_depot == depot);
            let back = i64::from(t + p.routes[*route].cycle == night);
            (here * (back - i64::from(*t == night)), 0)
        }
        Counted::Driven { night: t, from, to, kind: v } if *v == kind => {
            let out = i64::from(*from == depot);
            let (leaves, arrives) = (i64::from(*t == night), i64::from(t + 1 == night));
            let into = i64::from(*to == depot) * arrives;
            (into - out * leaves, into - out * arrives)
        }
        _ => (0, 0),
    }
}
