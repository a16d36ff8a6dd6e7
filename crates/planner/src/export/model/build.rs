//! Writes the program down, rule by rule.

use std::collections::BTreeMap;

use super::{Column, Constraint, Counted, Model};
use crate::problem::{Need, Problem, Way};
use crate::solve::largest_sets;

type Terms = Vec<(u32, i64)>;

impl<'p> Model<'p> {
    pub fn new(problem: &'p Problem) -> Self {
        let groups = problem.separation_groups.len();
        let mut m = Self {
            problem,
            constant: 0,
            columns: Vec::new(),
            rows: Vec::new(),
            at: BTreeMap::new(),
            road_modes: largest_sets(groups, &problem.convoy_apart),
            air_modes: largest_sets(groups, &problem.conflicts),
        };
        for route in 0..problem.routes.len() {
            for night in (0..problem.nights).filter(|&t| problem.open(route, t)) {
                match problem.routes[route].way {
                    Way::Road { .. } => m.road(route, night),
                    Way::Air => m.air(route, night),
                }
            }
        }
        m.people();
        m.nightly_limits();
        m.orbits();
        m.escorts();
        m.fleet();
        m.crowding();
        m.housing();
        m
    }

    fn column(&mut self, counted: Counted, most: i64, cost: i64) -> u32 {
        let j = self.columns.len() as u32;
        self.columns.push(Column { counted, most: most.max(0), cost });
        self.at.insert(counted, j);
        j
    }

    fn row(&mut self, rule: &'static str, equal: bool, limit: i64, terms: Terms) {
        let mut sum: BTreeMap<u32, i64> = BTreeMap::new();
        for (j, a) in terms {
            *sum.entry(j).or_insert(0) += a;
        }
        let terms: Terms = sum.into_iter().filter(|t| t.1 != 0).collect();
        if !terms.is_empty() || (equal && limit != 0) {
            self.rows.push(Constraint { rule, equal, limit, terms });
        }
    }

    /// Columns with what they count, by a coefficient.
    fn terms(&self, coefficient: impl Fn(Counted) -> i64) -> Terms {
        let all = self.columns.iter().enumerate();
        all.map(|(j, c)| (j as u32, coefficient(c.counted))).filter(|t| t.1 != 0).collect()
    }

    fn saved(&self, class: usize, night: usize) -> i64 {
        let p = self.problem;
        (night..p.nights).map(|t| p.wait(class, t)).sum::<i64>() + p.left(class)
    }

    fn board(&mut self, class: usize, route: usize, night: usize, mode: usize) -> u32 {
        let p = self.problem;
        let r = &p.routes[route];
        let most = (p.classes[class].ready[night])
            .min(p.origins[r.origin].out_limit[night])
            .min(p.facilities[r.dest].intake[night]);
        let cost = r.road_cost[night] - self.saved(class, night);
        self.column(Counted::Aboard { class, route, night, mode }, most, cost)
    }

    /// Classes that may go the route's way: its origin, and a wing that suits them at its end.
    fn boarders(&self, route: usize) -> Vec<usize> {
        let p = self.problem;
        let r = &p.routes[route];
        let welcome = |&k: &usize| {
            p.classes[k].count > 0
                && p.classes[k].origin == r.origin
                && (0..p.wings.len()).any(|w| p.wings[w].facility == r.dest && p.suits(k, w))
        };
        (0..p.classes.len()).filter(welcome).collect()
    }

    fn road(&mut self, route: usize, night: usize) {
        let p = self.problem;
        let r = &p.routes[route];
        let Way::Road { crossing } = r.way else { return };
        let boarders = self.boarders(route);
        if boarders.is_empty() {
            return;
        }
        let most = p.crossings[crossing].slots[night].min(p.origins[r.origin].bays[night]);
        let vehicles = p.max_vehicles as i64;
        let mut groups: BTreeMap<(Need, usize), Terms> = BTreeMap::new();
        for class in boarders {
            let j = self.board(class, route, night, 0);
            let c = &p.classes[class];
            groups.entry((c.need, c.separation)).or_default().push((j, 1));
        }
        let mut riding: Vec<Terms> = Vec::new();
        for mode in 0..self.road_modes.len() {
            let c =
                self.column(Counted::Convoys { route, night, mode }, most, p.team_cost * r.teams);
            riding.push(vec![(c, -vehicles)]);
        }
        for ((need, group), people) in groups {
            let (mut places, mut nobody_empty) = (people.clone(), Vec::new());
            nobody_empty.extend(people.iter().map(|&(j, _)| (j, -1)));
            for (mode, riding) in riding.iter_mut().enumerate() {
                if self.road_modes[mode] >> group & 1 == 0 {
                    continue;
                }
                for (kind, v) in p.vehicle_types.iter().enumerate() {
                    if !v.needs.contains(&need) || v.places == 0 {
                        continue;
                    }
                    let all: i64 = p.depots.iter().map(|d| d.fleet[kind]).sum();
                    let counted = Counted::Vehicles { route, night, mode, kind, need, group };
                    let y = self.column(counted, all.min(most * vehicles), v.cost);
                    places.push((y, -v.places));
                    nobody_empty.push((y, 1));
                    riding.push((y, 1));
                }
            }
            self.row("R09 places", false, 0, places);
            self.row("R08 a vehicle carries somebody", false, 0, nobody_empty);
        }
        for terms in riding {
            let c = terms[0].0;
            let mut at_least = vec![(c, 1)];
            at_least.extend(terms[1..].iter().map(|&(y, _)| (y, -1)));
            self.row("R06 a convoy has a vehicle", false, 0, at_least);
            self.row("R06 vehicles of a convoy", false, 0, terms);
        }
    }

    fn air(&mut self, route: usize, night: usize) {
        let p = self.problem;
        let boarders = self.boarders(route);
        if boarders.is_empty() {
            return;
        }
        let cost = p.air.cost + p.team_cost * p.routes[route].teams;
        for mode in 0..self.air_modes.len() {
            let f =
                self.column(Counted::Sorties { route, night, mode }, p.air.sorties[night], cost);
            let (mut places, mut litters, mut somebody) =
                (vec![(f, -p.air.places)], vec![(f, -p.air.litters)], vec![(f, 1)]);
            for &class in &boarders {
                let c = &p.classes[class];
                if self.air_modes[mode] >> c.separation & 1 == 0 {
                    continue;
                }
                let j = self.board(class, route, night, mode);
                places.push((j, 1));
                somebody.push((j, -1));
                if c.need == Need::Stretcher {
                    litters.push((j, 1));
                }
            }
            self.row("R15 places", false, 0, places);
            self.row("R15 a sortie carries somebody", false, 0, somebody);
            self.row("R16 litters", false, 0, litters);
        }
    }

    /// Nobody leaves twice or before they are ready; the constant.
    fn people(&mut self) {
        let p = self.problem;
        self.constant = (0..p.classes.len()).map(|k| p.classes[k].count * self.saved(k, 0)).sum();
        let mut by_class: Vec<Vec<(usize, u32)>> = vec![Vec::new(); p.classes.len()];
        for (j, c) in self.columns.iter().enumerate() {
            if let Counted::Aboard { class, night, .. } = c.counted {
                by_class[class].push((night, j as u32));
            }
        }
        for (k, columns) in by_class.into_iter().enumerate() {
            let ready = &p.classes[k].ready;
            for t in 0..p.nights {
                // Stated where more become ready after it, and at the end.
                if t + 1 == p.nights || ready[t] < ready[t + 1] {
                    let until = columns.iter().filter(|(night, _)| *night <= t);
                    let terms = until.map(|&(_, j)| (j, 1)).collect();
                    self.row("R18, R36 people there and ready", false, ready[t], terms);
                }
            }
        }
    }

    fn nightly_limits(&mut self) {
        let p = self.problem;
        let mut sums: BTreeMap<(&'static str, usize, usize), Terms> = BTreeMap::new();
        for (j, c) in self.columns.iter().enumerate() {
            let mut add = |rule, which, night| {
                sums.entry((rule, which, night)).or_default().push((j as u32, 1));
            };
            match c.counted {
                Counted::Aboard { route, night, .. } => {
                    add("R19 out-processing", p.routes[route].origin, night);
                    add("R20 intake", p.routes[route].dest, night);
                }
                Counted::Convoys { route, night, .. } => {
                    add("R21 loading bays", p.routes[route].origin, night);
                    if let Way::Road { crossing } = p.routes[route].way {
                        add("R22 crossing slots", crossing, night);
                    }
                }
                Counted::Sorties { night, .. } => add("R24 sorties", 0, night),
                _ => {}
            }
        }
        for ((rule, which, night), terms) in sums {
            let limit = match &rule[..3] {
                "R19" => p.origins[which].out_limit[night],
                "R20" => p.facilities[which].intake[night],
                "R21" => p.origins[which].bays[night],
                "R22" => p.crossings[which].slots[night],
                _ => p.air.sorties[night],
            };
            self.row(rule, false, limit, terms);
        }
    }

    fn orbits(&mut self) {
        let p = self.problem;
        for (night, cover) in p.cover.iter().enumerate() {
            let mut lengths: BTreeMap<i64, Terms> = BTreeMap::new();
            for (j, c) in self.columns.iter().enumerate() {
                if let Counted::Convoys { route, night: t, .. } = c.counted
                    && t == night
                {
                    lengths.entry(p.routes[route].exposure).or_default().push((j as u32, -1));
                }
            }
            if lengths.is_empty() {
                continue;
            }
            let mut before: Option<u32> = None;
            for orbit in 0..cover.orbits.max(0) as usize {
                let u = self.column(Counted::Orbit { night, orbit }, 1, p.orbit_cost);
                let mut window = vec![(u, -cover.slots)];
                for (&exposure, convoys) in &mut lengths {
                    let most = if exposure > 0 {
                        cover.slots / exposure
                    } else {
                        convoys.iter().map(|&(c, _)| self.columns[c as usize].most).sum()
                    };
                    let n = self.column(Counted::Under { night, orbit, exposure }, most, 0);
                    convoys.push((n, 1));
                    window.push((n, exposure));
                    if exposure == 0 {
                        self.row(
                            "R13 an orbit for each convoy",
                            false,
                            0,
                            vec![(n, 1), (u, -most)],
                        );
                    }
                }
                self.row("R23 the orbit's window", false, 0, window);
                if let Some(before) = before {
                    self.row("orbits in their order", false, 0, vec![(u, 1), (before, -1)]);
                }
                before = Some(u);
            }
            for convoys in lengths.into_values() {
                self.row("R13 an orbit for each convoy", true, 0, convoys);
            }
        }
    }

    fn escorts(&mut self) {
        let p = self.problem;
        for depot in 0..p.depots.len() {
            for night in 0..p.nights {
                let away = |route: usize, from: usize| {
                    let there = from <= night && night < from + p.routes[route].team_cycle;
                    p.home(route) == depot && there
                };
                let teams = self.terms(|counted| match counted {
                    Counted::Convoys { route, night, .. }
                    | Counted::Sorties { route, night, .. }
                        if away(route, night) =>
                    {
                        p.routes[route].teams
                    }
                    _ => 0,
                });
                let guards = self.terms(|counted| match counted {
                    Counted::Vehicles { route, night, kind, .. } if away(route, night) => {
                        p.vehicle_types[kind].guards
                    }
                    _ => 0,
                });
                self.row("R25 escort teams", false, p.depots[depot].teams, teams);
                self.row("R26 custody guards", false, p.depots[depot].guards, guards);
            }
        }
    }

    fn fleet(&mut self) {
        let p = self.problem;
        let depots = p.depots.len();
        let mut leaving: BTreeMap<(usize, usize, usize), Terms> = BTreeMap::new();
        for (j, c) in self.columns.iter().enumerate() {
            if let Counted::Vehicles { route, night, kind, .. } = c.counted {
                let depot = p.home(route);
                leaving.entry((depot, kind, night)).or_default().push((j as u32, 1));
                let back = night + p.routes[route].cycle;
                leaving.entry((depot, kind, back)).or_default().push((j as u32, -1));
            }
        }
        for kind in 0..p.vehicle_types.len() {
            let all: i64 = p.depots.iter().map(|d| d.fleet[kind]).sum();
            let mut driven: BTreeMap<(usize, usize), u32> = BTreeMap::new();
            let mut before: Vec<Option<(u32, u32)>> = vec![None; depots];
            for night in 0..p.nights {
                let arriving = std::mem::take(&mut driven);
                if night + 1 < p.nights {
                    for from in 0..depots {
                        for to in (0..depots).filter(|&to| to != from) {
                            let counted = Counted::Driven { night, from, to, kind };
                            driven.insert((from, to), self.column(counted, all, p.reposition_cost));
                        }
                    }
                }
                for (depot, before) in before.iter_mut().enumerate() {
                    let idle = self.column(Counted::Idle { depot, kind, night }, all, 0);
                    let owned = self.column(
                        Counted::Owned { depot, kind, night },
                        p.depots[depot].park[kind],
                        0,
                    );
                    let mut stock = leaving.remove(&(depot, kind, night)).unwrap_or_default();
                    let mut own = vec![(owned, 1)];
                    stock.push((idle, 1));
                    let away = driven.iter().filter(|((from, _), _)| *from == depot);
                    stock.extend(away.map(|(_, &z)| (z, 1)));
                    for (&(from, to), &z) in &arriving {
                        if to == depot {
                            stock.push((z, -1));
                            own.push((z, -1));
                        } else if from == depot {
                            own.push((z, 1));
                        }
                    }
                    let start = match *before {
                        Some((idle, owned)) => {
                            stock.push((idle, -1));
                            own.push((owned, -1));
                            0
                        }
                        None => p.depots[depot].fleet[kind],
                    };
                    self.row("R28 vehicles at the depot", true, start, stock);
                    self.row("R35 secure parking", true, start, own);
                    *before = Some((idle, owned));
                }
            }
        }
    }

    fn crowding(&mut self) {
        let p = self.problem;
        for (o, origin) in p.origins.iter().enumerate() {
            let n: i64 = p.classes.iter().filter(|c| c.origin == o).map(|c| c.count).sum();
            if n <= origin.safe || origin.over_cost == 0 {
                continue;
            }
            let mut before: Option<u32> = None;
            for night in 0..p.nights {
                let mut terms = self.terms(|counted| match counted {
                    Counted::Aboard { route, night: t, .. }
                        if t == night && p.routes[route].origin == o =>
                    {
                        1
                    }
                    _ => 0,
                });
                let here = self.column(Counted::Here { origin: o, night }, n, 0);
                let over = Counted::Over { origin: o, night };
                let over = self.column(over, n, origin.over_cost);
                terms.push((here, 1));
                terms.extend(before.map(|j| (j, -1)));
                let start = if before.is_none() { n } else { 0 };
                self.row("people there", true, start, terms);
                let above = vec![(here, 1), (over, -1)];
                self.row("people above the safe number", false, origin.safe, above);
                before = Some(here);
            }
        }
    }

    fn housing(&mut self) {
        let p = self.problem;
        let mut arrived: BTreeMap<(usize, usize), Terms> = BTreeMap::new();
        for (j, c) in self.columns.iter().enumerate() {
            if let Counted::Aboard { class, route, .. } = c.counted {
                arrived.entry((class, p.routes[route].dest)).or_default().push((j as u32, 1));
            }
        }
        for (w, wing) in p.wings.iter().enumerate() {
            let mut groups: BTreeMap<usize, Terms> = BTreeMap::new();
            for (&(class, facility), terms) in &mut arrived {
                if facility == wing.facility && p.suits(class, w) {
                    let most = wing.capacity.min(p.classes[class].count);
                    let h = self.column(Counted::Beds { class, wing: w }, most, 0);
                    terms.push((h, -1));
                    groups.entry(p.classes[class].separation).or_default().push((h, 1));
                }
            }
            let all = groups.values().flatten().copied().collect();
            self.row("R32 beds of a wing", false, wing.capacity, all);
            for [g, h] in &p.conflicts {
                if !(groups.contains_key(g) && groups.contains_key(h)) {
                    continue;
                }
                let mut both = Vec::new();
                for group in [*g, *h] {
                    let counted = Counted::Hosts { wing: w, group };
                    let known = self.at.get(&counted).copied();
                    let a = known.unwrap_or_else(|| {
                        let a = self.column(counted, 1, 0);
                        let mut terms = groups[&group].clone();
                        terms.push((a, -wing.capacity));
                        self.row("R33 groups of a wing", false, 0, terms);
                        a
                    });
                    both.push((a, 1));
                }
                self.row("R33 groups apart in a wing", false, 1, both);
            }
        }
        for terms in arrived.into_values() {
            self.row("R34 housed as arrived", true, 0, terms);
        }
    }
}
