//! A plan that expects weather: of a few ways to hedge, the one that leaves fewest behind over sampled
//! futures in which the rest is planned again every evening, judged on futures it was not chosen on.
//!
//! A hedge is the class-level problem at other prices: waiting dearer throughout, so that more goes
//! early, or waiting much dearer in the last nights, which keeps them in reserve and still uses them
//! for whoever would stay behind otherwise. Its plans are plans of the true problem.

mod campaigns;
mod evenings;
mod weather;

use std::time::Duration;

pub use crate::solve::rollout::{Happening, Outcome};
pub use campaigns::{Spread, campaigns};
pub use evenings::{Ending, Evenings};
pub use weather::Odds;

use crate::plan::ClassPlan;
use crate::problem::Problem;
use crate::solve::{Base, Flow, Options, Progress, Solution, SolveError, solve};

/// A way to hedge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hedge {
    /// Last nights kept in reserve: waiting through them costs as if staying behind were half
    /// certain, in even parts.
    pub reserve: usize,
    /// Waiting dearer by so many percent.
    pub urgency: i64,
}

/// Hedges looked at beside none.
const HEDGES: [Hedge; 6] = [
    Hedge { reserve: 2, urgency: 0 },
    Hedge { reserve: 4, urgency: 0 },
    Hedge { reserve: 8, urgency: 0 },
    Hedge { reserve: 0, urgency: 150 },
    Hedge { reserve: 2, urgency: 150 },
    Hedge { reserve: 0, urgency: 400 },
];
/// Futures that the choice is judged on, for each one it is made on.
const HELD_OUT: u64 = 4;
/// Iterations of the search in the evening after a lost night.
const EVENING: u64 = 500;

impl Hedge {
    /// The problem at this hedge's prices.
    pub fn apply(&self, problem: &Problem) -> Problem {
        let mut p = problem.clone();
        let reserve = self.reserve.min(p.nights);
        let dearer = p.left_cost / (2 * reserve.max(1) as i64);
        for origin in &mut p.origins {
            origin.wait_cost.iter_mut().for_each(|cost| *cost += *cost * self.urgency / 100);
            let last = p.nights - reserve;
            origin.wait_cost[last..].iter_mut().for_each(|cost| *cost += dearer);
        }
        p
    }
}

/// A mean over futures, with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub mean: f64,
    pub error: f64,
}

impl Estimate {
    /// Of numbers drawn independently of each other.
    pub fn of(numbers: &[f64]) -> Self {
        let n = numbers.len().max(1) as f64;
        let mean = numbers.iter().sum::<f64>() / n;
        let variance = numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
        Self { mean, error: (variance / n).sqrt() }
    }
}

/// Numbers left behind under two plans that met the same futures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paired {
    pub futures: usize,
    pub plain: Estimate,
    pub robust: Estimate,
    /// Robust less plain, future by future: what both have in common is not in its error.
    pub difference: Estimate,
}

impl Paired {
    /// Of numbers left behind, future by future in one order.
    pub fn of(plain: &[i64], robust: &[i64]) -> Self {
        let both = || plain.iter().zip(robust);
        let difference: Vec<f64> = both().map(|(p, r)| (r - p) as f64).collect();
        let as_f64 = |numbers: &[i64]| numbers.iter().map(|n| *n as f64).collect::<Vec<f64>>();
        Self {
            futures: difference.len(),
            plain: Estimate::of(&as_f64(plain)),
            robust: Estimate::of(&as_f64(robust)),
            difference: Estimate::of(&difference),
        }
    }
}

pub struct Robust {
    pub solution: Solution,
    pub hedge: Hedge,
    /// The plan without hedge.
    pub plain: Solution,
    /// On futures that the hedge was not chosen on.
    pub held_out: Paired,
}

/// What to expect, and on how many futures to choose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weather {
    pub odds: Odds,
    /// Futures that the choice is made on; four times as many others judge it.
    pub samples: u64,
}

impl Weather {
    /// Only lost nights, each with this probability.
    pub fn losing(probability: f64, samples: u64) -> Self {
        Self { odds: Odds::losing(probability), samples }
    }

    /// Half of the search goes to one plan, the rest in equal parts to the plan without hedge and to
    /// each hedge, all from that plan on. Playing the futures comes on top.
    ///
    /// # Errors
    /// As [`solve`].
    pub fn search(
        &self,
        problem: &Problem,
        options: &Options,
        progress: &mut dyn FnMut(&Progress) -> Flow,
    ) -> Result<Robust, SolveError> {
        robust(problem, options, self, progress)
    }
}

impl Robust {
    /// One line for a log or a terminal.
    pub fn in_words(&self) -> String {
        let Paired { futures, plain, robust, difference } = self.held_out;
        format!(
            "hedge: {} nights in reserve, waiting {} % dearer; on {futures} other futures {:.1} +- {:.1} \
             left behind instead of {:.1} +- {:.1} (difference {:+.1} +- {:.1}); {:+} units when \
             nothing goes wrong",
            self.hedge.reserve,
            self.hedge.urgency,
            robust.mean,
            robust.error,
            plain.mean,
            plain.error,
            difference.mean,
            difference.error,
            self.solution.cost.total() - self.plain.cost.total(),
        )
    }
}

fn robust(
    problem: &Problem,
    options: &Options,
    weather: &Weather,
    progress: &mut dyn FnMut(&Progress) -> Flow,
) -> Result<Robust, SolveError> {
    let share = |n: u32| Options {
        time_limit: options.time_limit / n,
        max_iterations: options.max_iterations.map(|most| most / u64::from(n)),
        ..options.clone()
    };
    let first = solve(problem, &share(2), progress)?;
    let each = share(2 * (HEDGES.len() as u32 + 1));
    let near_first = || Options { base: Some(Base::new(first.plan.clone(), 0)), ..each.clone() };
    // As much search for the plan without hedge as for one with it.
    let plain = solve(problem, &near_first(), progress)?;
    let desk = Evenings {
        odds: weather.odds,
        seed: options.seed,
        iterations: EVENING,
        threads: options.threads,
    };
    let behind = |plan: &ClassPlan, hedge: Hedge, futures| -> Result<Vec<i64>, SolveError> {
        let endings = desk.play(problem, plan, hedge, futures)?;
        Ok(endings.iter().map(|e| e.left_behind).collect())
    };
    let chosen_on = 0..weather.samples;
    let left_plain = behind(&plain.plan, Hedge::default(), chosen_on.clone())?;
    let mut best = (0.0, Hedge::default(), plain.clone());
    for hedge in HEDGES.into_iter().filter(|h| h.reserve < problem.nights) {
        let found = solve(&hedge.apply(problem), &near_first(), progress)?;
        let left = behind(&found.plan, hedge, chosen_on.clone())?;
        let gain = Paired::of(&left_plain, &left).difference;
        // Not what chance may have made better.
        if gain.mean + gain.error < 0.0 && gain.mean < best.0 {
            best = (gain.mean, hedge, found);
        }
    }
    let (_, hedge, mut solution) = best;
    let others = weather.samples..weather.samples * (1 + HELD_OUT);
    let held_out = Paired::of(
        &behind(&plain.plan, Hedge::default(), others.clone())?,
        &behind(&solution.plan, hedge, others)?,
    );
    // At the true problem's prices.
    let report = crate::check::check(problem, &solution.plan);
    (solution.cost, solution.left_behind) = (report.cost, report.left_behind);
    Ok(Robust { solution, hedge, plain, held_out })
}

/// Without a clock: so many iterations in all.
pub fn iterations(n: u64, seed: u64) -> Options {
    Options { time_limit: Duration::MAX, max_iterations: Some(n), seed, ..Options::default() }
}
