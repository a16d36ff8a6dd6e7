//! Every way one more person could go on a night, each with all rules that refuse it.
//!
//! The counts are those the checker makes ([`Case`]); a property test holds each list of refusals
//! against the checker's verdict on the plan with that person in it.

use super::{Attempt, Refusal, Way};
use crate::check::case::{Case, KnownConvoy, clash};
use crate::problem::{Health, Need, Problem};

/// Attempts for one person of `class`, seats before vehicles before convoys and flights.
pub(super) fn attempts(case: &Case, class: usize, night: usize) -> Vec<Attempt> {
    let asked = Asked { case, p: case.problem, class, night };
    let routes = asked.routes();
    let mut out = Vec::new();
    for &(route, wing) in &routes {
        asked.seats(route, wing, &mut out);
    }
    for &(route, wing) in &routes {
        asked.more_vehicles(route, wing, &mut out);
    }
    for &(route, wing) in &routes {
        match asked.p.routes[route].is_air() {
            true => asked.flight(route, wing, &mut out),
            false => asked.convoys(route, wing, &mut out),
        }
    }
    out.iter_mut().for_each(|a| a.refusals.sort());
    out
}

struct Asked<'a> {
    case: &'a Case<'a>,
    p: &'a Problem,
    class: usize,
    night: usize,
}

impl Asked<'_> {
    /// Routes from where they are held, each with the bed at its end that fewest rules refuse.
    /// Where some facility may hold them by its ratings, only such facilities are asked.
    fn routes(&self) -> Vec<(usize, usize)> {
        let (p, k) = (self.p, self.class);
        let from_here = |r: &usize| p.routes[*r].origin == p.classes[k].origin;
        let suits =
            |d: usize| (0..p.wings.len()).any(|w| p.wings[w].facility == d && p.suits(k, w));
        let all: Vec<usize> = (0..p.routes.len()).filter(from_here).collect();
        let some: Vec<usize> = all.iter().copied().filter(|&r| suits(p.routes[r].dest)).collect();
        let asked = if some.is_empty() { all } else { some };
        asked.into_iter().filter_map(|r| Some((r, self.bed(p.routes[r].dest)?))).collect()
    }

    fn bed(&self, facility: usize) -> Option<usize> {
        let (p, k) = (self.p, self.class);
        let wings = || (0..p.wings.len()).filter(|&w| p.wings[w].facility == facility);
        let suiting: Vec<usize> = wings().filter(|&w| p.suits(k, w)).collect();
        let asked = if suiting.is_empty() { wings().collect() } else { suiting };
        asked.into_iter().min_by_key(|&w| (self.bed_refusals(w).len(), w))
    }

    fn bed_refusals(&self, wing: usize) -> Vec<Refusal> {
        let (p, c, w) = (self.p, &self.p.classes[self.class], &self.p.wings[wing]);
        let facility = || p.facilities[w.facility].id.clone();
        let mut out = Vec::new();
        if !p.facilities[w.facility].accepts.contains(&c.nationality) {
            out.push(Refusal::Nationality { facility: facility() });
        }
        if w.rating < c.security {
            out.push(Refusal::Rating { facility: facility() });
        }
        if !w.medical && c.health != Health::Fit {
            out.push(Refusal::Care { facility: facility() });
        }
        if self.case.wing_people[wing] >= w.capacity {
            out.push(Refusal::Beds { facility: facility() });
        }
        let mut groups = self.case.wing_groups[wing].clone();
        groups.push(c.separation);
        if clash(&groups, &p.conflicts).is_some() {
            out.push(Refusal::WingApart { facility: facility() });
        }
        out
    }

    /// What every way to this facility's wing meets: gates, out-processing, intake, a bed.
    fn whatever_the_way(&self, route: usize, wing: usize) -> Vec<Refusal> {
        let (p, t) = (self.p, self.night);
        let (r, c) = (&p.routes[route], &p.classes[self.class]);
        let mut out = self.bed_refusals(wing);
        let mut gone: i64 = self.case.left_by[..t].iter().map(|n| n[self.class]).sum();
        let too_many = |(night, n): (usize, &Vec<i64>)| {
            gone += n[self.class];
            (gone + 1 > c.ready[night] && gone < c.count).then_some(night)
        };
        let short = self.case.left_by.iter().enumerate().skip(t).filter_map(too_many).last();
        if let Some(last) = short {
            let next = (last + 1 < p.nights).then_some(last + 1);
            out.push(Refusal::Gates { ready: c.ready[t], next });
        }
        let (out_limit, intake) =
            (p.origins[r.origin].out_limit[t], p.facilities[r.dest].intake[t]);
        if self.case.out[r.origin][t] >= out_limit {
            let origin = p.origins[r.origin].id.clone();
            out.push(Refusal::OutProcessing { origin, most: out_limit });
        }
        if self.case.intake[r.dest][t] >= intake {
            let facility = p.facilities[r.dest].id.clone();
            out.push(Refusal::Intake { facility, most: intake });
        }
        out
    }

    fn convoys_of(&self, route: usize) -> impl Iterator<Item = (usize, &KnownConvoy<'_>)> {
        let all = self.case.convoys.iter().enumerate();
        all.filter(move |(_, c)| c.night == self.night && c.route == route)
    }

    /// Seats in vehicles and aircraft that carry such people and are not full.
    fn seats(&self, route: usize, wing: usize, out: &mut Vec<Attempt>) {
        let (p, c) = (self.p, &self.p.classes[self.class]);
        let alike = |&(k, _): &(usize, i64)| {
            p.classes[k].need == c.need && p.classes[k].separation == c.separation
        };
        for (convoy, known) in self.convoys_of(route) {
            let seat = known.vehicles.iter().position(|v| {
                let places = v.kind.map_or(0, |kind| p.vehicle_types[kind].places);
                v.aboard.iter().all(alike) && v.aboard.iter().map(|a| a.1).sum::<i64>() < places
            });
            if let Some(vehicle) = seat {
                let refusals = self.whatever_the_way(route, wing);
                out.push(self.attempt(Way::Seat { convoy, vehicle }, wing, refusals));
            }
        }
        for (sortie, s) in self.case.sorties.iter().enumerate() {
            let aboard: i64 = s.aboard.iter().map(|a| a.1).sum();
            if s.night != self.night || s.route != route || aboard >= p.air.places {
                continue;
            }
            let mut refusals = self.whatever_the_way(route, wing);
            let lying = |&&(k, _): &&(usize, i64)| p.classes[k].need == Need::Stretcher;
            let litters: i64 = s.aboard.iter().filter(lying).map(|a| a.1).sum();
            if c.need == Need::Stretcher && litters >= p.air.litters {
                refusals.push(Refusal::Litters { most: p.air.litters });
            }
            if let Some(group) = self.apart(&self.case.groups(&s.aboard), &p.conflicts) {
                refusals.push(Refusal::FlightApart { group });
            }
            out.push(self.attempt(Way::FlightSeat { sortie }, wing, refusals));
        }
    }

    fn more_vehicles(&self, route: usize, wing: usize, out: &mut Vec<Attempt>) {
        let p = self.p;
        for (convoy, known) in self.convoys_of(route) {
            let groups: Vec<usize> =
                known.vehicles.iter().flat_map(|v| self.case.groups(&v.aboard)).collect();
            for kind in self.kinds() {
                let mut refusals = self.whatever_the_way(route, wing);
                self.one_vehicle(route, kind, &mut refusals);
                if known.vehicles.len() >= p.max_vehicles {
                    refusals.push(Refusal::LongestConvoy { most: p.max_vehicles });
                }
                if let Some(group) = self.apart(&groups, &p.convoy_apart) {
                    refusals.push(Refusal::ConvoyApart { group });
                }
                out.push(self.attempt(Way::Vehicle { convoy, kind }, wing, refusals));
            }
        }
    }

    fn convoys(&self, route: usize, wing: usize, out: &mut Vec<Attempt>) {
        let (p, t) = (self.p, self.night);
        let r = &p.routes[route];
        let cover = p.cover[t];
        let used = |orbit: i64| self.case.orbits[t].get(&orbit).copied().unwrap_or(0);
        let fits = |orbit: &i64| used(*orbit) + r.exposure <= cover.slots;
        let under_way = (0..cover.orbits).filter(|o| used(*o) > 0).find(fits);
        let orbit = under_way.or_else(|| (0..cover.orbits).find(fits)).unwrap_or(0);
        for kind in self.kinds() {
            let mut refusals = self.whatever_the_way(route, wing);
            self.one_vehicle(route, kind, &mut refusals);
            self.escorts(route, &mut refusals);
            match cover {
                _ if cover.orbits <= 0 => refusals.push(Refusal::NoCover),
                _ if r.exposure > cover.slots => {
                    refusals.push(Refusal::ShortWindow { window: cover.slots, needed: r.exposure })
                }
                _ if !fits(&orbit) => refusals.push(Refusal::CoverUsed { orbits: cover.orbits }),
                _ => {}
            }
            let bays = p.origins[r.origin].bays[t];
            if self.case.bays[r.origin][t] >= bays {
                let origin = p.origins[r.origin].id.clone();
                refusals.push(Refusal::Bays { origin, most: bays });
            }
            if let crate::problem::Way::Road { crossing } = r.way {
                let most = p.crossings[crossing].slots[t];
                if self.case.crossings[crossing][t] >= most {
                    let crossing = p.crossings[crossing].id.clone();
                    refusals.push(Refusal::Crossing { crossing, most });
                }
            }
            out.push(self.attempt(Way::Convoy { route, kind, orbit }, wing, refusals));
        }
    }

    fn flight(&self, route: usize, wing: usize, out: &mut Vec<Attempt>) {
        let (p, t) = (self.p, self.night);
        let mut refusals = self.whatever_the_way(route, wing);
        self.escorts(route, &mut refusals);
        if self.case.flown[t] >= p.air.sorties[t] {
            refusals.push(Refusal::Flights { most: p.air.sorties[t] });
        }
        if p.classes[self.class].need == Need::Stretcher && p.air.litters < 1 {
            refusals.push(Refusal::Litters { most: p.air.litters });
        }
        out.push(self.attempt(Way::Flight { route }, wing, refusals));
    }

    /// Vehicle types that suit them; every type when none does.
    fn kinds(&self) -> Vec<usize> {
        let p = self.p;
        let need = p.classes[self.class].need;
        let all = 0..p.vehicle_types.len();
        let suiting: Vec<usize> =
            all.clone().filter(|&v| p.vehicle_types[v].needs.contains(&need)).collect();
        if suiting.is_empty() { all.collect() } else { suiting }
    }

    fn one_vehicle(&self, route: usize, kind: usize, refusals: &mut Vec<Refusal>) {
        let (p, t) = (self.p, self.night);
        let (r, home, v) = (&p.routes[route], p.home(route), &p.vehicle_types[kind]);
        let depot = &p.depots[home];
        let need = p.classes[self.class].need;
        if !v.needs.contains(&need) {
            let need = format!("{need:?}").to_lowercase();
            refusals.push(Refusal::NoSuitableVehicle { need });
        }
        let mut there = depot.fleet[kind];
        let mut least = i64::MAX;
        for night in 0..p.nights.min(t + r.cycle) {
            there += self.case.arriving[home][kind][night] - self.case.leaving[home][kind][night];
            if night >= t {
                least = least.min(there);
            }
        }
        if least < 1 {
            let (depot, vehicle) = (depot.id.clone(), v.id.clone());
            let owned = p.depots[home].fleet[kind];
            refusals.push(Refusal::Vehicles { depot, vehicle, owned });
        }
        let away = self.most(&self.case.guards[home], r.team_cycle);
        if v.guards > 0 && away + v.guards > depot.guards {
            refusals.push(Refusal::Guards { depot: depot.id.clone(), most: depot.guards });
        }
    }

    fn escorts(&self, route: usize, refusals: &mut Vec<Refusal>) {
        let (r, depot) = (&self.p.routes[route], &self.p.depots[self.p.home(route)]);
        let away = self.most(&self.case.teams[self.p.home(route)], r.team_cycle);
        if r.teams > 0 && away + r.teams > depot.teams {
            refusals.push(Refusal::EscortTeams { depot: depot.id.clone(), most: depot.teams });
        }
    }

    /// The most of a row in the nights that somebody sent tonight would be away.
    fn most(&self, row: &[i64], nights: usize) -> i64 {
        row.iter().skip(self.night).take(nights).copied().max().unwrap_or(i64::MIN / 2)
    }

    /// The group among those aboard that must be apart from theirs.
    fn apart(&self, aboard: &[usize], pairs: &[[usize; 2]]) -> Option<String> {
        let mine = self.p.classes[self.class].separation;
        let mut groups = aboard.to_vec();
        groups.push(mine);
        let [a, b] = clash(&groups, pairs)?;
        Some(self.p.separation_groups[if a == mine { b } else { a }].clone())
    }

    fn attempt(&self, way: Way, wing: usize, refusals: Vec<Refusal>) -> Attempt {
        Attempt { night: self.night, way, wing, refusals }
    }
}
