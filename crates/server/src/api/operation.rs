//! What does not change while an operation runs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One text in the three languages of the room.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Text {
    pub en: String,
    pub ar: String,
    /// Central Kurdish (Sorani).
    pub ckb: String,
}

/// What does not change while an operation runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Operation {
    pub id: String,
    pub names: Text,
    /// Who ordered it and the legal basis as claimed; the code decides neither.
    pub mandate: String,
    /// People the operation is mandated for.
    pub cohort: u32,
    /// Evenings, in order.
    pub nights: Vec<String>,
    /// Local time less UTC, in seconds.
    pub utc_offset_s: i32,
    pub authorities: Vec<Authority>,
    pub sites: Vec<Site>,
    pub legs: Vec<Leg>,
    pub published: Vec<Published>,
    /// Where convoys report themselves.
    pub waypoints: Vec<Named>,
    /// Where vehicles and escorts are at home.
    pub depots: Vec<Named>,
    /// Types of vehicles and of aircraft.
    pub vehicle_types: Vec<Named>,
    pub vehicles: Vec<Vehicle>,
    /// Whether this is an exercise on invented people, with a clock that can be driven.
    pub exercise: bool,
}

/// Something of the scenario by its name in each language.
#[derive(Debug, Serialize, ToSchema)]
pub struct Named {
    pub id: String,
    pub names: Text,
}

/// One vehicle, as `hasakah-bus-03`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Vehicle {
    pub id: String,
    /// Of the types.
    pub kind: String,
    /// Of the depots.
    pub depot: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Authority {
    pub id: String,
    pub names: Text,
    pub kind: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Site {
    pub id: String,
    pub names: Text,
    /// prison, camp, staging, airfield, crossing
    pub kind: String,
    /// origin, destination, way or context
    pub part: String,
    pub authority: Option<String>,
    pub lat: f64,
    pub lon: f64,
    pub units: Vec<Unit>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Unit {
    /// `site/unit`.
    pub id: String,
    pub names: Text,
    /// low, medium or high
    pub rating: String,
    /// Places.
    pub capacity: u32,
    pub medical: bool,
    pub juvenile: bool,
}

/// A stretch of road or air. Schematic, not for navigation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Leg {
    pub id: String,
    pub from: String,
    pub to: String,
    /// road or air
    pub kind: String,
    /// Longitude and latitude, in order.
    pub line: Vec<[f64; 2]>,
}

/// A figure somebody published, with who said it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Published {
    pub date: String,
    pub subject: String,
    pub low: u32,
    /// Equal to `low` when one number was published.
    pub high: u32,
    pub who: String,
    pub source: String,
}
