//! From the file to a problem: every reference looked up, every number within reason.

use std::collections::BTreeMap;

use super::ProblemError;
use super::shape::*;
use crate::problem::*;

/// Counts above this are taken for typing mistakes; it also keeps every sum well inside 64 bits.
const MAX_COUNT: i64 = 10_000_000;
/// Prices above this are refused for the same reason.
const MAX_COST: i64 = 1_000_000_000;
/// Wings of one facility.
const MAX_WINGS: usize = 64;
/// Vehicles and escorts are back after at most this many nights.
const MAX_CYCLE: usize = 31;

impl ProblemFile {
    pub fn checked(self) -> Result<Problem, ProblemError> {
        if self.format != "muster-v1" {
            return wrong("format", format!("{:?} is not \"muster-v1\"", self.format));
        }
        let nights = self.nights;
        if !(1..=3660).contains(&nights) {
            return wrong("nights", format!("{nights} is not between 1 and 3660"));
        }
        if self.seps.len() > MAX_SEPARATION_GROUPS {
            return wrong("seps", format!("at most {MAX_SEPARATION_GROUPS} separation groups"));
        }
        if self.vehicles.len() > MAX_VEHICLE_TYPES {
            return wrong("vehicles", format!("at most {MAX_VEHICLE_TYPES} vehicle types"));
        }
        if !(1..=200).contains(&self.max_vehicles) {
            return wrong(
                "max_vehicles",
                format!("{} is not between 1 and 200", self.max_vehicles),
            );
        }
        distinct("vehicles", self.vehicles.iter().map(|x| x.id.as_str()))?;
        distinct("origins", self.origins.iter().map(|x| x.id.as_str()))?;
        distinct("classes", self.classes.iter().map(|x| x.id.as_str()))?;
        distinct("crossings", self.crossings.iter().map(|x| x.id.as_str()))?;
        distinct("facilities", self.facilities.iter().map(|x| x.id.as_str()))?;
        distinct("wings", self.wings.iter().map(|x| x.id.as_str()))?;
        distinct("routes", self.routes.iter().map(|x| x.id.as_str()))?;
        distinct("depots", self.depots.iter().map(|x| x.id.as_str()))?;

        let seps = self.seps;
        let pairs = |list: &str, given: Vec<[String; 2]>| {
            let mut out = Vec::new();
            for (n, [a, b]) in given.into_iter().enumerate() {
                let place = format!("{list}[{n}]");
                let pair = [
                    named(&place, "separation group", &a, &seps)?,
                    named(&place, "separation group", &b, &seps)?,
                ];
                if pair[0] == pair[1] {
                    return wrong(place, "a separation group cannot be apart from itself");
                }
                out.push(pair);
            }
            Ok(out)
        };
        let conflicts = pairs("conflicts", self.conflicts)?;
        let convoy_apart = pairs("convoy_apart", self.convoy_apart)?;
        let mut nats: Vec<String> = (self.facilities.iter().flat_map(|f| &f.accepts))
            .chain(self.classes.iter().map(|c| &c.nat))
            .cloned()
            .collect();
        nats.sort();
        nats.dedup();

        let mut vehicle_types = Vec::new();
        for (n, v) in self.vehicles.into_iter().enumerate() {
            let at = |field: &str| format!("vehicles[{n}].{field}");
            vehicle_types.push(VehicleType {
                places: within(&at("places"), v.places, 1000)?,
                guards: within(&at("guards"), v.guards, MAX_COUNT)?,
                cost: within(&at("cost"), v.cost, MAX_COST)?,
                needs: v.needs,
                id: v.id,
            });
        }
        let mut origins = Vec::new();
        for (n, o) in self.origins.into_iter().enumerate() {
            let at = |field: &str| format!("origins[{n}].{field}");
            origins.push(Origin {
                depot: refer(&at("depot"), "depot", o.depot, self.depots.len())?,
                out_limit: nightly(&at("out_limit"), o.out_limit, nights)?,
                bays: nightly(&at("bays"), o.bays, nights)?,
                safe: within(&at("safe"), o.safe, MAX_COUNT)?,
                wait_cost: nightly(&at("wait_cost"), o.wait_cost, nights)?,
                over_cost: within(&at("over_cost"), o.over_cost, MAX_COST)?,
                id: o.id,
            });
        }
        let mut classes = Vec::new();
        for (n, c) in self.classes.into_iter().enumerate() {
            let at = |field: &str| format!("classes[{n}].{field}");
            classes.push(Class {
                origin: refer(&at("origin"), "origin", c.origin, origins.len())?,
                count: within(&at("count"), c.count, MAX_COUNT)?,
                security: c.security,
                health: c.health,
                nationality: named(&at("nat"), "nationality group", &c.nat, &nats)?,
                separation: named(&at("sep"), "separation group", &c.sep, &seps)?,
                need: c.need,
                vulnerability: within(&at("vuln"), c.vuln, 100_000)?,
                ready: ready(&at("ready"), c.ready, c.count, nights)?,
                barred: Vec::new(),
                id: c.id,
            });
        }
        let mut crossings = Vec::new();
        for (n, c) in self.crossings.into_iter().enumerate() {
            let slots = nightly(&format!("crossings[{n}].slots"), Nightly::Each(c.slots), nights)?;
            crossings.push(Crossing { id: c.id, slots });
        }
        if self.cover.len() != nights {
            return wrong("cover", format!("{} entries for {nights} nights", self.cover.len()));
        }
        let mut cover = Vec::new();
        for (n, c) in self.cover.iter().enumerate() {
            cover.push(Cover {
                orbits: within(&format!("cover[{n}].orbits"), c.orbits, 10_000)?,
                slots: within(&format!("cover[{n}].slots"), c.slots, 10_000)?,
            });
        }
        let mut facilities: Vec<Facility> = Vec::new();
        for (n, f) in self.facilities.into_iter().enumerate() {
            let place = format!("facilities[{n}].accepts");
            let accepts = f.accepts.iter().map(|x| named(&place, "nationality group", x, &nats));
            facilities.push(Facility {
                accepts: accepts.collect::<Result<_, _>>()?,
                intake: nightly(&format!("facilities[{n}].intake"), f.intake, nights)?,
                id: f.id,
            });
        }
        for (d, f) in facilities.iter().enumerate() {
            if self.wings.iter().filter(|w| w.facility == d).count() > MAX_WINGS {
                let most = format!("at most {MAX_WINGS} wings in one facility");
                return wrong(format!("facilities[{d}] ({})", f.id), most);
            }
        }
        let mut wings = Vec::new();
        for (n, w) in self.wings.into_iter().enumerate() {
            let at = |field: &str| format!("wings[{n}].{field}");
            wings.push(Wing {
                facility: refer(&at("facility"), "facility", w.facility, facilities.len())?,
                capacity: within(&at("cap"), w.cap, MAX_COUNT)?,
                rating: w.rating,
                medical: w.medical,
                id: w.id,
            });
        }
        let mut routes = Vec::new();
        for (n, r) in self.routes.into_iter().enumerate() {
            let at = |field: &str| format!("routes[{n}].{field}");
            let way = match (r.kind, r.crossing) {
                (Kind::Air, _) => Way::Air,
                (Kind::Road, Some(b)) => {
                    Way::Road { crossing: refer(&at("crossing"), "crossing", b, crossings.len())? }
                }
                (Kind::Road, None) => {
                    return wrong(at("crossing"), "a road route needs a crossing");
                }
            };
            for (field, cycle) in [("cycle", r.cycle), ("team_cycle", r.team_cycle)] {
                if !(1..=MAX_CYCLE).contains(&cycle) {
                    return wrong(at(field), format!("{cycle} is not between 1 and {MAX_CYCLE}"));
                }
            }
            routes.push(Route {
                way,
                origin: refer(&at("origin"), "origin", r.origin, origins.len())?,
                dest: refer(&at("dest"), "facility", r.dest, facilities.len())?,
                hours: r.hours,
                risk: r.risk,
                road_cost: nightly(&at("road_cost"), Nightly::Each(r.road_cost), nights)?,
                exposure: within(&at("expo"), r.expo, 10_000)?,
                cycle: r.cycle,
                team_cycle: r.team_cycle,
                teams: within(&at("teams"), r.teams, MAX_COUNT)?,
                id: r.id,
            });
        }
        let mut depots = Vec::new();
        for (n, d) in self.depots.into_iter().enumerate() {
            let by_type = |field: &str, given: &BTreeMap<String, i64>| {
                let place = format!("depots[{n}].{field}");
                if let Some(x) = given.keys().find(|x| vehicle_types.iter().all(|v| v.id != **x)) {
                    return wrong(place, format!("{x:?} is not a vehicle type"));
                }
                let count = |v: &VehicleType| given.get(&v.id).copied().unwrap_or(0);
                vehicle_types.iter().map(|v| within(&place, count(v), MAX_COUNT)).collect()
            };
            let fleet: Vec<i64> = by_type("fleet", &d.fleet)?;
            let park: Vec<i64> = by_type("park", &d.park)?;
            if let Some(v) = (0..fleet.len()).find(|&v| fleet[v] > park[v]) {
                let (id, have, most) = (&vehicle_types[v].id, fleet[v], park[v]);
                return wrong(
                    format!("depots[{n}].park"),
                    format!("{have} of {id:?} in the fleet, secure parking for {most}"),
                );
            }
            depots.push(Depot {
                fleet,
                park,
                teams: within(&format!("depots[{n}].teams"), d.teams, MAX_COUNT)?,
                guards: within(&format!("depots[{n}].guards"), d.guards, MAX_COUNT)?,
                id: d.id,
            });
        }
        let air = Airlift {
            places: within("air.places", self.air.places, 10_000)?,
            litters: within("air.litters", self.air.litters, 10_000)?,
            cost: within("air.cost", self.air.cost, MAX_COST)?,
            sorties: nightly("air.sorties", Nightly::Each(self.air.sorties), nights)?,
        };
        Ok(Problem {
            name: self.name,
            nights,
            separation_groups: seps,
            conflicts,
            convoy_apart,
            nationality_groups: nats,
            vehicle_types,
            max_vehicles: self.max_vehicles,
            team_cost: within("team_cost", self.team_cost, MAX_COST)?,
            orbit_cost: within("orbit_cost", self.orbit_cost, MAX_COST)?,
            reposition_cost: within("reposition_cost", self.reposition_cost, MAX_COST)?,
            left_cost: within("left_cost", self.left_cost, MAX_COST)?,
            origins,
            classes,
            crossings,
            cover,
            facilities,
            wings,
            routes,
            air,
            depots,
        })
    }
}

fn wrong<T>(place: impl Into<String>, what: impl Into<String>) -> Result<T, ProblemError> {
    Err(ProblemError::Invalid { place: place.into(), what: what.into() })
}

fn within(place: &str, n: i64, most: i64) -> Result<i64, ProblemError> {
    if (0..=most).contains(&n) {
        Ok(n)
    } else {
        wrong(place, format!("{n} is not between 0 and {most}"))
    }
}

fn nightly(place: &str, given: Nightly, nights: usize) -> Result<Vec<i64>, ProblemError> {
    let each = match given {
        Nightly::Same(n) => vec![n; nights],
        Nightly::Each(each) => each,
    };
    if each.len() != nights {
        return wrong(place, format!("{} numbers for {nights} nights", each.len()));
    }
    each.iter().try_for_each(|&n| within(place, n, MAX_COST).map(drop))?;
    Ok(each)
}

fn ready(
    place: &str,
    given: Option<Vec<i64>>,
    count: i64,
    nights: usize,
) -> Result<Vec<i64>, ProblemError> {
    let each = given.unwrap_or_else(|| vec![count; nights]);
    if each.len() != nights {
        return wrong(place, format!("{} numbers for {nights} nights", each.len()));
    }
    each.iter().try_for_each(|&n| within(place, n, count).map(drop))?;
    match each.windows(2).position(|w| w[1] < w[0]) {
        Some(t) => wrong(place, format!("falls after night {t}: it counts everyone ready by then")),
        None => Ok(each),
    }
}

fn refer(place: &str, what: &str, n: usize, len: usize) -> Result<usize, ProblemError> {
    if n < len {
        Ok(n)
    } else {
        wrong(place, format!("{what} {n} does not exist (there are {len})"))
    }
}

fn named(place: &str, what: &str, name: &str, names: &[String]) -> Result<usize, ProblemError> {
    match names.iter().position(|x| x == name) {
        Some(n) => Ok(n),
        None => wrong(place, format!("{what} {name:?} is not one of {names:?}")),
    }
}

fn distinct<'a>(list: &str, ids: impl Iterator<Item = &'a str>) -> Result<(), ProblemError> {
    let mut seen = std::collections::BTreeSet::new();
    for (n, id) in ids.enumerate() {
        if !seen.insert(id) {
            return wrong(format!("{list}[{n}].id"), format!("{id:?} is used twice"));
        }
    }
    Ok(())
}
