//! The whole operation at a position of the record.

use crate::api::{Occupancy, Picture, UnitOccupancy};
use crate::fold::Fold;
use crate::views::nights::{cover, night_at};
use crate::views::weather::weather;
use domain::Night;
use jiff::Timestamp;
use scenario::{Scenario, Site};

pub fn picture(fold: &Fold, scenario: &Scenario, now: Timestamp) -> Picture {
    let night = night_at(&scenario.operation, now);
    Picture {
        position: fold.position,
        root: fold.root.clone(),
        at: now.to_string(),
        night: night.map(|n| n.to_string()),
        totals: fold.totals.clone(),
        sites: scenario.sites.iter().map(|s| occupancy(fold, s, night, now)).collect(),
        movements: night
            .map_or_else(Vec::new, |n| fold.movements_of(n).map(|m| m.line(now)).collect()),
        cover: night.and_then(|n| cover(fold, scenario, n)),
        weather: weather(scenario, now),
    }
}

fn occupancy(fold: &Fold, site: &Site, night: Option<Night>, now: Timestamp) -> Occupancy {
    let units = units(fold, site);
    Occupancy {
        site: site.id.to_string(),
        held: units.iter().map(|u| u.held).sum(),
        capacity: capacity(site),
        promise: night
            .filter(|_| site.destination.is_some())
            .and_then(|n| fold.promises.known(n, &site.id, now)),
        units,
        open_discrepancies: fold
            .discrepancies
            .iter()
            .filter(|d| d.open && d.site.as_deref() == Some(site.id.as_str()))
            .count() as u32,
    }
}

/// People in each unit, in the scenario's order.
pub fn units(fold: &Fold, site: &Site) -> Vec<UnitOccupancy> {
    let held = |unit| fold.held.get(unit).copied().unwrap_or(0);
    let units = site.units.iter();
    units.map(|u| UnitOccupancy { unit: u.id.to_string(), held: held(&u.id) }).collect()
}

/// Places in all units.
pub fn capacity(site: &Site) -> u32 {
    site.units.iter().map(|u| u.capacity).sum()
}
