//! Many campaigns of one plan, side by side; the answer does not depend on how many threads.

use super::weather::Odds;
use crate::plan::ClassPlan;
use crate::problem::Problem;
use crate::solve::SolveError;
use crate::solve::rollout::{Course, Outcome};

/// Plays futures `from..from + runs` of `seed`; outcomes in that order.
///
/// # Errors
/// When the plan names what the problem does not have.
pub fn campaigns(
    problem: &Problem,
    plan: &ClassPlan,
    odds: &Odds,
    seed: u64,
    from: u64,
    runs: u64,
    threads: usize,
) -> Result<Vec<Outcome>, SolveError> {
    let course = Course::new(problem, plan)?;
    let each = runs.div_ceil(threads.max(1) as u64).max(1);
    let starts = (from..from + runs).step_by(each as usize);
    let play = |start: u64| {
        let numbers = start..(start + each).min(from + runs);
        course.play_all(&mut numbers.map(|n| odds.future(problem.nights, seed, n)))
    };
    let mut all = Vec::with_capacity(runs as usize);
    std::thread::scope(|scope| {
        let parts: Vec<_> = starts.map(|start| scope.spawn(move || play(start))).collect();
        for part in parts {
            all.extend(part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
    });
    Ok(all)
}

/// A quantity over many campaigns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub mean: f64,
    /// Standard error of the mean.
    pub error: f64,
    /// At 5, 25, 50, 75 and 95 percent, nearest rank.
    pub quantiles: [i64; 5],
}

impl Spread {
    pub const PERCENT: [usize; 5] = [5, 25, 50, 75, 95];

    /// Of at least one number.
    pub fn of(mut numbers: Vec<i64>) -> Self {
        numbers.sort_unstable();
        let n = numbers.len().max(1) as f64;
        let mean = numbers.iter().sum::<i64>() as f64 / n;
        let variance = numbers.iter().map(|x| (*x as f64 - mean).powi(2)).sum::<f64>() / n;
        let rank = |percent: usize| {
            let at = (numbers.len() * percent).div_ceil(100).max(1) - 1;
            numbers.get(at).copied().unwrap_or(0)
        };
        let error = (variance / (n - 1.0).max(1.0)).sqrt();
        Self { mean, error, quantiles: Self::PERCENT.map(rank) }
    }
}
