//! Legs and routes (`routes.toml`), and places along them. Schematic, not for navigation.

use crate::text::Text;
use domain::code;
use domain::ids::{SiteId, WaypointId};

/// One stretch between two sites.
#[derive(Debug, Clone, PartialEq)]
pub struct Leg {
    pub id: String,
    pub from: SiteId,
    pub to: SiteId,
    pub kind: RouteKind,
    pub hours: f64,
    /// In order of travel.
    pub waypoints: Vec<Waypoint>,
    /// From the first site to the last, both included; at least two points.
    pub line: Vec<Point>,
}

/// Degrees WGS 84.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub lon: f64,
    pub lat: f64,
}

/// Where a convoy reports itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Waypoint {
    pub id: WaypointId,
    pub names: Text,
    /// How far along the leg, 0 to 1, by length and by time.
    pub at: f64,
}

/// How people get from an origin to a destination.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    pub id: String,
    pub kind: RouteKind,
    pub origin: SiteId,
    pub dest: SiteId,
    /// Ids of the legs, in order; each begins where the one before it ends.
    pub legs: Vec<String>,
    /// The border crossing, for routes by road.
    pub crossing: Option<SiteId>,
    /// Half-hour slots of air cover that a convoy takes up.
    pub expo_slots: u32,
    /// Nights until the vehicles are back at their depot.
    pub cycle_nights: u32,
    /// Nights until the escort teams and guards are.
    pub team_cycle_nights: u32,
    pub teams: u32,
    /// Weight of an hour on this route, per person, in points.
    pub risk: f64,
}

code!(RouteKind {
    Road = "road",
    Air = "air",
});

/// Where `fraction` of the way along a leg is: (lat, lon) in degrees. Outside 0..1 it stays at the ends.
///
/// Lengths are equirectangular at the middle latitude of each piece: good to a part in a thousand here.
pub fn position_along(leg: &Leg, fraction: f64) -> (f64, f64) {
    let lengths: Vec<f64> = leg.line.windows(2).map(|w| piece_km(w[0], w[1])).collect();
    let mut rest = lengths.iter().sum::<f64>() * fraction.clamp(0.0, 1.0);
    for (piece, length) in leg.line.windows(2).zip(&lengths) {
        if rest <= *length && *length > 0.0 {
            let f = rest / length;
            let (a, b) = (piece[0], piece[1]);
            return (a.lat + (b.lat - a.lat) * f, a.lon + (b.lon - a.lon) * f);
        }
        rest -= length;
    }
    leg.line.last().map_or((0.0, 0.0), |p| (p.lat, p.lon))
}

/// Length of a leg's line.
pub fn length_km(leg: &Leg) -> f64 {
    leg.line.windows(2).map(|w| piece_km(w[0], w[1])).sum()
}

/// Kilometres between two points not far apart.
pub(crate) fn piece_km(a: Point, b: Point) -> f64 {
    const KM_PER_DEGREE: f64 = 111.195;
    let middle = ((a.lat + b.lat) / 2.0).to_radians();
    (a.lat - b.lat).hypot((a.lon - b.lon) * middle.cos()) * KM_PER_DEGREE
}
