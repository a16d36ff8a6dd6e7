//! Paces one or two chains and lets them share their best plan.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::anneal::{Chain, perform};
use super::chance::Chance;
use super::cycle::{Pace, Runner, Sketches};
use super::decode::ChurnPrice;
use super::done::Past;
use super::genome::{Genome, NightWishes};
use super::hosting::Hosting;
use super::model::Model;
use super::record::Record;
use super::{First, Flow, Options, Progress, Solution, SolveError, encode, housing_estimate};
use crate::problem::Problem;

/// Shares of the search after which the chains compare their plans.
const EXCHANGES: [f64; 8] = [0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];
/// Roll-outs for the first plan, until one leaves nobody behind.
const FIRST_ROLL_OUTS: usize = 24;
/// Chains that run at once, at most.
const MOST_THREADS: usize = 2;
/// Between calls of the caller's progress function.
const TELL_EVERY: Duration = Duration::from_millis(200);

pub(super) fn run(
    problem: &Problem,
    options: &Options,
    sketches: Sketches,
    progress: &mut dyn FnMut(&Progress) -> Flow,
) -> Result<Solution, SolveError> {
    let start = Instant::now();
    let model = Model::new(problem);
    let past = match &options.done {
        Some(done) => Past::replay(&model, done.nights, &done.plan)?,
        None => Past::nothing(&model),
    };
    let hosting = Hosting::new(&model, &past.housed);
    let mut genome =
        Genome { nights: vec![NightWishes::default(); model.nights], hosts: hosting.first(&model) };
    let mut chance = Chance::new(options.seed);
    housing_estimate::improve(&model, &hosting, &mut genome.hosts, &mut chance);
    let mut churn: Option<ChurnPrice> = None;
    if let Some(base) = &options.base {
        genome.nights = encode::wishes(&model, &base.plan)?;
        let housed = encode::housed(&model, &base.plan);
        hosting.prefer(&mut genome.hosts, &housed);
        churn = Some(encode::churn(&model, &genome.nights, past.nights, base));
    }
    let pace = Pace { start, limit: options.time_limit, iterations: options.max_iterations };
    let warm = options.base.is_some();
    let mut runners: Vec<Runner> = (0..options.threads.clamp(1, MOST_THREADS) as u64)
        .map(|number| {
            let chance = Chance::new(options.seed.wrapping_mul(1009).wrapping_add(number));
            let start = genome.clone();
            let chain = Chain::new(&model, &hosting, &past, churn.as_ref(), start, chance);
            Runner::new(chain, pace, warm, sketches)
        })
        .collect();
    let lead = &mut runners[0].chain;
    if !warm && !lead.is_stuck() {
        lead.move_everyone(FIRST_ROLL_OUTS);
    }
    let first = First {
        cost: lead.present,
        left_behind: lead.left_behind(),
        seconds: start.elapsed().as_secs_f64(),
    };
    let mut watch = Watch { told: start, start, progress };
    for until in EXCHANGES {
        let stop = AtomicBool::new(false);
        let (lead, others) = runners.split_at_mut(1);
        let known = others.iter().map(|r| r.chain.best_cost).min();
        std::thread::scope(|scope| {
            for runner in others {
                scope.spawn(|| runner.run(until, &mut |_, _| !stop.load(Ordering::Relaxed)));
            }
            lead[0].run(until, &mut |cost, steps| {
                let goes_on = watch.tell(known.map_or(cost, |known| known.min(cost)), steps);
                stop.fetch_or(!goes_on, Ordering::Relaxed);
                goes_on
            });
        });
        if stop.into_inner() || runners[0].chain.is_stuck() {
            break;
        }
        exchange(&mut runners);
    }
    let iterations = runners.iter().map(|r| r.steps).sum();
    let best = runners.into_iter().map(|r| r.chain).min_by_key(|chain| chain.best_cost);
    let best = best.map_or(genome, |chain| chain.best);
    let mut record = Record::new(problem, past.plan.clone(), past.housing.clone(), past.cost);
    let left_behind = perform(&model, &past, churn.as_ref(), &best, &mut record);
    let (plan, cost) = record.finish(&model, &best.hosts, &past.free);
    let seconds = start.elapsed().as_secs_f64();
    Ok(Solution { plan, cost, left_behind, iterations, first, seconds })
}

/// Tells the caller how far the search is, a few times a second.
struct Watch<'a> {
    told: Instant,
    start: Instant,
    progress: &'a mut dyn FnMut(&Progress) -> Flow,
}

impl Watch<'_> {
    /// False when the caller wants to stop.
    fn tell(&mut self, cost: i64, iterations: u64) -> bool {
        if self.told.elapsed() < TELL_EVERY {
            return true;
        }
        self.told = Instant::now();
        let now = Progress { elapsed: self.start.elapsed(), cost, iterations, bound: None };
        (self.progress)(&now) == Flow::Continue
    }
}

/// Every chain learns of the best plan and will start from it, whatever it works on now.
fn exchange(runners: &mut [Runner]) {
    let best = (0..runners.len()).min_by_key(|&n| runners[n].chain.best_cost).unwrap_or_default();
    let (cost, plan) = (runners[best].chain.best_cost, runners[best].chain.best.clone());
    for runner in runners.iter_mut() {
        if runner.chain.best_cost > cost {
            runner.chain.best_cost = cost;
            runner.chain.best.clone_from(&plan);
        }
    }
}
