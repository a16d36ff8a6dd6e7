//! The problem that a plan was made for, kept beside it: what resources, what-if and the reasons for each
//! person are about.

use crate::app::App;
use crate::fold::Fold;
use crate::views::plan::Planned;
use domain::PlanHash;
use planner::problem::Problem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use store::StoreError;

/// A problem, the first night that its plan could still change, and whom it was about.
pub struct PlannedProblem {
    pub from: usize,
    pub problem: Problem,
    pub people: Boarders,
}

/// Person numbers by class and by the first night on which they may board.
pub type Boarders = BTreeMap<String, BTreeMap<usize, Vec<String>>>;

#[derive(Serialize, Deserialize)]
struct Kept {
    from: usize,
    /// `muster-v1`.
    problem: serde_json::Value,
    /// Empty when an earlier version kept it.
    #[serde(default)]
    people: Boarders,
}

/// The name under which the node keeps the problem of a plan.
pub fn problem_name(plan: &PlanHash) -> String {
    format!("plan/{plan}.problem.json")
}

impl PlannedProblem {
    /// The bytes to keep beside the plan.
    pub fn to_bytes(&self) -> Vec<u8> {
        let problem = serde_json::from_str(&self.problem.to_json()).unwrap_or_default();
        let kept = Kept { from: self.from, problem, people: self.people.clone() };
        serde_json::to_vec(&kept).unwrap_or_default()
    }

    /// `None` when nobody kept it, or not in a form this version reads.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn of(app: &App, plan: &PlanHash) -> Result<Option<Self>, StoreError> {
        let document = app.node.document(&problem_name(plan))?;
        Ok(document.and_then(|d| {
            let kept: Kept = serde_json::from_slice(&d.bytes).ok()?;
            let problem = Problem::from_json(&kept.problem.to_string()).ok()?;
            Some(Self { from: kept.from.min(problem.nights), problem, people: kept.people })
        }))
    }
}

/// What was worked out of the plan in force, for as long as it is; that may take a moment.
pub(crate) struct OfPlan<T>(Mutex<Option<(PlanHash, Arc<T>)>>);

impl<T> Default for OfPlan<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> OfPlan<T> {
    /// Worked out once, while others wait; `None` without a plan, or where its problem is not kept here.
    /// Blocking.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn now(
        &self,
        app: &App,
        fold: &Fold,
        work_out: impl FnOnce(&PlanHash, &Planned, &PlannedProblem) -> T,
    ) -> Result<Option<Arc<T>>, StoreError> {
        let in_force = fold.plans.revisions.last();
        let Some((revision, planned)) = in_force.and_then(|r| Some((r, r.planned.as_deref()?)))
        else {
            return Ok(None);
        };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = kept.as_ref().filter(|(of, _)| *of == revision.plan) {
            return Ok(Some(known.clone()));
        }
        let Some(problem) = PlannedProblem::of(app, &revision.plan)? else { return Ok(None) };
        let known = Arc::new(work_out(&revision.plan, planned, &problem));
        *kept = Some((revision.plan, known.clone()));
        Ok(Some(known))
    }
}
