//! The JSON as it stands in the file.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::problem::{Health, Need, Security};

/// One number for every night, or one for each.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Nightly {
    Same(i64),
    Each(Vec<i64>),
}

impl Nightly {
    pub fn of(each: &[i64]) -> Self {
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
pub(super) struct ProblemFile {
    pub format: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub people: Option<i64>,
    pub nights: usize,
    pub seps: Vec<String>,
    #[serde(default)]
    pub conflicts: Vec<[String; 2]>,
    #[serde(default)]
    pub convoy_apart: Vec<[String; 2]>,
    pub vehicles: Vec<VehicleFile>,
    pub max_vehicles: usize,
    pub team_cost: i64,
    pub orbit_cost: i64,
    pub reposition_cost: i64,
    pub left_cost: i64,
    pub origins: Vec<OriginFile>,
    pub classes: Vec<ClassFile>,
    pub crossings: Vec<CrossingFile>,
    pub cover: Vec<CoverFile>,
    pub facilities: Vec<FacilityFile>,
    pub wings: Vec<WingFile>,
    pub routes: Vec<RouteFile>,
    pub air: AirFile,
    pub depots: Vec<DepotFile>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct VehicleFile {
    pub id: String,
    pub places: i64,
    pub needs: Vec<Need>,
    pub guards: i64,
    pub cost: i64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct OriginFile {
    pub id: String,
    pub depot: usize,
    pub out_limit: Nightly,
    pub bays: Nightly,
    pub safe: i64,
    pub wait_cost: Nightly,
    pub over_cost: i64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ClassFile {
    pub id: String,
    pub origin: usize,
    pub count: i64,
    pub security: Security,
    pub health: Health,
    pub nat: String,
    pub sep: String,
    pub need: Need,
    pub vuln: i64,
    /// Not in `muster-v1`: people who may board by each night; everyone from the first when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<Vec<i64>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct CrossingFile {
    pub id: String,
    pub slots: Vec<i64>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct CoverFile {
    pub orbits: i64,
    pub slots: i64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct FacilityFile {
    pub id: String,
    pub accepts: Vec<String>,
    pub intake: Nightly,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WingFile {
    pub id: String,
    pub facility: usize,
    pub cap: i64,
    pub rating: Security,
    pub medical: bool,
}

#[derive(Serialize, Deserialize)]
pub(super) struct RouteFile {
    pub id: String,
    pub kind: Kind,
    pub origin: usize,
    pub dest: usize,
    pub crossing: Option<usize>,
    #[serde(default)]
    pub hours: f64,
    #[serde(default)]
    pub risk: Vec<f64>,
    pub road_cost: Vec<i64>,
    pub expo: i64,
    pub cycle: usize,
    pub team_cycle: usize,
    pub teams: i64,
}

#[derive(Serialize, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Road,
    Air,
}

#[derive(Serialize, Deserialize)]
pub(super) struct AirFile {
    pub places: i64,
    pub litters: i64,
    pub cost: i64,
    pub sorties: Vec<i64>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct DepotFile {
    pub id: String,
    pub fleet: BTreeMap<String, i64>,
    pub park: BTreeMap<String, i64>,
    pub teams: i64,
    pub guards: i64,
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
