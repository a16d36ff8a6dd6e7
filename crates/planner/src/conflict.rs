//! When not everybody can leave by the deadline: the fewest promises that cannot all be kept.
//!
//! In `muster-v1` leaving people behind is always allowed, at a price, so no problem is infeasible
//! by itself. What can be impossible is the commitment that nobody is left. That is proven as a
//! bound is: a problem in which only people left behind cost anything has a bound above 0. Promises
//! are then let go of, whole groups first, for as long as the rest is still proven to conflict
//! (deletion filter); what stays is a set of which none can be spared.

mod promise;

use std::time::Duration;

pub use promise::Promise;
use serde::Serialize;

use crate::bound::{self, Certificate};
use crate::check::{Broken, check};
use crate::plan::ClassPlan;
use crate::problem::Problem;
use crate::solve::{Flow, Options, solve};

/// Promises that cannot all be kept, whatever else is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// In words, with what each promises.
    pub promises: Vec<Member>,
    /// At least so many are left behind while these hold; proven.
    pub at_least_left: i64,
    /// At least so many are left behind by the problem as it is; proven.
    pub at_least_left_in_all: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    #[serde(skip)]
    pub promise: Promise,
    pub words: String,
    /// With this one let go of and the others kept, a plan that leaves nobody was found.
    pub alone_would_free: bool,
}

/// Units for each person left in the problem that counts nothing else; large, so that rounding in
/// the proof is far below one person.
const LEFT: i64 = 1000;

/// How long to try for each proof, and how long to search for a plan that shows a set minimal.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    pub proof: Duration,
    pub iterations: u64,
}

impl Default for Effort {
    fn default() -> Self {
        Self { proof: Duration::from_secs(5), iterations: 4000 }
    }
}

/// People that every plan of the problem leaves behind, at least: 0 when that is all that can be
/// proven in the time.
pub fn least_left(problem: &Problem, limit: Duration) -> i64 {
    (bound::prove(&only_left_counts(problem), limit).bound + LEFT - 1) / LEFT
}

/// The fewest promises that conflict with leaving nobody behind; `None` when no conflict is proven
/// in the time. `told` hears how many promises are still in question.
pub fn find(problem: &Problem, effort: &Effort, told: &mut dyn FnMut(usize)) -> Option<Conflict> {
    let mut judge = Judge { problem, effort, kept: None };
    let all = Promise::all(problem);
    let in_all = judge.proves(&all)?;
    let mut set = all;
    let mut size = set.len().div_ceil(2).max(1);
    loop {
        let mut at = 0;
        while at < set.len() {
            told(set.len());
            let end = (at + size).min(set.len());
            let without: Vec<Promise> = [&set[..at], &set[end..]].concat();
            match judge.proves(&without) {
                Some(_) => set = without,
                None => at = end,
            }
        }
        if size == 1 {
            break;
        }
        size = size.div_ceil(2).min(set.len().max(1));
    }
    let at_least_left = judge.proves(&set)?;
    let member = |promise: &Promise| {
        let others: Vec<Promise> = set.iter().filter(|p| *p != promise).cloned().collect();
        Member {
            promise: promise.clone(),
            words: promise.words(problem),
            alone_would_free: moves_everyone(&judge.with_only(&others), effort.iterations),
        }
    };
    let promises = set.iter().map(member).collect();
    Some(Conflict { promises, at_least_left, at_least_left_in_all: in_all })
}

/// Rules that the nights already carried out break: a past that does not fit what is promised now.
pub fn broken_past(problem: &Problem, plan: &ClassPlan, nights: usize) -> Vec<Broken> {
    let mut past = plan.clone();
    past.convoys.retain(|c| c.night < nights as i64);
    past.sorties.retain(|s| s.night < nights as i64);
    past.repositions.retain(|r| r.night < nights as i64);
    // Beds of people yet to come are no part of the past.
    let beds = |b: &Broken| matches!(b.code, "R29" | "R30" | "R31" | "R32" | "R33" | "R34");
    check(problem, &past).broken.into_iter().filter(|b| !beds(b)).collect()
}

struct Judge<'a> {
    problem: &'a Problem,
    effort: &'a Effort,
    /// What proved the conflict last; it often proves the next one too.
    kept: Option<Certificate>,
}

impl Judge<'_> {
    /// The problem in which only `promises` are kept and all others are let go of.
    fn with_only(&self, promises: &[Promise]) -> Problem {
        let mut problem = self.problem.clone();
        for other in Promise::all(self.problem).iter().filter(|p| !promises.contains(p)) {
            other.let_go(&mut problem);
        }
        only_left_counts(&problem)
    }

    /// How many are left behind at least while these are kept, if that is proven to be anybody.
    fn proves(&mut self, promises: &[Promise]) -> Option<i64> {
        let problem = self.with_only(promises);
        let kept = self.kept.as_ref().and_then(|c| bound::verify(&problem, c).ok());
        let bound = match kept.filter(|bound| *bound > 0) {
            Some(bound) => bound,
            None => {
                let proof = bound::prove(&problem, self.effort.proof);
                if proof.bound > 0 {
                    self.kept = Some(proof.certificate);
                }
                proof.bound
            }
        };
        (bound > 0).then_some((bound + LEFT - 1) / LEFT)
    }
}

fn only_left_counts(problem: &Problem) -> Problem {
    let mut p = problem.clone();
    (p.left_cost, p.team_cost, p.orbit_cost, p.reposition_cost) = (LEFT, 0, 0, 0);
    p.air.cost = 0;
    p.vehicle_types.iter_mut().for_each(|v| v.cost = 0);
    p.classes.iter_mut().for_each(|c| c.vulnerability = 100);
    for o in &mut p.origins {
        o.wait_cost.fill(0);
        o.over_cost = 0;
    }
    p.routes.iter_mut().for_each(|r| r.road_cost.fill(0));
    p
}

fn moves_everyone(problem: &Problem, iterations: u64) -> bool {
    let options = Options {
        max_iterations: Some(iterations),
        time_limit: Duration::from_secs(20),
        ..Options::default()
    };
    let stop_at_none = &mut |now: &crate::solve::Progress| match now.cost {
        0 => Flow::Stop,
        _ => Flow::Continue,
    };
    solve(problem, &options, stop_at_none).is_ok_and(|found| found.left_behind == 0)
}
