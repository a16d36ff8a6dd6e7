//! Vehicles, depots and aircraft (`fleet.toml`). All assumptions: none of it is public.

use crate::site::{Health, Security};
use crate::text::Text;
use domain::code;
use domain::ids::{AuthorityId, Night, VehicleId};
use std::collections::BTreeMap;

/// What moves people.
#[derive(Debug, Clone, PartialEq)]
pub struct Fleet {
    pub types: Vec<VehicleType>,
    pub depots: Vec<Depot>,
    pub aircraft: Aircraft,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VehicleType {
    /// As `bus`.
    pub id: String,
    pub names: Text,
    /// People in custody it carries.
    pub places: u32,
    /// The needs it suits; one need at a time.
    pub suits: Vec<Need>,
    /// Custody guards aboard.
    pub guards: u32,
    /// Units per trip.
    pub cost: u32,
}

/// Where vehicles and escorts are based.
#[derive(Debug, Clone, PartialEq)]
pub struct Depot {
    pub id: String,
    pub names: Text,
    pub authority: AuthorityId,
    pub lat: f64,
    pub lon: f64,
    /// Vehicles at the start, by type id.
    pub fleet: BTreeMap<String, u32>,
    /// The most it may own, by type id: secure parking.
    pub parking: BTreeMap<String, u32>,
    pub teams: u32,
    pub guards: u32,
}

/// The one type of aircraft that carries people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aircraft {
    pub id: String,
    pub names: Text,
    pub places: u32,
    /// How many of the places may be litters.
    pub litters: u32,
    /// Flights in each night; nights without any are absent.
    pub sorties: BTreeMap<Night, u32>,
}

/// One numbered vehicle, as `hasakah-bus-03`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vehicle {
    pub id: VehicleId,
    /// Id of its type.
    pub kind: String,
    /// Id of its depot at the start.
    pub depot: String,
}

code!(
    /// What a person must travel in.
    Need {
        Seat = "seat",
        Secure = "secure",
        Stretcher = "stretcher",
    }
);

impl Need {
    /// Lying down comes before locked in.
    pub fn of(security: Security, health: Health) -> Need {
        match (security, health) {
            (_, Health::Stretcher) => Need::Stretcher,
            (Security::High, _) => Need::Secure,
            _ => Need::Seat,
        }
    }
}

impl Fleet {
    pub fn vehicle_type(&self, id: &str) -> Option<&VehicleType> {
        self.types.iter().find(|t| t.id == id)
    }

    pub fn depot(&self, id: &str) -> Option<&Depot> {
        self.depots.iter().find(|d| d.id == id)
    }

    /// Every vehicle by number: depots in file order, types in file order, from 01.
    pub fn vehicles(&self) -> Vec<Vehicle> {
        let mut all = Vec::new();
        for depot in &self.depots {
            for kind in &self.types {
                for n in 1..=depot.fleet.get(&kind.id).copied().unwrap_or(0) {
                    // Both parts were checked as slugs, so only a length over 48 could fail here.
                    if let Ok(id) = VehicleId::new(&format!("{}-{}-{n:02}", depot.id, kind.id)) {
                        all.push(Vehicle { id, kind: kind.id.clone(), depot: depot.id.clone() });
                    }
                }
            }
        }
        all
    }
}
