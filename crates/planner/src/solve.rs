//! The search: whole greedy plans under random weights, then annealing on the nights' wish lists.
//!
//! A plan is searched as wishes for each night and decoded into a valid night, so every plan met
//! on the way could be carried out. What is measured about this is in `examples/table.rs`.

mod anneal;
mod beds;
pub(crate) mod chance;
mod cycle;
mod decode;
mod done;
mod encode;
mod ends;
mod filling;
mod genome;
mod hosting;
mod housing_estimate;
mod model;
mod neighbours;
mod policy;
mod portfolio;
mod promises;
mod proven;
mod record;
pub(crate) mod rollout;
mod settle;
mod tonight;

use std::time::Duration;

pub(crate) use model::largest_sets;
pub use proven::{beside_proof, solve_and_prove};

use crate::plan::{ClassPlan, Cost};
use crate::problem::Problem;

/// What the search may use and what it must respect.
#[derive(Debug, Clone)]
pub struct Options {
    /// Wall time for the whole search.
    pub time_limit: Duration,
    pub seed: u64,
    /// 1, or 2 for two searches from different seeds that share their best plan at fixed points.
    pub threads: usize,
    /// With this set, the search is paced by iterations (for each thread), not by time, and gives
    /// the same plan byte for byte for the same seed and threads; `time_limit` still ends it.
    pub max_iterations: Option<u64>,
    /// Nights already carried out.
    pub done: Option<Done>,
    /// The plan in force, and a price on departing from it.
    pub base: Option<Base>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            time_limit: Duration::from_secs(5),
            seed: 1,
            threads: 1,
            max_iterations: None,
            done: None,
            base: None,
        }
    }
}

/// A frozen beginning: the movements of nights before `nights` are taken exactly as they are.
///
/// Beds of those who have arrived are taken from `plan.housing`, in its order. A plan whose
/// housing counts only the arrived therefore keeps every bed.
#[derive(Debug, Clone)]
pub struct Done {
    pub nights: usize,
    pub plan: ClassPlan,
}

/// A plan to start from and to stay near.
#[derive(Debug, Clone)]
pub struct Base {
    pub plan: ClassPlan,
    /// Units for each convoy or sortie of `plan` not sent on its night and route, and for each
    /// one sent that `plan` does not have, in the first night that is not done; a fortieth of it
    /// for each person who was to go in the next seven nights and does not go on that night and
    /// route. Not part of [`Solution::cost`]. 0 only starts from `plan`.
    pub churn_price: i64,
    /// Nights in which the price falls to half: a movement announced for tomorrow costs more to
    /// change than one next week. 0 keeps the price the same for all nights.
    pub churn_halves_every: usize,
}

impl Base {
    /// To stay near `plan` at `churn_price`, which halves every week.
    pub fn new(plan: ClassPlan, churn_price: i64) -> Self {
        Self { plan, churn_price, churn_halves_every: 7 }
    }

    /// Units for a change so many nights after the first that is not done.
    fn price_ahead(&self, nights: usize) -> i64 {
        match self.churn_halves_every {
            0 => self.churn_price,
            half => {
                let falls = 0.5f64.powf(nights as f64 / half as f64);
                (self.churn_price as f64 * falls).round() as i64
            }
        }
    }
}

/// How far the search is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    pub elapsed: Duration,
    /// Units, of the best plan so far, churn price included.
    pub cost: i64,
    pub iterations: u64,
    /// Units that no plan can beat, as far as is proven by now; `None` where nobody proves.
    pub bound: Option<i64>,
}

impl Progress {
    /// How much of the cost might still be saved, from 0 to 1; `None` before anything is proven.
    pub fn gap(&self) -> Option<f64> {
        let bound = self.bound?;
        Some(((self.cost - bound) as f64 / self.cost.max(1) as f64).clamp(0.0, 1.0))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    Continue,
    /// Return the best plan found so far.
    Stop,
}

/// The best plan found.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    pub plan: ClassPlan,
    /// By part, churn price not included.
    pub cost: Cost,
    pub left_behind: i64,
    pub iterations: u64,
    /// Cost and time of the first whole plan.
    pub first: First,
    pub seconds: f64,
}

/// The first plan of a run: the first of a few greedy roll-outs that leaves nobody behind, or the
/// best of them (or the base plan replayed).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct First {
    pub cost: i64,
    pub left_behind: i64,
    pub seconds: f64,
}

/// Why a search could not start.
#[derive(Debug, thiserror::Error)]
pub enum SolveError {
    #[error("the given plan names {what} {id:?}, which the problem does not have")]
    Unknown { what: &'static str, id: String },
    #[error(
        "the first {nights} nights of the given plan use vehicles, people or beds that are not there: check the plan first"
    )]
    Impossible { nights: usize },
    #[error(
        "the given plan has no beds in {facility} for {people} of class {class} who arrived there"
    )]
    Unhoused { class: String, facility: String, people: i64 },
}

/// Searches for a cheap plan. Always returns a plan that breaks no rule, if only an empty one.
///
/// `progress` is called on the calling thread a few times a second and may stop the search.
///
/// # Errors
/// Only when `options.done` or `options.base` does not fit the problem.
pub fn solve(
    problem: &Problem,
    options: &Options,
    progress: &mut dyn FnMut(&Progress) -> Flow,
) -> Result<Solution, SolveError> {
    portfolio::run(problem, options, &|| None, progress)
}
