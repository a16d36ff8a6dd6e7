//! Where a movement should be: its last report carried forward at the route's pace.

use domain::WaypointId;
use jiff::Timestamp;
use scenario::route::position_along;
use scenario::{Leg, Route, Scenario, Text};

/// A route laid out in hours from its origin, with every place that is reported on the way.
#[derive(Debug, Clone)]
pub struct Course {
    legs: Vec<Leg>,
    /// In order of travel: waypoints, and the sites between two legs.
    marks: Vec<Mark>,
    hours: f64,
}

#[derive(Debug, Clone)]
pub struct Mark {
    pub id: WaypointId,
    pub names: Option<Text>,
    /// From departure.
    pub hours: f64,
}

/// The last thing known of a movement: how many hours along it was, and when.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    pub hours: f64,
    pub at: Timestamp,
}

impl Course {
    pub fn of(scenario: &Scenario, route: &Route) -> Self {
        let legs: Vec<Leg> = scenario.legs_of(route).cloned().collect();
        let mut marks = Vec::new();
        let mut hours = 0.0;
        for leg in &legs {
            marks.extend(leg.waypoints.iter().map(|w| Mark {
                id: w.id.clone(),
                names: Some(w.names.clone()),
                hours: hours + leg.hours * w.at,
            }));
            hours += leg.hours;
            if leg.to != route.dest
                && let Ok(id) = WaypointId::new(leg.to.as_str())
            {
                let names = scenario.site(&leg.to).map(|s| s.names.clone());
                marks.push(Mark { id, names, hours });
            }
        }
        Self { legs, marks, hours }
    }

    pub fn mark(&self, id: &WaypointId) -> Option<&Mark> {
        self.marks.iter().find(|m| m.id == *id)
    }

    /// Hours from departure to arrival.
    pub fn hours(&self) -> f64 {
        self.hours
    }

    /// Hours along at a time. Never past the next place that has not been reported: nobody knows
    /// that it was reached.
    pub fn hours_at(&self, fix: Fix, now: Timestamp) -> f64 {
        let since = now.duration_since(fix.at).as_secs_f64().max(0.0) / 3600.0;
        let next = self.marks.iter().map(|m| m.hours).find(|h| *h > fix.hours + 1e-9);
        (fix.hours + since).min(next.unwrap_or(self.hours))
    }

    /// Longitude and latitude after so many hours.
    pub fn position(&self, hours: f64) -> Option<[f64; 2]> {
        let mut rest = hours.max(0.0);
        for leg in &self.legs {
            if rest <= leg.hours && leg.hours > 0.0 {
                let (lat, lon) = position_along(leg, rest / leg.hours);
                return Some([lon, lat]);
            }
            rest -= leg.hours;
        }
        let (lat, lon) = position_along(self.legs.last()?, 1.0);
        Some([lon, lat])
    }

    /// 0 at departure, 1 on arrival.
    pub fn progress(&self, hours: f64) -> f64 {
        if self.hours > 0.0 { (hours / self.hours).clamp(0.0, 1.0) } else { 1.0 }
    }
}
