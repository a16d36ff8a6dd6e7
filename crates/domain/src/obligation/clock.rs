//! The clocks that run, ran, or stopped.

use super::rule::{Again, ObligationRule, Proof, Start, Who};
use crate::code;
use crate::custody::{Custody, Place};
use crate::fact::{Event, Fact};
use crate::ids::*;
use crate::record::Record;
use crate::standing::Standing;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One duty towards one person, from the fact that started it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// Index in the list of rules.
    pub rule: usize,
    pub person: PersonId,
    pub start: FactHash,
    /// The field's time of the starting fact.
    pub started: Timestamp,
    /// Later than the rule says when the notice was deferred with a reason and an end.
    pub due: Timestamp,
    pub who: AuthorityId,
    pub end: Option<End>,
}

/// What stopped a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Proved {
        by: FactHash,
        at: Timestamp,
    },
    /// A recorded reason why nobody is to be told, as that the person does not wish it.
    Waived {
        by: FactHash,
        at: Timestamp,
    },
    /// Custody ended in a way that lifts the duty.
    Lapsed {
        by: FactHash,
        at: Timestamp,
    },
}

code!(
    /// Where a clock stands at an instant.
    ClockState {
        Overdue = "overdue",
        Running = "running",
        /// Proved after the deadline.
        Late = "late",
        Met = "met",
        Waived = "waived",
        Lapsed = "lapsed",
    }
);

impl Clock {
    /// `now` is only needed for a clock that still runs.
    pub fn state(&self, now: Timestamp) -> ClockState {
        match self.end {
            Some(End::Proved { at, .. }) if at > self.due => ClockState::Late,
            Some(End::Proved { .. }) => ClockState::Met,
            Some(End::Waived { .. }) => ClockState::Waived,
            Some(End::Lapsed { .. }) => ClockState::Lapsed,
            None if now > self.due => ClockState::Overdue,
            None => ClockState::Running,
        }
    }
}

/// Every clock that the record's facts start, by person, then rule, then start.
pub fn clocks(record: &Record, rules: &[ObligationRule]) -> Vec<Clock> {
    let mut all = Vec::new();
    for (person, standing) in record.people() {
        let life = Life { record, person, standing, mentions: record.counted_mentions(person) };
        for (index, rule) in rules.iter().enumerate() {
            let starts = life.starts(rule);
            all.extend(starts.into_iter().filter_map(|fact| life.clock(index, rule, fact)));
        }
    }
    all
}

/// What the record says of one person.
struct Life<'a> {
    record: &'a Record,
    person: PersonId,
    standing: &'a Standing,
    /// What counts, by the field's time, then hash: a key taken out of use starts and stops no clock.
    mentions: Vec<&'a Arc<Fact>>,
}

impl Life<'_> {
    /// The facts that start a clock under the rule, in the order of the chain or of time.
    fn starts(&self, rule: &ObligationRule) -> Vec<&Fact> {
        let found = match &rule.starts {
            Start::FoundUnder18 => self.found_under_18(),
            custody => self.on_chain(custody),
        };
        let mut seen = BTreeSet::new();
        let mut fresh = |site: &Option<SiteId>| match rule.again {
            Again::Always => true,
            Again::Never => seen.insert(None),
            Again::EachSite => seen.insert(site.clone()),
        };
        found.into_iter().filter(|(_, site)| fresh(site)).map(|(fact, _)| fact).collect()
    }

    fn found_under_18(&self) -> Vec<(&Fact, Option<SiteId>)> {
        let found = |f: &Fact| matches!(f.event, Event::AgeFound { under_18: true, .. });
        self.mentions.iter().filter(|f| found(f)).map(|f| (f.as_ref(), None)).collect()
    }

    fn on_chain(&self, start: &Start) -> Vec<(&Fact, Option<SiteId>)> {
        let mut found = Vec::new();
        let mut before = &Custody::Outside;
        for (hash, custody) in &self.standing.chain {
            let was_at = site_of(before);
            if let Some(fact) = self.record.fact(hash)
                && let Some(site) = self.starting_at(start, fact, custody, was_at)
            {
                found.push((fact.as_ref(), site));
            }
            before = custody;
        }
        found
    }

    /// Whether this step of the chain is the starting fact, and the site it was at.
    fn starting_at(
        &self,
        start: &Start,
        fact: &Fact,
        after: &Custody,
        was_at: Option<&SiteId>,
    ) -> Option<Option<SiteId>> {
        let now_at = site_of(after);
        match (start, &fact.event) {
            (Start::Registered, Event::Registered { .. }) => Some(now_at.cloned()),
            (Start::Boarded, Event::Boarded { .. }) => Some(was_at.cloned()),
            (Start::Placed(sites), Event::Placed { unit, .. }) => {
                let came = was_at != Some(unit.site()) && sites.contains(unit.site());
                came.then(|| Some(unit.site().clone()))
            }
            (Start::Accepted(sites), Event::HandoverAnswered { offer, .. }) => {
                let taken = after.responsible().is_some_and(|a| a.authority == fact.authority);
                let Event::HandoverOffered { site, .. } = &self.record.fact(offer)?.event else {
                    return None;
                };
                (taken && sites.contains(site)).then(|| Some(site.clone()))
            }
            (Start::Exited(reasons), Event::Exited { why, .. }) => {
                reasons.contains(why).then(|| was_at.cloned())
            }
            _ => None,
        }
    }

    fn clock(&self, index: usize, rule: &ObligationRule, start: &Fact) -> Option<Clock> {
        let started = start.occurred_at;
        let from = started.checked_sub(rule.early).ok()?;
        let mut due = started.checked_add(rule.within).ok()?;
        let mut end = None;
        for fact in self.mentions.iter().filter(|f| f.occurred_at >= from) {
            let (by, at) = (fact.hash, fact.occurred_at);
            if proves(rule, fact) && fact.hash != start.hash {
                end = Some(End::Proved { by, at });
                break;
            }
            match self.deferral(rule, fact) {
                Some(None) => {
                    end = Some(End::Waived { by, at });
                    break;
                }
                // What is asked for after the deadline does not move it.
                Some(Some(until)) if at <= due => due = due.max(until),
                _ => {}
            }
        }
        if end.is_none() {
            end = self.lapse(rule, started, due);
        }
        let who = match &rule.who {
            Who::Signer => start.authority.clone(),
            Who::Authority(authority) => authority.clone(),
        };
        Some(Clock { rule: index, person: self.person, start: start.hash, started, due, who, end })
    }

    /// `Some(None)`: nobody is to be told. `Some(Some(until))`: not before then. A delay that
    /// needs an end and has none stops no clock.
    fn deferral(&self, rule: &ObligationRule, fact: &Fact) -> Option<Option<Timestamp>> {
        match (&rule.proof, &fact.event) {
            (Proof::Notified(due), Event::NoticeDeferred { whom, why, until, .. })
                if due == whom =>
            {
                match until {
                    Some(until) => Some(Some(*until)),
                    None => why.needs_no_end().then_some(None),
                }
            }
            _ => None,
        }
    }

    /// An end of custody after the deadline lifts nothing: the duty was missed before.
    fn lapse(&self, rule: &ObligationRule, started: Timestamp, due: Timestamp) -> Option<End> {
        self.standing.chain.iter().find_map(|(hash, custody)| {
            let Custody::Ended { why, .. } = custody else { return None };
            let fact = self.record.fact(hash)?;
            let at = fact.occurred_at;
            let lifts = rule.lapses.contains(why) && (started..=due).contains(&at);
            lifts.then_some(End::Lapsed { by: *hash, at })
        })
    }
}

fn proves(rule: &ObligationRule, fact: &Fact) -> bool {
    match (&rule.proof, &fact.event) {
        (Proof::Notified(due), Event::Notified { whom, .. }) => due == whom,
        (Proof::Examined, Event::Examined { .. }) => true,
        (Proof::ManifestFrozen, Event::ManifestFrozen { .. }) => true,
        (Proof::Placed(units), Event::Placed { unit, .. }) => units.contains(unit),
        _ => false,
    }
}

fn site_of(custody: &Custody) -> Option<&SiteId> {
    match &custody.responsible()?.place {
        Place::Unit(unit) => Some(unit.site()),
        Place::Vehicle(..) => None,
    }
}
