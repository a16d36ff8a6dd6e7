//! A plan beside its problem: references looked up, and everything counted once.

use std::collections::BTreeMap;

use crate::plan::{ClassPlan, Load};
use crate::problem::{Problem, Way};

/// A convoy whose road route and night exist.
pub(crate) struct KnownConvoy<'a> {
    pub place: String,
    pub night: usize,
    pub route: usize,
    pub orbit: i64,
    pub vehicles: Vec<KnownVehicle<'a>>,
}

pub(crate) struct KnownVehicle<'a> {
    pub place: String,
    /// Vehicle type, if there is such a type.
    pub kind: Option<usize>,
    pub type_id: &'a str,
    pub load: &'a Load,
    /// Classes aboard that exist, with their number.
    pub aboard: Vec<(usize, i64)>,
}

pub(crate) struct KnownSortie<'a> {
    pub place: String,
    pub night: usize,
    pub route: usize,
    pub load: &'a Load,
    pub aboard: Vec<(usize, i64)>,
}

/// A row of numbers for each of a list: `table[which][night]`.
pub(crate) type Table = Vec<Vec<i64>>;

pub(crate) struct Case<'a> {
    pub problem: &'a Problem,
    pub plan: &'a ClassPlan,
    pub convoys: Vec<KnownConvoy<'a>>,
    pub sorties: Vec<KnownSortie<'a>>,
    /// People moved, by class; by night and class; arrived, by facility and class.
    pub gone: Vec<i64>,
    pub left_by: Table,
    pub came: BTreeMap<(usize, usize), i64>,
    /// People out by origin and night, in by facility and night.
    pub out: Table,
    pub intake: Table,
    /// Convoys by origin and night, by crossing and night; slots by night and orbit.
    pub bays: Table,
    pub crossings: Table,
    pub orbits: Vec<BTreeMap<i64, i64>>,
    pub flown: Vec<i64>,
    /// Teams and guards away, by depot and night.
    pub teams: Table,
    pub guards: Table,
    /// Vehicles leaving and arriving, and change of what the depot owns: by depot, type, night.
    pub leaving: Vec<Table>,
    pub arriving: Vec<Table>,
    pub owned: Vec<Table>,
    /// Housed by facility and class, by wing; groups in each wing.
    pub housed: BTreeMap<(usize, usize), i64>,
    pub wing_people: Vec<i64>,
    pub wing_groups: Vec<Vec<usize>>,
}

impl<'a> Case<'a> {
    pub fn new(problem: &'a Problem, plan: &'a ClassPlan) -> Self {
        let p = problem;
        let (t, v) = (p.nights, p.vehicle_types.len());
        let table = |rows: usize| vec![vec![0; t]; rows];
        let fleet = || vec![table(v); p.depots.len()];
        let mut case = Self {
            problem,
            plan,
            convoys: Vec::new(),
            sorties: Vec::new(),
            gone: vec![0; p.classes.len()],
            left_by: vec![vec![0; p.classes.len()]; t],
            came: BTreeMap::new(),
            out: table(p.origins.len()),
            intake: table(p.facilities.len()),
            bays: table(p.origins.len()),
            crossings: table(p.crossings.len()),
            orbits: vec![BTreeMap::new(); t],
            flown: vec![0; t],
            teams: table(p.depots.len()),
            guards: table(p.depots.len()),
            leaving: fleet(),
            arriving: fleet(),
            owned: fleet(),
            housed: BTreeMap::new(),
            wing_people: vec![0; p.wings.len()],
            wing_groups: vec![Vec::new(); p.wings.len()],
        };
        case.look_up();
        case.count_movements();
        case.count_repositions();
        case.count_housing();
        case
    }

    pub fn class(&self, id: &str) -> Option<usize> {
        self.problem.classes.iter().position(|c| c.id == id)
    }

    pub fn wing(&self, id: &str) -> Option<usize> {
        self.problem.wings.iter().position(|w| w.id == id)
    }

    pub fn depot(&self, id: &str) -> Option<usize> {
        self.problem.depots.iter().position(|d| d.id == id)
    }

    pub fn kind(&self, id: &str) -> Option<usize> {
        self.problem.vehicle_types.iter().position(|v| v.id == id)
    }

    /// The night, and the route if it is of the wanted way.
    pub fn slot(&self, night: i64, route: &str, air: bool) -> Option<(usize, usize)> {
        let t = usize::try_from(night).ok().filter(|&t| t < self.problem.nights)?;
        let r = self.problem.routes.iter().position(|r| r.id == route && r.is_air() == air)?;
        Some((t, r))
    }

    /// Separation groups aboard.
    pub fn groups(&self, aboard: &[(usize, i64)]) -> Vec<usize> {
        aboard.iter().map(|&(k, _)| self.problem.classes[k].separation).collect()
    }

    /// People never moved, by class.
    pub fn remaining(&self) -> Vec<i64> {
        let counts = self.problem.classes.iter().map(|c| c.count);
        counts.zip(&self.gone).map(|(n, gone)| (n - gone).max(0)).collect()
    }

    /// Every load with its route and place, sorties last.
    pub fn loads(&self) -> impl Iterator<Item = (&str, usize, &Load)> {
        let vehicles = self.convoys.iter().flat_map(|c| {
            let known = c.vehicles.iter().filter(|v| v.kind.is_some());
            known.map(|v| (v.place.as_str(), c.route, v.load))
        });
        vehicles.chain(self.sorties.iter().map(|s| (s.place.as_str(), s.route, s.load)))
    }

    fn aboard(&self, load: &Load) -> Vec<(usize, i64)> {
        load.iter().filter_map(|(k, &n)| Some((self.class(k)?, n))).collect()
    }

    fn look_up(&mut self) {
        for (i, c) in self.plan.convoys.iter().enumerate() {
            let Some((night, route)) = self.slot(c.night, &c.route, false) else { continue };
            let place = format!("convoy {i} (night {night}, {})", c.route);
            let vehicles = (c.vehicles.iter().enumerate())
                .map(|(n, v)| KnownVehicle {
                    place: format!("{place} vehicle {n}"),
                    kind: self.kind(&v.vehicle_type),
                    type_id: &v.vehicle_type,
                    load: &v.load,
                    aboard: self.aboard(&v.load),
                })
                .collect();
            self.convoys.push(KnownConvoy { place, night, route, orbit: c.orbit, vehicles });
        }
        for (i, s) in self.plan.sorties.iter().enumerate() {
            let Some((night, route)) = self.slot(s.night, &s.route, true) else { continue };
            self.sorties.push(KnownSortie {
                place: format!("sortie {i} (night {night}, {})", s.route),
                night,
                route,
                load: &s.load,
                aboard: self.aboard(&s.load),
            });
        }
    }

    fn count_movements(&mut self) {
        let p = self.problem;
        for c in std::mem::take(&mut self.convoys) {
            let r = &p.routes[c.route];
            let depot = p.origins[r.origin].depot;
            for v in &c.vehicles {
                let Some(kind) = v.kind else { continue };
                self.count_people(c.route, c.night, &v.aboard);
                self.leaving[depot][kind][c.night] += 1;
                if let Some(n) = self.arriving[depot][kind].get_mut(c.night + r.cycle) {
                    *n += 1;
                }
                let guards = p.vehicle_types[kind].guards;
                away(&mut self.guards[depot], c.night, r.team_cycle, guards);
            }
            self.bays[r.origin][c.night] += 1;
            if let Way::Road { crossing } = r.way {
                self.crossings[crossing][c.night] += 1;
            }
            away(&mut self.teams[depot], c.night, r.team_cycle, r.teams);
            if (0..p.cover[c.night].orbits).contains(&c.orbit) {
                *self.orbits[c.night].entry(c.orbit).or_insert(0) += r.exposure;
            }
            self.convoys.push(c);
        }
        for s in std::mem::take(&mut self.sorties) {
            let r = &p.routes[s.route];
            self.count_people(s.route, s.night, &s.aboard);
            self.flown[s.night] += 1;
            away(&mut self.teams[p.origins[r.origin].depot], s.night, r.team_cycle, r.teams);
            self.sorties.push(s);
        }
    }

    fn count_people(&mut self, route: usize, night: usize, aboard: &[(usize, i64)]) {
        let r = &self.problem.routes[route];
        for &(k, n) in aboard {
            self.gone[k] += n;
            self.left_by[night][k] += n;
            *self.came.entry((r.dest, k)).or_insert(0) += n;
            self.out[r.origin][night] += n;
            self.intake[r.dest][night] += n;
        }
    }

    /// A reposition that names what exists, takes whole vehicles elsewhere, and arrives in time.
    pub fn known_reposition(
        &self,
        r: &crate::plan::Reposition,
    ) -> Option<(usize, usize, usize, usize)> {
        let (from, to, kind) =
            (self.depot(&r.from)?, self.depot(&r.to)?, self.kind(&r.vehicle_type)?);
        let t = usize::try_from(r.night).ok().filter(|&t| t + 1 < self.problem.nights)?;
        (from != to && r.count > 0).then_some((t, from, to, kind))
    }

    fn count_repositions(&mut self) {
        for r in &self.plan.repositions {
            let Some((t, from, to, kind)) = self.known_reposition(r) else { continue };
            self.leaving[from][kind][t] += r.count;
            self.arriving[to][kind][t + 1] += r.count;
            self.owned[from][kind][t + 1] -= r.count;
            self.owned[to][kind][t + 1] += r.count;
        }
    }

    fn count_housing(&mut self) {
        for h in &self.plan.housing {
            let (Some(k), Some(w)) = (self.class(&h.class), self.wing(&h.wing)) else { continue };
            if h.count <= 0 {
                continue;
            }
            *self.housed.entry((self.problem.wings[w].facility, k)).or_insert(0) += h.count;
            self.wing_people[w] += h.count;
            self.wing_groups[w].push(self.problem.classes[k].separation);
        }
    }
}

fn away(row: &mut [i64], from: usize, nights: usize, n: i64) {
    row.iter_mut().skip(from).take(nights).for_each(|x| *x += n);
}

/// The first pair of groups in `groups` that must be apart.
pub(crate) fn clash(groups: &[usize], apart: &[[usize; 2]]) -> Option<[usize; 2]> {
    apart.iter().copied().find(|[a, b]| groups.contains(a) && groups.contains(b))
}
