//! What each night offers: crossing slots, air cover, intake promises (`crossings.csv`, `cover.csv`,
//! `intake.csv`).

use crate::Scenario;
use domain::ids::{Night, SiteId};
use jiff::civil::{Date, Time};
use std::collections::BTreeMap;

/// Convoys that a crossing lets through in a night.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossingNight {
    pub night: Night,
    pub crossing: SiteId,
    pub slots: u32,
    /// Name of a source, or `assumption`.
    pub source: String,
}

/// Aircraft on station in a night, weather permitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverNight {
    pub night: Night,
    /// Convoys are assigned to one orbit each.
    pub orbits: u32,
    /// Half-hour slots that each orbit can give to convoys.
    pub slots: u32,
    /// Local time; `to` before `from` is on the next morning.
    pub from: Time,
    pub to: Time,
    pub source: String,
}

/// What a receiving site says it accepts in a night, and when it said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakePromise {
    /// Known from the morning of this date on.
    pub announced: Date,
    pub site: SiteId,
    pub night: Night,
    pub people: u32,
    pub source: String,
}

impl Scenario {
    /// The promises that stand on a date: for each site and night, the last announced by then.
    pub fn intake_as_known(&self, on: Date) -> BTreeMap<(SiteId, Night), u32> {
        let mut last: BTreeMap<(SiteId, Night), (Date, u32)> = BTreeMap::new();
        for p in self.intake.iter().filter(|p| p.announced <= on) {
            let entry = last.entry((p.site.clone(), p.night)).or_insert((p.announced, p.people));
            if p.announced >= entry.0 {
                *entry = (p.announced, p.people);
            }
        }
        last.into_iter().map(|(key, (_, people))| (key, people)).collect()
    }
}
