//! The relaxation: people by load group, convoys, vehicles and orbits in fractions.
//!
//! Every plan of the problem is a point of this program at its own cost, so the program's value is
//! a lower bound on every plan, people left behind included.
//! - `X` people of a load group on a route in a night; `y` vehicles, `c` convoys by mode, `pi`
//!   orbits by pattern, `f` sorties, `z` vehicles changing depot.
//! - `D` departures by cost class carry what leaving earlier saves; the constant is the cost of
//!   moving nobody.
//! - `Z` people of a class received by a facility over the horizon, `h` beds, `a` who hosts whom.

use std::collections::BTreeMap;

use super::patterns::{Patterns, closed_sets, orbit_patterns};
use super::program::{Counted, Group, Program, Tag};
use crate::problem::{Health, Need, Problem, Security, Way};
use crate::solve::largest_sets;

type Terms = Vec<(u32, i64)>;

struct Builder<'p> {
    p: &'p Problem,
    program: Program,
    /// People of a group at an origin who leave in a night; who arrive at a facility.
    leave: BTreeMap<(usize, Group, usize), Terms>,
    arrive: BTreeMap<(usize, usize, Group), Terms>,
    leave_origin: BTreeMap<(usize, usize), Terms>,
    limits: BTreeMap<Tag, Terms>,
    cover: Vec<BTreeMap<i64, Terms>>,
    /// Columns `Z` by class and facility.
    received: BTreeMap<(usize, usize), u32>,
    /// Vehicles used and back, by depot, type and night.
    used: BTreeMap<(usize, usize, usize), Terms>,
    back: BTreeMap<(usize, usize, usize), Terms>,
}

/// Upper limits on one convoy of a route, from what its depot can ever own and its guards.
struct OneConvoy {
    people: i64,
    by_type: Vec<i64>,
    by_need: BTreeMap<Need, i64>,
}

/// People who may go a route's way, by load group.
fn sizes(p: &Problem, route: usize) -> BTreeMap<Group, i64> {
    let r = &p.routes[route];
    let welcome = |k: &usize| {
        p.classes[*k].origin == r.origin
            && (0..p.wings.len()).any(|w| p.wings[w].facility == r.dest && p.suits(*k, w))
    };
    let mut sizes: BTreeMap<Group, i64> = BTreeMap::new();
    for k in (0..p.classes.len()).filter(welcome) {
        let c = &p.classes[k];
        *sizes.entry((c.need, c.separation)).or_insert(0) += c.count;
    }
    sizes.retain(|_, n| *n > 0);
    sizes
}

/// The largest sets of a route's separation groups that may share a convoy, or a cabin, as bits.
pub(super) fn modes(p: &Problem, route: usize) -> Vec<u8> {
    let pairs = if p.routes[route].is_air() { &p.conflicts } else { &p.convoy_apart };
    let mask = sizes(p, route).keys().fold(0, |m, g| m | 1 << g.1);
    let all = largest_sets(p.separation_groups.len(), pairs);
    let mut modes: Vec<u8> = all.iter().map(|m| m & mask).filter(|m| *m != 0).collect();
    modes.sort_unstable();
    modes.dedup();
    let inside = |m: &u8| modes.iter().any(|n| n != m && n & m == *m);
    modes.iter().copied().filter(|m| !inside(m)).collect()
}

pub(super) fn build(p: &Problem) -> Program {
    let mut b = Builder {
        p,
        program: Program::default(),
        leave: BTreeMap::new(),
        arrive: BTreeMap::new(),
        leave_origin: BTreeMap::new(),
        limits: BTreeMap::new(),
        cover: vec![BTreeMap::new(); p.nights],
        received: BTreeMap::new(),
        used: BTreeMap::new(),
        back: BTreeMap::new(),
    };
    for route in 0..p.routes.len() {
        b.route(route);
    }
    b.orbits();
    b.nightly_limits();
    b.people();
    b.crowding();
    b.fleet();
    b.housing();
    b.program
}

impl Builder<'_> {
    fn saved(&self, class: usize, night: usize) -> i64 {
        (night..self.p.nights).map(|t| self.p.wait(class, t)).sum::<i64>() + self.p.left(class)
    }

    fn limit(&mut self, tag: Tag, column: u32, n: i64) {
        self.limits.entry(tag).or_default().push((column, n));
    }

    /// `column` uses `n` of what `tag` names for each night of `nights`.
    fn limit_while(
        &mut self,
        tag: impl Fn(usize) -> Tag,
        nights: std::ops::Range<usize>,
        column: u32,
        n: i64,
    ) {
        for t in nights.start..nights.end.min(self.p.nights) {
            self.limit(tag(t), column, n);
        }
    }

    fn route(&mut self, route: usize) {
        let p = self.p;
        let r = &p.routes[route];
        let sizes = sizes(p, route);
        if sizes.is_empty() {
            return;
        }
        let modes = modes(p, route);
        let one = self.one_convoy(route);
        for t in (0..p.nights).filter(|&t| p.open(route, t)) {
            match r.way {
                Way::Air => self.sorties(route, t, &sizes, &modes),
                Way::Road { crossing } => {
                    self.convoys(route, crossing, t, &sizes, &modes, &one);
                }
            }
        }
    }

    fn one_convoy(&self, route: usize) -> OneConvoy {
        let p = self.p;
        let depot = &p.depots[p.home(route)];
        let most = p.max_vehicles as i64;
        let by_type: Vec<i64> = (p.vehicle_types.iter().enumerate())
            .map(|(v, kind)| {
                let guarded = if kind.guards > 0 { depot.guards / kind.guards } else { most };
                most.min(depot.park[v]).min(guarded)
            })
            .collect();
        let mut order: Vec<usize> = (0..by_type.len()).collect();
        order.sort_by_key(|&v| -p.vehicle_types[v].places);
        let fill = |suits: &dyn Fn(usize) -> bool| {
            let (mut room, mut people) = (most, 0);
            for &v in order.iter().filter(|&&v| suits(v)) {
                let n = room.min(by_type[v]);
                people += n * p.vehicle_types[v].places;
                room -= n;
            }
            people
        };
        let by_need = Need::ALL.map(|q| (q, fill(&|v| p.vehicle_types[v].needs.contains(&q))));
        OneConvoy { people: fill(&|_| true), by_type, by_need: by_need.into() }
    }

    /// A column for people of `group` on the route that night.
    fn person(&mut self, route: usize, t: usize, group: Group, mode: u8, most: i64) -> u32 {
        let r = &self.p.routes[route];
        let counted = Counted::People { route, night: t, group, mode };
        let j = self.program.column(counted, most, r.road_cost[t]);
        self.leave.entry((r.origin, group, t)).or_default().push((j, 1));
        self.arrive.entry((r.dest, r.origin, group)).or_default().push((j, 1));
        self.leave_origin.entry((r.origin, t)).or_default().push((j, 1));
        self.limit(Tag::OutProcessing { origin: r.origin, night: t }, j, 1);
        self.limit(Tag::Intake { facility: r.dest, night: t }, j, 1);
        j
    }

    fn most_people(&self, route: usize, t: usize) -> i64 {
        let r = &self.p.routes[route];
        self.p.origins[r.origin].out_limit[t].min(self.p.facilities[r.dest].intake[t])
    }

    fn sorties(&mut self, route: usize, t: usize, sizes: &BTreeMap<Group, i64>, modes: &[u8]) {
        let p = self.p;
        let r = &p.routes[route];
        let cap = self.most_people(route, t);
        let depot = p.home(route);
        for mode in modes {
            let counted = Counted::Sorties { route, night: t, mode: *mode };
            let cost = p.air.cost + p.team_cost * r.teams;
            let f = self.program.column(counted, p.air.sorties[t], cost);
            let (mut people, mut lying) = (vec![(f, -cap.min(p.air.places))], Vec::new());
            for (&group, &size) in sizes.iter().filter(|(g, _)| mode >> g.1 & 1 == 1) {
                let j = self.person(route, t, group, *mode, size.min(cap));
                people.push((j, 1));
                if group.0 == Need::Stretcher {
                    lying.push((j, 1));
                }
            }
            self.program.at_most(Tag::Form, people, 0);
            if !lying.is_empty() {
                lying.push((f, -p.air.litters));
                self.program.at_most(Tag::Form, lying, 0);
            }
            self.limit(Tag::Sorties { night: t }, f, 1);
            let away = t..t + r.team_cycle;
            self.limit_while(|night| Tag::Teams { depot, night }, away, f, r.teams);
        }
    }

    fn convoys(
        &mut self,
        route: usize,
        crossing: usize,
        t: usize,
        sizes: &BTreeMap<Group, i64>,
        modes: &[u8],
        one: &OneConvoy,
    ) {
        let p = self.p;
        let r = &p.routes[route];
        let depot = p.home(route);
        let cap = self.most_people(route, t);
        let most = p.crossings[crossing].slots[t].min(p.origins[r.origin].bays[t]);
        let convoys: Vec<u32> = (modes.iter())
            .map(|&mode| {
                let counted = Counted::Convoys { route, night: t, mode };
                self.program.column(counted, most, p.team_cost * r.teams)
            })
            .collect();
        for &c in &convoys {
            self.limit(Tag::Bays { origin: r.origin, night: t }, c, 1);
            self.limit(Tag::Crossing { crossing, night: t }, c, 1);
            self.cover[t].entry(r.exposure).or_default().push((c, 1));
            let away = t..t + r.team_cycle;
            self.limit_while(|night| Tag::Teams { depot, night }, away, c, r.teams);
        }
        let mut by_group: BTreeMap<usize, Terms> = BTreeMap::new();
        let mut by_type: Vec<Terms> = vec![Vec::new(); p.vehicle_types.len()];
        let cap_one = cap.min(one.people);
        let mut load: Terms = convoys.iter().map(|&c| (c, -cap_one)).collect();
        for (&group, &size) in sizes {
            let x = self.person(route, t, group, 0, size.min(cap));
            load.push((x, 1));
            let mut seats = vec![(x, 1)];
            for (v, kind) in p.vehicle_types.iter().enumerate() {
                if !kind.needs.contains(&group.0) || kind.places == 0 {
                    continue;
                }
                let enough = (size + kind.places - 1) / kind.places;
                let counted = Counted::Vehicles { route, night: t, group, kind: v };
                let most = (most * one.by_type[v]).min(enough);
                let y = self.program.column(counted, most, kind.cost);
                seats.push((y, -kind.places.min(size)));
                by_group.entry(group.1).or_default().push((y, 1));
                by_type[v].push((y, 1));
                self.used.entry((depot, v, t)).or_default().push((y, 1));
                if t + r.cycle < p.nights {
                    self.back.entry((depot, v, t + r.cycle)).or_default().push((y, 1));
                }
                let away = t..t + r.team_cycle;
                self.limit_while(|night| Tag::Guards { depot, night }, away, y, kind.guards);
            }
            self.program.at_most(Tag::Form, seats, 0);
            let top = cap_one.min(one.by_need[&group.0]).min(size);
            let mut tight = vec![(x, 1)];
            tight.extend(
                (0..modes.len())
                    .filter(|&m| modes[m] >> group.1 & 1 == 1)
                    .map(|m| (convoys[m], -top)),
            );
            self.program.at_most(Tag::Form, tight, 0);
        }
        for (set, in_modes) in closed_sets(modes) {
            let mut terms: Terms = (by_group.iter())
                .filter(|(g, _)| set >> **g & 1 == 1)
                .flat_map(|(_, ys)| ys.iter().copied())
                .collect();
            terms.extend(in_modes.iter().map(|&m| (convoys[m], -(p.max_vehicles as i64))));
            self.program.at_most(Tag::Form, terms, 0);
        }
        self.program.at_most(Tag::Form, load, 0);
        for (v, mut terms) in by_type.into_iter().enumerate() {
            if one.by_type[v] < p.max_vehicles as i64 && !terms.is_empty() {
                terms.extend(convoys.iter().map(|&c| (c, -one.by_type[v])));
                self.program.at_most(Tag::Form, terms, 0);
            }
        }
    }

    fn orbits(&mut self) {
        let p = self.p;
        for t in 0..p.nights {
            let convoys = std::mem::take(&mut self.cover[t]);
            if convoys.is_empty() {
                continue;
            }
            let cover = p.cover[t];
            let lengths: Vec<i64> = convoys.keys().rev().copied().filter(|&e| e > 0).collect();
            match orbit_patterns(&lengths, cover.slots) {
                Patterns::All(patterns) => {
                    let columns: Vec<u32> = (patterns.iter())
                        .map(|room| {
                            let counted = Counted::Orbits { night: t, room: room.clone() };
                            self.program.column(counted, cover.orbits, p.orbit_cost)
                        })
                        .collect();
                    let all = columns.iter().map(|&j| (j, 1)).collect();
                    self.program.at_most(Tag::Orbits { night: t }, all, cover.orbits);
                    let mut longer: Terms = Vec::new();
                    for (n, length) in lengths.iter().enumerate() {
                        longer.extend(&convoys[length]);
                        let mut terms = longer.clone();
                        for (pattern, &j) in patterns.iter().zip(&columns) {
                            terms.push((j, -pattern[..=n].iter().sum::<i64>()));
                        }
                        self.program.at_most(Tag::Form, terms, 0);
                    }
                }
                Patterns::TooMany => {
                    let counted = Counted::Orbits { night: t, room: Vec::new() };
                    let j = self.program.column(counted, cover.orbits, p.orbit_cost);
                    self.program.at_most(Tag::Orbits { night: t }, vec![(j, 1)], cover.orbits);
                    let mut terms = vec![(j, -cover.slots)];
                    for (length, cs) in &convoys {
                        terms.extend(cs.iter().map(|&(c, n)| (c, n * length)));
                    }
                    self.program.at_most(Tag::Form, terms, 0);
                }
            }
        }
    }

    fn nightly_limits(&mut self) {
        let p = self.p;
        for (tag, terms) in std::mem::take(&mut self.limits) {
            let limit = match tag {
                Tag::OutProcessing { origin, night } => p.origins[origin].out_limit[night],
                Tag::Intake { facility, night } => p.facilities[facility].intake[night],
                Tag::Bays { origin, night } => p.origins[origin].bays[night],
                Tag::Crossing { crossing, night } => p.crossings[crossing].slots[night],
                Tag::Sorties { night } => p.air.sorties[night],
                Tag::Teams { depot, .. } => p.depots[depot].teams,
                Tag::Guards { depot, .. } => p.depots[depot].guards,
                Tag::Form | Tag::Orbits { .. } | Tag::Fleet { .. } | Tag::Wing { .. } => continue,
            };
            self.program.at_most(tag, terms, limit);
        }
    }

    /// Departures by cost class, and who of a class reaches which facility.
    fn people(&mut self) {
        let p = self.p;
        self.program.constant =
            (0..p.classes.len()).map(|k| p.classes[k].count * self.saved(k, 0)).sum();
        let mut groups: BTreeMap<(usize, Group), Vec<usize>> = BTreeMap::new();
        for (k, c) in p.classes.iter().enumerate().filter(|(_, c)| c.count > 0) {
            groups.entry((c.origin, (c.need, c.separation))).or_default().push(k);
        }
        self.received = BTreeMap::new();
        for (&(origin, group), classes) in &groups {
            for &k in classes {
                let mut all = Vec::new();
                for d in 0..p.facilities.len() {
                    let eligible =
                        (0..p.wings.len()).any(|w| p.wings[w].facility == d && p.suits(k, w));
                    if eligible && self.arrive.contains_key(&(d, origin, group)) {
                        let counted = Counted::Received { class: k, facility: d };
                        let z = self.program.column(counted, p.classes[k].count, 0);
                        self.received.insert((k, d), z);
                        all.push((z, 1));
                    }
                }
                self.program.at_most(Tag::Form, all, p.classes[k].count);
            }
            self.departures(origin, group, classes);
            for d in 0..p.facilities.len() {
                let Some(mut terms) = self.arrive.get(&(d, origin, group)).cloned() else {
                    continue;
                };
                let here = classes.iter().filter_map(|&k| self.received.get(&(k, d)));
                terms.extend(here.map(|&z| (z, -1)));
                self.program.equal(Tag::Form, terms, 0);
            }
        }
    }

    fn departures(&mut self, origin: usize, group: Group, classes: &[usize]) {
        let p = self.p;
        let mut alike: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for &k in classes {
            alike.entry(p.classes[k].vulnerability).or_default().push(k);
        }
        let mut by_night: BTreeMap<usize, Terms> = BTreeMap::new();
        for (&vulnerability, members) in &alike {
            let n = members.iter().map(|&k| p.classes[k].count).sum();
            let mut terms = Vec::new();
            for t in 0..p.nights {
                if self.leave.contains_key(&(origin, group, t)) {
                    let counted = Counted::Departures { origin, group, vulnerability, night: t };
                    let j = self.program.column(counted, n, -self.saved(members[0], t));
                    terms.push((j, 1));
                    by_night.entry(t).or_default().push((j, -1));
                }
            }
            for (&(k, _), &z) in &self.received {
                if members.contains(&k) {
                    terms.push((z, -1));
                }
            }
            self.program.equal(Tag::Form, terms, 0);
        }
        for (t, mut terms) in by_night {
            terms.extend(&self.leave[&(origin, group, t)]);
            self.program.equal(Tag::Form, terms, 0);
        }
    }

    /// People above the safe number, each night.
    fn crowding(&mut self) {
        let p = self.p;
        for (o, origin) in p.origins.iter().enumerate() {
            let n: i64 = p.classes.iter().filter(|c| c.origin == o).map(|c| c.count).sum();
            if n <= origin.safe || origin.over_cost == 0 {
                continue;
            }
            let mut before: Option<u32> = None;
            for t in 0..p.nights {
                let here = self.program.column(Counted::Here { origin: o, night: t }, n, 0);
                let mut terms = vec![(here, 1)];
                terms.extend(before.map(|j| (j, -1)));
                terms.extend(self.leave_origin.get(&(o, t)).into_iter().flatten());
                let start = if before.is_none() { n } else { 0 };
                self.program.equal(Tag::Form, terms, start);
                let counted = Counted::Over { origin: o, night: t };
                let over = self.program.column(counted, n - origin.safe, origin.over_cost);
                self.program.at_most(Tag::Form, vec![(here, 1), (over, -1)], origin.safe);
                before = Some(here);
            }
        }
    }

    /// Vehicles at each depot, what it owns, and moves between depots.
    fn fleet(&mut self) {
        let p = self.p;
        let depots = p.depots.len();
        for v in 0..p.vehicle_types.len() {
            let all: i64 = p.depots.iter().map(|d| d.fleet[v]).sum();
            let mut idle: Vec<Option<u32>> = vec![None; depots];
            let mut owned: Vec<Option<u32>> = vec![None; depots];
            // Vehicles on their way, by (from, to), that left the night before.
            let mut moving: BTreeMap<(usize, usize), u32> = BTreeMap::new();
            for t in 0..p.nights {
                let mut leaving = BTreeMap::new();
                if t + 1 < p.nights {
                    for from in 0..depots {
                        for to in (0..depots).filter(|&to| to != from) {
                            let counted = Counted::Driven { night: t, from, to, kind: v };
                            let z = self.program.column(counted, all, p.reposition_cost);
                            leaving.insert((from, to), z);
                        }
                    }
                }
                for d in 0..depots {
                    let swapped: Terms = (moving.iter())
                        .filter(|((from, to), _)| *from == d || *to == d)
                        .map(|((_, to), &z)| (z, if *to == d { -1 } else { 1 }))
                        .collect();
                    let counted = Counted::Idle { depot: d, kind: v, night: t };
                    let rest = self.program.column(counted, all, 0);
                    let mut terms = self.used.remove(&(d, v, t)).unwrap_or_default();
                    terms.push((rest, 1));
                    terms.extend(
                        leaving.iter().filter(|((from, _), _)| *from == d).map(|(_, &z)| (z, 1)),
                    );
                    terms.extend(swapped.iter().filter(|(_, n)| *n == -1));
                    terms.extend(idle[d].map(|j| (j, -1)));
                    let back = self.back.remove(&(d, v, t)).unwrap_or_default();
                    terms.extend(back.into_iter().map(|(j, n)| (j, -n)));
                    let start = if t == 0 { p.depots[d].fleet[v] } else { 0 };
                    let tag = if t == 0 { Tag::Fleet { depot: d, kind: v } } else { Tag::Form };
                    self.program.equal(tag, terms, start);
                    idle[d] = Some(rest);
                    if t > 0 && depots > 1 {
                        let counted = Counted::Owned { depot: d, kind: v, night: t };
                        let own = self.program.column(counted, p.depots[d].park[v], 0);
                        self.program.boxed.push(own);
                        let mut terms = swapped;
                        terms.push((own, 1));
                        terms.extend(owned[d].map(|j| (j, -1)));
                        let start = if t == 1 { p.depots[d].fleet[v] } else { 0 };
                        self.program.equal(Tag::Form, terms, start);
                        owned[d] = Some(own);
                    }
                }
                moving = leaving;
            }
        }
    }

    /// Beds by kind of resident, and which of two groups that must be apart a wing hosts.
    fn housing(&mut self) {
        type Kind = (Security, bool, usize);
        let p = self.p;
        let received = std::mem::take(&mut self.received);
        for d in 0..p.facilities.len() {
            let mut kinds: BTreeMap<Kind, Vec<usize>> = BTreeMap::new();
            for (k, _) in received.keys().filter(|(_, there)| *there == d) {
                let c = &p.classes[*k];
                kinds
                    .entry((c.security, c.health != Health::Fit, c.separation))
                    .or_default()
                    .push(*k);
            }
            let mut living: BTreeMap<Kind, Terms> = BTreeMap::new();
            for (w, wing) in p.wings.iter().enumerate().filter(|(_, w)| w.facility == d) {
                let mut by_group: BTreeMap<usize, Terms> = BTreeMap::new();
                for (kind, classes) in &kinds {
                    if p.suits(classes[0], w) {
                        let people: i64 = classes.iter().map(|&k| p.classes[k].count).sum();
                        let (security, care, group) = *kind;
                        let counted = Counted::Beds { wing: w, security, care, group };
                        let h = self.program.column(counted, wing.capacity.min(people), 0);
                        living.entry(*kind).or_default().push((h, -1));
                        by_group.entry(kind.2).or_default().push((h, 1));
                    }
                }
                let all = by_group.values().flatten().copied().collect();
                self.program.at_most(Tag::Wing { wing: w }, all, wing.capacity);
                let mut hosts: BTreeMap<usize, u32> = BTreeMap::new();
                for &g in p.conflicts.iter().flatten() {
                    if let (Some(beds), false) = (by_group.get(&g), hosts.contains_key(&g)) {
                        let counted = Counted::Hosts { wing: w, group: g };
                        let a = self.program.column(counted, 1, 0);
                        hosts.insert(g, a);
                        let mut terms = beds.clone();
                        terms.push((a, -wing.capacity));
                        self.program.at_most(Tag::Form, terms, 0);
                    }
                }
                for [g, h] in &p.conflicts {
                    if let (Some(&a), Some(&b)) = (hosts.get(g), hosts.get(h)) {
                        self.program.at_most(Tag::Form, vec![(a, 1), (b, 1)], 1);
                    }
                }
            }
            for (kind, classes) in kinds {
                let mut terms: Terms = classes.iter().map(|&k| (received[&(k, d)], 1)).collect();
                terms.extend(living.remove(&kind).unwrap_or_default());
                self.program.equal(Tag::Form, terms, 0);
            }
        }
    }
}
