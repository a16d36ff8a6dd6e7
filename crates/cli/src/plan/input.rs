//! What plan commands read: problems, plans, and what their nights and places are called.

use super::to_plan::ToPlan;
use crate::planning::{Effort, ScenarioPlanner, request_of};
use anyhow::{Context, bail};
use planner::change::{Asked, Change};
use planner::export::Sheet;
use planner::persons::Traveller;
use planner::plan::{ClassPlan, PlanDocument};
use planner::problem::Problem;
use scenario::Scenario;
use simulator::PlanRequest;
use std::path::Path;

/// A problem with the people and the dates it has, if it is a scenario's.
pub struct Input {
    pub problem: Problem,
    pub travellers: Vec<Traveller>,
    /// `YYYY-MM-DD` of each night; empty for a `muster-v1` file.
    pub dates: Vec<String>,
    pub sheet: Sheet,
}

impl Input {
    /// # Errors
    /// With line and column where the file cannot be read.
    pub fn read(path: &Path, seed: u64) -> anyhow::Result<Self> {
        let Some(asked) = ToPlan::of(path, seed, Effort::for_first(1.0))? else {
            let problem = read_problem(path)?;
            let sheet = Sheet::of(&problem);
            return Ok(Self { problem, travellers: Vec::new(), dates: Vec::new(), sheet });
        };
        Self::of_asked(&asked.planner, &asked.request)
    }

    /// The problem that `plan` was made for: of a scenario's later revision, as it was known then,
    /// with what had been carried out by then. Of a store in earnest, as it is known now.
    ///
    /// # Errors
    /// As [`Self::read`]; when a revision does not say what it stands on, or names another problem.
    pub fn of_plan(
        path: &Path,
        seed: u64,
        plan_path: &Path,
        plan: &PlanDocument,
    ) -> anyhow::Result<Self> {
        let Some(to_plan) = ToPlan::of(path, seed, Effort::for_first(1.0))? else {
            return Self::read(path, seed);
        };
        let ToPlan { planner, request, in_earnest } = to_plan;
        if in_earnest || plan.revision <= 1 {
            return Self::of_asked(&planner, &request);
        }
        let named = || plan_path.display().to_string();
        let request = request_of(planner.scenario(), plan).with_context(named)?;
        let input = Self::of_asked(&planner, &request)?;
        let digest = digest_of(&input.problem);
        if plan.problem.as_ref().is_some_and(|told| *told != digest) {
            bail!(
                "{}: revision {} was made for another problem than {} with cohort seed {seed}: give \
                 the scenario and --seed of its operation",
                named(),
                plan.revision,
                path.display()
            );
        }
        Ok(input)
    }

    pub fn of_asked(planner: &ScenarioPlanner, request: &PlanRequest) -> anyhow::Result<Self> {
        let scenario = planner.scenario();
        let (problem, travellers) = planner.problem(request)?;
        let dates: Vec<String> = scenario.operation.nights().map(|n| n.to_string()).collect();
        let sheet = sheet(scenario, &problem, &dates);
        Ok(Self { problem, travellers, dates, sheet })
    }

    /// `night 3`, with its date where there is one.
    pub fn night(&self, night: usize) -> String {
        match self.dates.get(night) {
            Some(date) => format!("night {night} ({date})"),
            None => format!("night {night}"),
        }
    }

    /// Changes as they are typed; dates stand for nights.
    ///
    /// # Errors
    /// Says which cannot be read, and what there is instead.
    pub fn changes(&self, asked: &[(Asked, &String)]) -> anyhow::Result<Vec<Change>> {
        let night_of = |name: &str| self.dates.iter().position(|date| date == name);
        let read = |(asked, text): &(Asked, &String)| {
            Change::parse(&self.problem, *asked, text, &night_of).map_err(Into::into)
        };
        asked.iter().map(read).collect()
    }

    pub fn class(&self, id: &str) -> anyhow::Result<usize> {
        let classes = &self.problem.classes;
        let found = classes.iter().position(|c| c.id == id);
        found.with_context(|| {
            let some: Vec<&str> = classes.iter().take(12).map(|c| c.id.as_str()).collect();
            let more = classes.len().saturating_sub(some.len());
            format!("no class {id:?}; there are {} and {more} more", some.join(", "))
        })
    }
}

/// The sheet with the scenario's English names and dates.
fn sheet(scenario: &Scenario, problem: &Problem, dates: &[String]) -> Sheet {
    let site = |id: &str| {
        let found = scenario.sites.iter().find(|s| s.id.to_string() == id);
        found.map_or_else(|| id.to_owned(), |s| s.names.en.clone())
    };
    let depot = |id: &str| {
        let found = scenario.fleet.depots.iter().find(|d| d.id == id);
        let name = found.map_or_else(|| id.to_owned(), |d| d.names.en.clone());
        name.trim_end_matches(" depot").to_owned()
    };
    let mut sheet = Sheet::of(problem);
    for row in &mut sheet.rows {
        (row.from, row.to, row.depot) = (site(&row.from), site(&row.to), depot(&row.depot));
    }
    sheet.intake.iter_mut().for_each(|(facility, _)| *facility = site(facility));
    sheet.title = scenario.operation.names.en.clone();
    sheet.dates = dates.to_vec();
    sheet
}

/// # Errors
/// When `plan` does not replace `parent`.
pub fn replaces(path: &Path, plan: &PlanDocument, parent: &PlanDocument) -> anyhow::Result<()> {
    let hash = server::play::plan_hash(parent).to_string();
    let named = plan.parent.as_deref().unwrap_or("none");
    if named != hash {
        bail!("{}: it replaces plan {named}, and the parent given is plan {hash}", path.display());
    }
    Ok(())
}

pub fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

pub fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

pub fn read_problem(path: &Path) -> anyhow::Result<Problem> {
    Problem::from_json(&read(path)?).with_context(|| path.display().to_string())
}

pub fn read_plan(path: &Path) -> anyhow::Result<PlanDocument> {
    PlanDocument::from_json(&read(path)?).with_context(|| path.display().to_string())
}

/// A plan document, or a `muster-plan-v1` file, as its class plan. The document is there when it is
/// one. What cannot be read is told as the form it says it is.
pub fn read_either(path: &Path) -> anyhow::Result<(ClassPlan, Option<PlanDocument>)> {
    let text = read(path)?;
    let named = || path.display().to_string();
    let format: Option<String> = serde_json::from_str::<serde_json::Value>(&text)
        .with_context(named)?
        .get("format")
        .and_then(|f| f.as_str().map(str::to_owned));
    if format.as_deref() == Some(PlanDocument::FORMAT) {
        let document = PlanDocument::from_json(&text).with_context(named)?;
        return Ok((document.class_plan(), Some(document)));
    }
    Ok((ClassPlan::from_json(&text).with_context(named)?, None))
}

/// The digest by which a plan names its problem.
pub fn digest_of(problem: &Problem) -> String {
    log::hash_of(problem.to_json().as_bytes()).to_string()
}
