//! `muster-v1`: the problem as a JSON file.
//!
//! `facilities[].intake`, `origins[].out_limit` and `origins[].bays` may be one number for every
//! night or a list with one number for each night. Unknown fields are let through (instances
//! carry notes such as `weather` or `hosts`), unknown references are not.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    Airlift, Class, Cover, Crossing, Depot, Facility, Health, MAX_SEPARATION_GROUPS,
    MAX_VEHICLE_TYPES, Need, Origin, Problem, Route, Security, VehicleType, Way, Wing,
};

/// Why a file is not a problem that can be planned.
#[derive(Debug, thiserror::Error)]
pub enum ProblemError {
    /// Not JSON, or a field has another shape; the sentence ends with line and column.
    #[error("cannot read the problem: {0}")]
    Syntax(#[source] serde_json::Error),
    /// Well-formed, but one entry cannot be right.
    #[error("{place}: {what}")]
    Invalid { place: String, what: String },
}

/// Counts above this are taken for typing mistakes; it also keeps every sum well inside 64 bits.
const MAX_COUNT: i64 = 10_000_000;
/// Prices above this are refused for the same reason.
const MAX_COST: i64 = 1_000_000_000;
/// Wings of one facility.
const MAX_WINGS: usize = 64;
/// Vehicles and escorts are back after at most this many nights.
const MAX_CYCLE: usize = 31;

impl Problem {
    /// Reads `muster-v1`.
    ///
    /// # Errors
    /// [`ProblemError::Syntax`] with line and column, or [`ProblemError::Invalid`] naming the entry.
    pub fn from_json(text: &str) -> Result<Self, ProblemError> {
        let file: ProblemFile = serde_json::from_str(text).map_err(ProblemError::Syntax)?;
        file.checked()
    }

    /// Writes `muster-v1`; what is the same every night is written as one number.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&ProblemFile::from(self)).unwrap_or_default()
    }
}

/// One number for every night, or one for each.
#[derive(Debug, Clone, PartialEq)]
enum Nightly {
    Same(i64),
    Each(Vec<i64>),
}

impl Nightly {
    fn of(each: &[i64]) -> Self {
        match each.split_first() {
            Some((first, rest)) if rest.iter().all(|x| x == first) => Self::Same(*first),
            _ => Self::Each(each.to_vec()),
        }
    }
}

impl Serialize for Nightly {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Same(n) => n.serialize(s),
            Self::Each(v) => v.serialize(s),
        }
    }
}

impl<'de> Deserialize<'de> for Nightly {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Nightly;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number, or a list with one whole number for each night")
            }
            fn visit_i64<E: de::Error>(self, n: i64) -> Result<Nightly, E> {
                Ok(Nightly::Same(n))
            }
            fn visit_u64<E: de::Error>(self, n: u64) -> Result<Nightly, E> {
                i64::try_from(n).map(Nightly::Same).map_err(E::custom)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Nightly, A::Error> {
                let mut each = Vec::new();
                while let Some(n) = seq.next_element()? {
                    each.push(n);
                }
                Ok(Nightly::Each(each))
            }
        }
        d.deserialize_any(Either)
    }
}

#[derive(Serialize, Deserialize)]
struct ProblemFile {
    format: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    people: Option<i64>,
    nights: usize,
    seps: Vec<String>,
    #[serde(default)]
    conflicts: Vec<[String; 2]>,
    #[serde(default)]
    convoy_apart: Vec<[String; 2]>,
    vehicles: Vec<VehicleFile>,
    max_vehicles: usize,
    team_cost: i64,
    orbit_cost: i64,
    reposition_cost: i64,
    left_cost: i64,
    origins: Vec<OriginFile>,
    classes: Vec<ClassFile>,
    crossings: Vec<CrossingFile>,
    cover: Vec<CoverFile>,
    facilities: Vec<FacilityFile>,
    wings: Vec<WingFile>,
    routes: Vec<RouteFile>,
    air: AirFile,
    depots: Vec<DepotFile>,
}

#[derive(Serialize, Deserialize)]
struct VehicleFile {
    id: String,
    places: i64,
    needs: Vec<Need>,
    guards: i64,
    cost: i64,
}

#[derive(Serialize, Deserialize)]
struct OriginFile {
    id: String,
    depot: usize,
    out_limit: Nightly,
    bays: Nightly,
    safe: i64,
    wait_cost: Nightly,
    over_cost: i64,
}

#[derive(Serialize, Deserialize)]
struct ClassFile {
    id: String,
    origin: usize,
    count: i64,
    security: Security,
    health: Health,
    nat: String,
    sep: String,
    need: Need,
    vuln: i64,
    /// Not in `muster-v1`: people who may board by each night; everyone from the first when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ready: Option<Vec<i64>>,
}

#[derive(Serialize, Deserialize)]
struct CrossingFile {
    id: String,
    slots: Vec<i64>,
}

#[derive(Serialize, Deserialize)]
struct CoverFile {
    orbits: i64,
    slots: i64,
}

#[derive(Serialize, Deserialize)]
struct FacilityFile {
    id: String,
    accepts: Vec<String>,
    intake: Nightly,
}

#[derive(Serialize, Deserialize)]
struct WingFile {
    id: String,
    facility: usize,
    cap: i64,
    rating: Security,
    medical: bool,
}

#[derive(Serialize, Deserialize)]
struct RouteFile {
    id: String,
    kind: Kind,
    origin: usize,
    dest: usize,
    crossing: Option<usize>,
    #[serde(default)]
    hours: f64,
    #[serde(default)]
    risk: Vec<f64>,
    road_cost: Vec<i64>,
    expo: i64,
    cycle: usize,
    team_cycle: usize,
    teams: i64,
}

#[derive(Serialize, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Road,
    Air,
}

#[derive(Serialize, Deserialize)]
struct AirFile {
    places: i64,
    litters: i64,
    cost: i64,
    sorties: Vec<i64>,
}

#[derive(Serialize, Deserialize)]
struct DepotFile {
    id: String,
    fleet: BTreeMap<String, i64>,
    park: BTreeMap<String, i64>,
    teams: i64,
    guards: i64,
}

/// The words of the file for an enum of the problem.
macro_rules! words {
    ($kind:ty { $($variant:ident = $word:literal),+ }) => {
        impl Serialize for $kind {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(match self { $(Self::$variant => $word),+ })
            }
        }
        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                match String::deserialize(d)?.as_str() {
                    $($word => Ok(Self::$variant),)+
                    other => Err(de::Error::unknown_variant(other, &[$($word),+])),
                }
            }
        }
    };
}
words!(Need { Seat = "seat", Secure = "secure", Stretcher = "stretcher" });
words!(Security { Low = "low", Medium = "medium", High = "high" });
words!(Health { Fit = "fit", Medical = "medical", Stretcher = "stretcher" });

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

impl ProblemFile {
    fn checked(self) -> Result<Problem, ProblemError> {
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

impl From<&Problem> for ProblemFile {
    fn from(p: &Problem) -> Self {
        let sep = |s: usize| p.separation_groups[s].clone();
        let nat = |n: usize| p.nationality_groups[n].clone();
        let pairs = |list: &[[usize; 2]]| list.iter().map(|&[a, b]| [sep(a), sep(b)]).collect();
        let by_type = |counts: &[i64]| {
            p.vehicle_types.iter().map(|v| v.id.clone()).zip(counts.iter().copied()).collect()
        };
        Self {
            format: "muster-v1".to_owned(),
            name: p.name.clone(),
            people: Some(p.people()),
            nights: p.nights,
            seps: p.separation_groups.clone(),
            conflicts: pairs(&p.conflicts),
            convoy_apart: pairs(&p.convoy_apart),
            vehicles: (p.vehicle_types.iter())
                .map(|v| VehicleFile {
                    id: v.id.clone(),
                    places: v.places,
                    needs: v.needs.clone(),
                    guards: v.guards,
                    cost: v.cost,
                })
                .collect(),
            max_vehicles: p.max_vehicles,
            team_cost: p.team_cost,
            orbit_cost: p.orbit_cost,
            reposition_cost: p.reposition_cost,
            left_cost: p.left_cost,
            origins: (p.origins.iter())
                .map(|o| OriginFile {
                    id: o.id.clone(),
                    depot: o.depot,
                    out_limit: Nightly::of(&o.out_limit),
                    bays: Nightly::of(&o.bays),
                    safe: o.safe,
                    wait_cost: Nightly::Each(o.wait_cost.clone()),
                    over_cost: o.over_cost,
                })
                .collect(),
            classes: (p.classes.iter())
                .map(|c| ClassFile {
                    id: c.id.clone(),
                    origin: c.origin,
                    count: c.count,
                    security: c.security,
                    health: c.health,
                    nat: nat(c.nationality),
                    sep: sep(c.separation),
                    need: c.need,
                    vuln: c.vulnerability,
                    ready: c.ready.iter().any(|n| *n != c.count).then(|| c.ready.clone()),
                })
                .collect(),
            crossings: (p.crossings.iter())
                .map(|c| CrossingFile { id: c.id.clone(), slots: c.slots.clone() })
                .collect(),
            cover: (p.cover.iter())
                .map(|c| CoverFile { orbits: c.orbits, slots: c.slots })
                .collect(),
            facilities: (p.facilities.iter())
                .map(|f| FacilityFile {
                    id: f.id.clone(),
                    accepts: f.accepts.iter().map(|&n| nat(n)).collect(),
                    intake: Nightly::of(&f.intake),
                })
                .collect(),
            wings: (p.wings.iter())
                .map(|w| WingFile {
                    id: w.id.clone(),
                    facility: w.facility,
                    cap: w.capacity,
                    rating: w.rating,
                    medical: w.medical,
                })
                .collect(),
            routes: (p.routes.iter())
                .map(|r| RouteFile {
                    id: r.id.clone(),
                    kind: if r.is_air() { Kind::Air } else { Kind::Road },
                    origin: r.origin,
                    dest: r.dest,
                    crossing: match r.way {
                        Way::Road { crossing } => Some(crossing),
                        Way::Air => None,
                    },
                    hours: r.hours,
                    risk: r.risk.clone(),
                    road_cost: r.road_cost.clone(),
                    expo: r.exposure,
                    cycle: r.cycle,
                    team_cycle: r.team_cycle,
                    teams: r.teams,
                })
                .collect(),
            air: AirFile {
                places: p.air.places,
                litters: p.air.litters,
                cost: p.air.cost,
                sorties: p.air.sorties.clone(),
            },
            depots: (p.depots.iter())
                .map(|d| DepotFile {
                    id: d.id.clone(),
                    fleet: by_type(&d.fleet),
                    park: by_type(&d.park),
                    teams: d.teams,
                    guards: d.guards,
                })
                .collect(),
        }
    }
}
