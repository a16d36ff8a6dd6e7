//! The problem that a plan was made for, kept beside it: what resources and what-if are about.

use crate::app::App;
use domain::PlanHash;
use planner::problem::Problem;
use serde::{Deserialize, Serialize};
use store::StoreError;

/// A problem, and the first night that its plan could still change.
pub struct PlannedProblem {
    pub from: usize,
    pub problem: Problem,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    from: usize,
    /// `muster-v1`.
    problem: serde_json::Value,
}

/// The name under which the node keeps the problem of a plan.
pub fn problem_name(plan: &PlanHash) -> String {
    format!("plan/{plan}.problem.json")
}

impl PlannedProblem {
    /// The bytes to keep beside the plan.
    pub fn to_bytes(&self) -> Vec<u8> {
        let problem = serde_json::from_str(&self.problem.to_json()).unwrap_or_default();
        serde_json::to_vec(&Kept { from: self.from, problem }).unwrap_or_default()
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
            Some(Self { from: kept.from.min(problem.nights), problem })
        }))
    }
}
