//! Who leaves later than they could, or not at all, one by one, and what refused each.

use crate::api::{LateCause, LatePage, LatePerson, Part};
use crate::entitled::Seen;
use crate::fold::Fold;
use crate::reasons::{Reasons, Waits};
use crate::views::custody::site_of;
use crate::views::plan::largest_first;
use domain::{Custody, MovementId, PersonId, Record, SiteId};
use scenario::Scenario;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Which of them; what is `None` does not narrow.
#[derive(Debug, Default)]
pub struct Which {
    pub state: Option<String>,
    pub site: Option<SiteId>,
    pub cause: Option<String>,
}

impl Which {
    pub const STATES: [&str; 3] = ["left-behind", "not-planned", "late"];

    fn takes(&self, one: &LatePerson) -> bool {
        self.state.as_ref().is_none_or(|state| one.state == *state)
            && self.site.as_ref().is_none_or(|site| one.from == site.as_str())
            && self.cause.as_ref().is_none_or(|c| one.because.iter().any(|b| b.what == *c))
    }
}

/// Everybody whom the question is about; [`LatePage::cut`] leaves a page of them.
pub fn late(
    record: &Record,
    fold: &Fold,
    scenario: &Scenario,
    reasons: &Reasons,
    which: &Which,
    seen: &Seen,
) -> LatePage {
    let nights: Vec<String> = scenario.operation.nights().map(|n| n.to_string()).collect();
    let mut page = LatePage { plan: reasons.plan.clone(), ..LatePage::default() };
    let Some(planned) = fold.plans.in_force() else { return LatePage::default() };
    let mut everybody = Vec::new();
    for (person, standing) in record.people() {
        let ended = matches!(standing.custody, Custody::Ended { .. });
        let Some(site) = site_of(&standing.custody).filter(|_| !ended) else { continue };
        let at_origin = scenario.site(site).is_some_and(|site| site.origin.is_some());
        if !at_origin || fold.journeys.departed.contains(&person) {
            continue;
        }
        let waits = reasons.of(person);
        let seat = planned.seat(person);
        if waits.is_none() && seat.is_some() {
            continue;
        }
        if !seen.sees(record, person) {
            page.withheld += 1;
            continue;
        }
        let cleared = fold.cleared.contains(&person);
        everybody.push(line(person, site, waits, seat.map(|(id, _)| *id), cleared, &nights));
    }
    let count = |of: fn(&LatePerson) -> Vec<&str>| parts(everybody.iter().flat_map(of));
    page.states = count(|one| vec![one.state.as_str()]);
    page.sites = count(|one| vec![one.from.as_str()]);
    page.causes = count(|one| {
        let mut whats: Vec<_> = one.because.iter().map(|b| b.what.as_str()).collect();
        whats.sort_unstable();
        whats.dedup();
        whats
    });
    everybody.retain(|one| which.takes(one));
    let without_a_place = |one: &LatePerson| Which::STATES.iter().position(|s| one.state == *s);
    everybody.sort_by_key(|one| (without_a_place(one), Reverse(one.nights)));
    page.total = everybody.len() as u32;
    page.people = everybody;
    page
}

fn line(
    person: PersonId,
    from: &SiteId,
    waits: Option<&Waits>,
    movement: Option<MovementId>,
    cleared: bool,
    nights: &[String],
) -> LatePerson {
    let state = match (waits, movement) {
        (None, _) => "not-planned",
        (_, None) => "left-behind",
        (_, Some(_)) => "late",
    };
    // The plan had not counted on them: their gates were not passed, or have been since.
    let unknown = || LateCause {
        what: if cleared { "since-cleared" } else { "gates" }.to_owned(),
        r#where: String::new(),
        vehicle: String::new(),
        rule: (!cleared).then(|| "R36".to_owned()),
        nights: 0,
    };
    LatePerson {
        person: person.to_string(),
        state: state.to_owned(),
        from: from.to_string(),
        first: waits.and_then(|w| nights.get(w.first).cloned()),
        night: movement.map(|m| m.night.to_string()),
        movement: movement.map(|m| m.to_string()),
        nights: waits.map_or(0, |w| w.nights as u32),
        because: waits.map_or_else(|| vec![unknown()], |w| w.because.clone()),
    }
}

fn parts<'a>(keys: impl Iterator<Item = &'a str>) -> Vec<Part> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    largest_first(counts.into_iter())
}

impl LatePage {
    /// With these of its people only.
    pub fn cut(mut self, offset: u32, limit: u32) -> Self {
        let people = self.people.into_iter().skip(offset as usize).take(limit as usize);
        self.people = people.collect();
        self
    }
}
