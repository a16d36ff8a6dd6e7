//! Whom a plan makes wait, and what refused them: worked out when the plan is made, and kept beside it.
//!
//! It needs the class of each, which says health and nationality. So what was worked out is kept, and not what it
//! was worked out from.

use crate::api::LateCause;
use crate::app::App;
use domain::{PersonId, PlanHash};
use planner::explain::{Cause, ExplainError, Explained, NightStory};
use planner::plan::PlanDocument;
use planner::problem::Problem;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use store::StoreError;

/// Person numbers by class and by the first night on which they may board.
pub type Boarders = BTreeMap<String, BTreeMap<usize, Vec<String>>>;

/// People who could leave first on the same night, wait as long, and are refused by the same.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Waits {
    /// Night of the operation.
    pub first: usize,
    pub nights: usize,
    pub because: Vec<LateCause>,
    people: Vec<String>,
}

/// Whom the plan in force makes wait. Nothing in it depends on the record.
pub(crate) struct Reasons {
    pub plan: String,
    waits: Vec<Waits>,
    /// Position in `waits`.
    of: BTreeMap<PersonId, usize>,
}

/// The name under which the node keeps the reasons of a plan.
pub fn reasons_name(plan: &PlanHash) -> String {
    format!("plan/{plan}.reasons.json")
}

/// The bytes to keep beside a plan: who of these `people` wait, from their first possible night on, and why. Night
/// `from` is the first that the plan could still change.
///
/// # Errors
/// When the plan breaks a rule of the problem: then no reason holds.
pub fn reasons(
    document: &PlanDocument,
    problem: &Problem,
    from: usize,
    people: &Boarders,
) -> Result<Vec<u8>, ExplainError> {
    let mut leaves: BTreeMap<&str, usize> = BTreeMap::new();
    for movement in &document.movements {
        let aboard = movement.vehicles.iter().flat_map(|v| &v.persons);
        leaves.extend(aboard.map(|number| (number.as_str(), movement.night)));
    }
    let classes = document.class_plan();
    let explained = Explained::new(problem, &classes)?;
    let mut all: Vec<Waits> = Vec::new();
    for (id, by_ready) in people {
        let Some(class) = problem.class_at(id) else { continue };
        let mut stories: BTreeMap<Option<usize>, Vec<NightStory>> = BTreeMap::new();
        for (&first, numbers) in by_ready {
            let mut by_leaving: BTreeMap<Option<usize>, Vec<String>> = BTreeMap::new();
            for number in numbers {
                let leaving = leaves.get(number.as_str()).copied();
                by_leaving.entry(leaving).or_default().push(number.clone());
            }
            for (leaving, numbers) in by_leaving {
                let until = leaving.unwrap_or(problem.nights);
                if until < from || until <= first {
                    continue;
                }
                let nights = stories
                    .entry(leaving)
                    .or_insert_with(|| explained.nights(class, leaving).unwrap_or_default());
                let because = causes(nights.iter().filter(|n| n.night >= first));
                let nights = until - first;
                // Alike in what is told, whatever their class: it cannot be told from how they are listed.
                let alike =
                    |w: &&mut Waits| (w.first, w.nights, &w.because) == (first, nights, &because);
                match all.iter_mut().find(alike) {
                    Some(waits) => waits.people.extend(numbers),
                    None => all.push(Waits { first, nights, because, people: numbers }),
                }
            }
        }
    }
    for waits in &mut all {
        waits.people.sort();
    }
    all.sort_by_key(|waits| (waits.first, waits.nights, waits.people.first().cloned()));
    Ok(serde_json::to_vec(&all).unwrap_or_default())
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

impl Reasons {
    /// `None` when nobody kept them, or not in a form this version reads.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn kept(app: &App, plan: &PlanHash) -> Result<Option<Self>, StoreError> {
        let document = app.node.document(&reasons_name(plan))?;
        Ok(document.and_then(|d| {
            let waits: Vec<Waits> = serde_json::from_slice(&d.bytes).ok()?;
            let people = waits.iter().enumerate().flat_map(|(n, waits)| {
                let numbers = waits.people.iter().filter_map(|number| PersonId::parse(number).ok());
                numbers.map(move |person| (person, n))
            });
            let of = people.collect();
            Some(Self { plan: plan.to_string(), waits, of })
        }))
    }

    /// Why somebody waits; nothing for who does not, or whom the plan did not know.
    pub fn of(&self, person: PersonId) -> Option<&Waits> {
        self.waits.get(*self.of.get(&person)?)
    }
}
