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

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn course() -> Course {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/hasakah-2026");
        let scenario = Scenario::read(&dir).unwrap();
        Course::of(&scenario, scenario.route("hasakah-karkh-road").unwrap())
    }

    fn after(hours: f64) -> Timestamp {
        Timestamp::from_second((hours * 3600.0) as i64).unwrap()
    }

    #[test]
    fn reporting_places_are_in_order_of_travel() {
        let course = course();
        let names: Vec<_> = course.marks.iter().map(|m| m.id.as_str()).collect();
        assert_eq!(names[..4], ["tell-hamis", "jawadiyah", "kharab-al-jir", "rabia"]);
        assert!(course.marks.windows(2).all(|w| w[0].hours <= w[1].hours));
        assert!(course.marks.iter().all(|m| m.hours < course.hours()));
    }

    /// Silence does not move a convoy past the next place that would have reported it.
    #[test]
    fn a_movement_waits_at_the_next_place_until_it_is_reported() {
        let course = course();
        let departed = Fix { hours: 0.0, at: after(0.0) };
        assert_eq!(course.hours_at(departed, after(0.5)), 0.5);
        let first = course.marks[0].hours;
        assert_eq!(course.hours_at(departed, after(5.0)), first);
        let passed = Fix { hours: first, at: after(1.5) };
        assert_eq!(course.hours_at(passed, after(1.6)), first + 0.1);
        assert_eq!(course.hours_at(passed, after(1.0)), first, "a clock that is behind");
        let last = course.marks.last().unwrap().hours;
        let near = Fix { hours: last, at: after(0.0) };
        assert_eq!(course.hours_at(near, after(100.0)), course.hours());
    }

    #[test]
    fn it_begins_at_the_origin_and_ends_at_the_destination() {
        let course = course();
        assert_eq!(course.position(0.0), Some([40.75, 36.50]));
        assert_eq!(course.position(1000.0), course.position(course.hours()));
        assert_eq!((course.progress(0.0), course.progress(course.hours())), (0.0, 1.0));
    }
}
