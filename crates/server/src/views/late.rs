//! Who leaves later than they could, or not at all, one by one, and what refused each.

use crate::api::{LateCause, LatePage, LatePerson, Part};
use crate::entitled::Seen;
use crate::fold::Fold;
use crate::planned_problem::PlannedProblem;
use crate::views::custody::site_of;
use crate::views::plan::{Planned, largest_first};
use domain::{Custody, MovementId, PersonId, PlanHash, Record, SiteId};
use planner::explain::{Cause, Explained, NightStory};
use scenario::Scenario;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whom the plan in force makes wait, with what refused them. Nothing in it depends on the record.
pub struct Reasons {
    plan: String,
    /// Nobody's, where the problem's people are not kept here.
    known: bool,
    waits: BTreeMap<PersonId, Waits>,
}

struct Waits {
    /// Nights of the operation.
    first: usize,
    nights: usize,
    /// Shared by those of one class who could leave and leave on the same nights.
    because: Arc<Vec<LateCause>>,
}

impl Reasons {
    pub fn of(plan: &PlanHash, planned: &Planned, of: &PlannedProblem) -> Self {
        let known = !of.people.is_empty();
        let mut reasons = Self { plan: plan.to_string(), known, waits: BTreeMap::new() };
        let classes = planned.document.class_plan();
        let explained = match Explained::new(&of.problem, &classes) {
            Ok(explained) => explained,
            Err(error) => {
                tracing::warn!(error = %error, "the plan in force cannot be explained");
                return reasons;
            }
        };
        for (id, by_ready) in &of.people {
            let Some(class) = of.problem.class_at(id) else { continue };
            let mut stories: BTreeMap<Option<usize>, Vec<NightStory>> = BTreeMap::new();
            for (&first, numbers) in by_ready {
                let mut told: BTreeMap<Option<usize>, Arc<Vec<LateCause>>> = BTreeMap::new();
                for person in numbers.iter().filter_map(|n| PersonId::parse(n).ok()) {
                    let leaving = planned.movement_of(person).map(|m| m.night);
                    let until = leaving.unwrap_or(of.problem.nights);
                    if until < of.from || until <= first {
                        continue;
                    }
                    let because = told.entry(leaving).or_insert_with(|| {
                        let nights = stories.entry(leaving).or_insert_with(|| {
                            explained.nights(class, leaving).unwrap_or_default()
                        });
                        Arc::new(causes(nights.iter().filter(|n| n.night >= first)))
                    });
                    let waits = Waits { first, nights: until - first, because: because.clone() };
                    reasons.waits.insert(person, waits);
                }
            }
        }
        reasons
    }
}

/// That of most nights first.
fn causes<'a>(nights: impl Iterator<Item = &'a NightStory>) -> Vec<LateCause> {
    let mut counts: BTreeMap<Cause, u32> = BTreeMap::new();
    for cause in nights.flat_map(NightStory::causes) {
        *counts.entry(cause).or_default() += 1;
    }
    let mut causes: Vec<_> = counts.into_iter().collect();
    causes.sort_by_key(|(_, nights)| Reverse(*nights));
    let told = |(cause, nights): (Cause, u32)| LateCause {
        what: cause.what.to_owned(),
        r#where: cause.place,
        vehicle: cause.vehicle,
        rule: cause.rule.map(str::to_owned),
        nights,
    };
    causes.into_iter().map(told).collect()
}

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
    let planned = fold.plans.in_force().filter(|_| reasons.known);
    let mut page = LatePage { plan: reasons.plan.clone(), ..LatePage::default() };
    let Some(planned) = planned else { return LatePage::default() };
    let mut everybody = Vec::new();
    for (person, standing) in record.people() {
        let ended = matches!(standing.custody, Custody::Ended { .. });
        let Some(site) = site_of(&standing.custody).filter(|_| !ended) else { continue };
        let at_origin = scenario.site(site).is_some_and(|site| site.origin.is_some());
        if !at_origin || fold.journeys.departed.contains(&person) {
            continue;
        }
        let waits = reasons.waits.get(&person);
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
        because: waits.map_or_else(|| vec![unknown()], |w| w.because.to_vec()),
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
