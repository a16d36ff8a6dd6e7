//! Convoys, their vehicles and who rides in them; sorties.

use std::collections::BTreeMap;

use super::super::patterns::closed_sets;
use super::super::program::{Counted, Group, Tag};
use super::gatherings::{Of, Ride};
use super::{Builder, Terms, modes, riders};
use crate::problem::{Need, Way};

/// Upper limits on one convoy of a route, from what its depot can ever own and its guards.
struct OneConvoy {
    people: i64,
    by_type: Vec<i64>,
    by_need: BTreeMap<Need, i64>,
}

impl Builder<'_> {
    pub(super) fn route(&mut self, route: usize) {
        let p = self.p;
        let r = &p.routes[route];
        let riders = riders(p, &self.alike, route);
        if riders.is_empty() {
            return;
        }
        let modes = modes(p, &self.alike, route);
        let one = self.one_convoy(route);
        for t in (0..p.nights).filter(|&t| p.open(route, t)) {
            match r.way {
                Way::Air => self.sorties(route, t, &riders, &modes),
                Way::Road { crossing } => {
                    self.convoys(route, crossing, t, &riders, &modes, &one);
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

    /// A column for people who are alike, on the route that night.
    fn person(&mut self, route: usize, t: usize, alike: usize, mode: u8, cap: i64) -> u32 {
        let r = &self.p.routes[route];
        let counted = Counted::People { route, night: t, alike, mode };
        let saved = self.saved(self.alike[alike].classes[0], t);
        let most = self.alike[alike].people.min(cap);
        let j = self.program.column(counted, most, r.road_cost[t] - saved);
        self.arrive.entry((alike, r.dest)).or_default().push((j, 1));
        self.leave_origin.entry((r.origin, t)).or_default().push((j, 1));
        self.limit(Tag::OutProcessing { origin: r.origin, night: t }, j, 1);
        self.limit(Tag::Intake { facility: r.dest, night: t }, j, 1);
        j
    }

    fn most_people(&self, route: usize, t: usize) -> i64 {
        let r = &self.p.routes[route];
        self.p.origins[r.origin].out_limit[t].min(self.p.facilities[r.dest].intake[t])
    }

    fn sorties(
        &mut self,
        route: usize,
        t: usize,
        riders: &BTreeMap<Group, Vec<usize>>,
        modes: &[u8],
    ) {
        let p = self.p;
        let r = &p.routes[route];
        let cap = self.most_people(route, t);
        let depot = p.home(route);
        for mode in modes {
            let counted = Counted::Sorties { route, night: t, mode: *mode };
            let cost = p.air.cost + p.team_cost * r.teams;
            let f = self.program.column(counted, p.air.sorties[t], cost);
            let (mut people, mut lying) = (vec![(f, -cap.min(p.air.places))], Vec::new());
            for (group, members) in riders.iter().filter(|(g, _)| mode >> g.1 & 1 == 1) {
                for &u in members {
                    let j = self.person(route, t, u, *mode, cap);
                    people.push((j, 1));
                    if group.0 == Need::Stretcher {
                        lying.push((j, 1));
                    }
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
        riders: &BTreeMap<Group, Vec<usize>>,
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
            self.departing.entry((r.origin, t)).or_default().push((c, 1));
            self.arriving.entry((r.dest, t)).or_default().push((c, 1));
            self.limit(Tag::Crossing { crossing, night: t }, c, 1);
            self.cover[t].entry(r.exposure).or_default().push((c, 1));
            let away = t..t + r.team_cycle;
            self.limit_while(|night| Tag::Teams { depot, night }, away, c, r.teams);
        }
        let mut by_group: BTreeMap<usize, Terms> = BTreeMap::new();
        let mut by_need: BTreeMap<Need, Terms> = BTreeMap::new();
        let mut by_type: Vec<Terms> = vec![Vec::new(); p.vehicle_types.len()];
        let cap_one = cap.min(one.people);
        let mut load: Terms = convoys.iter().map(|&c| (c, -cap_one)).collect();
        for (&group, members) in riders {
            let size: i64 = members.iter().map(|&u| self.alike[u].people).sum();
            let people: Terms =
                members.iter().map(|&u| (self.person(route, t, u, 0, cap), 1)).collect();
            load.extend(&people);
            by_need.entry(group.0).or_default().extend(&people);
            let mut seats = people.clone();
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
            let seats = self.program.at_most(Tag::Form, seats, 0);
            let note = |row| Ride { route, night: t, of: Of::Seats(group), row };
            self.said.rides.extend(seats.map(note));
            let top = cap_one.min(one.by_need[&group.0]);
            let carried = |b: &mut Self, mut terms: Terms, most: i64, of: Of| {
                let may = (0..modes.len()).filter(|&m| modes[m] >> group.1 & 1 == 1);
                terms.extend(may.map(|m| (convoys[m], -most)));
                let row = b.program.at_most(Tag::Form, terms, 0);
                b.said.rides.extend(row.map(|row| Ride { route, night: t, of, row }));
                row
            };
            if members.len() > 1 {
                for (&u, &x) in members.iter().zip(&people) {
                    let most = top.min(self.alike[u].people);
                    let row = carried(self, vec![x], most, Of::Alike(u));
                    self.program.seldom.extend(row);
                }
            }
            let row = carried(self, people, top.min(size), Of::Convoys(group));
            self.program.seldom.extend(row);
        }
        for (need, mut terms) in by_need {
            // With one group its own row says as much.
            if terms.len() > 1 {
                let most = cap_one.min(one.by_need[&need]);
                terms.extend(convoys.iter().map(|&c| (c, -most)));
                let row = self.program.at_most(Tag::Form, terms, 0);
                let ride = |row| Ride { route, night: t, of: Of::Need(need), row };
                self.said.rides.extend(row.map(ride));
                self.program.seldom.extend(row);
            }
        }
        for (set, in_modes) in closed_sets(modes) {
            let mut terms: Terms = (by_group.iter())
                .filter(|(g, _)| set >> **g & 1 == 1)
                .flat_map(|(_, ys)| ys.iter().copied())
                .collect();
            terms.extend(in_modes.iter().map(|&m| (convoys[m], -(p.max_vehicles as i64))));
            self.program.at_most(Tag::Form, terms, 0);
        }
        let load = self.program.at_most(Tag::Form, load, 0);
        self.program.seldom.extend(load);
        self.said.rides.extend(load.map(|row| Ride { route, night: t, of: Of::All, row }));
        for (v, mut terms) in by_type.into_iter().enumerate() {
            if one.by_type[v] < p.max_vehicles as i64 && !terms.is_empty() {
                terms.extend(convoys.iter().map(|&c| (c, -one.by_type[v])));
                self.program.at_most(Tag::Form, terms, 0);
            }
        }
    }
}
