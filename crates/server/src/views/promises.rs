//! What receiving sites promised, and when they said so.

use domain::{Event, Night, Record, SiteId, kind};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Promises of each site and night, in the order they were announced, never empty.
#[derive(Debug, Clone, Default)]
pub struct Promises(BTreeMap<(Night, SiteId), Vec<Promise>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    pub announced_at: Timestamp,
    pub people: u32,
}

impl Promises {
    pub fn of(record: &Record) -> Self {
        let mut facts: Vec<_> = record.counted(kind::INTAKE_PROMISED).collect();
        facts.sort_by_key(|f| (f.occurred_at, f.hash));
        let mut promises = Self::default();
        for fact in facts {
            if let Event::IntakePromised { site, nights } = &fact.event {
                for (night, people) in nights {
                    let said = Promise { announced_at: fact.occurred_at, people: *people };
                    promises.0.entry((*night, site.clone())).or_default().push(said);
                }
            }
        }
        promises
    }

    /// As known at a time; `None` when nothing had been promised by then.
    pub fn known(&self, night: Night, site: &SiteId, at: Timestamp) -> Option<u32> {
        let said = self.0.get(&(night, site.clone()))?;
        said.iter().rev().find(|p| p.announced_at <= at).map(|p| p.people)
    }

    /// Over all sites, as known at a time.
    pub fn total(&self, night: Night, at: Timestamp) -> u32 {
        let of_night = self.0.iter().filter(|((n, _), _)| *n == night);
        of_night
            .filter_map(|(_, said)| said.iter().rev().find(|p| p.announced_at <= at))
            .map(|p| p.people)
            .sum()
    }

    /// Of one site by night, each with all that was ever said of it.
    pub fn of_site<'a>(&'a self, site: &'a SiteId) -> impl Iterator<Item = (Night, &'a [Promise])> {
        self.0.iter().filter(move |((_, s), _)| s == site).map(|((n, _), said)| (*n, &said[..]))
    }
}
