//! Whom a plan is asked for: a scenario's invented people, or those whom a record has.

use crate::opened::{self, Opened};
use crate::planning::{Effort, ScenarioPlanner, record};
use domain::AdoptionReason;
use scenario::Scenario;
use simulator::PlanRequest;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A planner for somebody's people, and what it is asked.
pub struct ToPlan {
    pub planner: ScenarioPlanner,
    pub request: PlanRequest,
    /// By the record of an operation in earnest; its people are known as they are now.
    pub in_earnest: bool,
}

impl ToPlan {
    /// Of a scenario's folder the first plan, for a cohort invented from the seed; of a store the plan for
    /// those whom it has. `None` for a file.
    pub fn of(input: &Path, seed: u64, effort: Effort) -> anyhow::Result<Option<Self>> {
        if let Some(url) = store_url(input) {
            return Self::of_store(&opened::open(url)?, effort, AdoptionReason::Evening).map(Some);
        }
        if !input.is_dir() {
            return Ok(None);
        }
        let scenario = Arc::new(Scenario::read(input)?);
        let cohort = Arc::new(scenario::cohort::generate(&scenario, seed));
        Ok(Some(Self::first(ScenarioPlanner::new(scenario, cohort, effort))))
    }

    pub fn of_store(opened: &Opened, effort: Effort, why: AdoptionReason) -> anyhow::Result<Self> {
        if let Some(exercise) = &opened.exercise {
            let (scenario, cohort) = (opened.scenario.clone(), exercise.cohort.clone());
            return Ok(Self::first(ScenarioPlanner::new(scenario, cohort, effort)));
        }
        let record::Asked { scenario, cohort, request, left_out, foreseen } =
            record::ask(opened, why)?;
        let mut wanting: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (person, why) in left_out {
            wanting.entry(why).or_default().push(person.to_string());
        }
        for (why, people) in wanting {
            eprintln!("not planned for, as {why}: {}", people.join(", "));
        }
        if !foreseen.is_empty() {
            let sites: Vec<_> = foreseen.iter().map(|site| site.as_str()).collect();
            eprintln!(
                "planned by what was foreseen, as nobody promises intake: {}",
                sites.join(", ")
            );
        }
        let planner = ScenarioPlanner::new(scenario, cohort, effort);
        Ok(Self { planner, request, in_earnest: true })
    }

    fn first(planner: ScenarioPlanner) -> Self {
        Self { request: planner.first_request(), planner, in_earnest: false }
    }
}

/// The URL, where the input is a store.
pub fn store_url(input: &Path) -> Option<&str> {
    let text = input.to_str()?;
    let of_store = ["sqlite:", "postgres:", "postgresql:"];
    of_store.iter().any(|scheme| text.starts_with(scheme)).then_some(text)
}
