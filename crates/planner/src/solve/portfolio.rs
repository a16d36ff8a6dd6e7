//! Paces one or two chains and lets them share their best plan.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::anneal::{Chain, perform};
use super::chance::Chance;
use super::decode::ChurnPrice;
use super::done::Past;
use super::genome::{Genome, NightWishes};
use super::hosting::Hosting;
use super::model::Model;
use super::record::Record;
use super::{First, Flow, Options, Progress, Solution, SolveError, encode, housing_estimate};
use crate::problem::Problem;

/// Share of the search spent on whole greedy plans.
const ROLL_OUT_SHARE: f64 = 0.2;
/// With iterations as the limit, one roll-out for each so many.
const ITERATIONS_PER_ROLL_OUT: u64 = 250;
/// Temperatures in units, from hot to cold; warm is the start from a plan in force.
const HOT: f64 = 5000.0;
const WARM: f64 = 1500.0;
const COLD: f64 = 100.0;
/// Shares of the search after which the chains compare their plans.
const EXCHANGES: [f64; 6] = [0.05, ROLL_OUT_SHARE, 0.5, 0.7, 0.85, 1.0];
/// Chains that run at once, at most.
const MOST_THREADS: usize = 2;
/// Between calls of the caller's progress function.
const TELL_EVERY: Duration = Duration::from_millis(200);
/// Steps between looks at the clock.
const STEPS_PER_LOOK: u64 = 64;

/// How much of the search is used up.
#[derive(Clone, Copy)]
struct Pace {
    start: Instant,
    limit: Duration,
    iterations: Option<u64>,
}

impl Pace {
    fn used(&self, iterations: u64) -> f64 {
        let by_time = self.start.elapsed().as_secs_f64() / self.limit.as_secs_f64().max(1e-9);
        match self.iterations {
            Some(_) if by_time >= 1.0 => 1.0,
            Some(most) => iterations as f64 / most.max(1) as f64,
            None => by_time,
        }
    }
}

pub(super) fn run(
    problem: &Problem,
    options: &Options,
    start: Instant,
    progress: &mut dyn FnMut(&Progress) -> Flow,
) -> Result<Solution, SolveError> {
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
        churn = Some(encode::churn(&genome.nights, past.nights, base.churn_price));
    }
    let pace = Pace { start, limit: options.time_limit, iterations: options.max_iterations };
    let warm = options.base.is_some();
    let mut runners: Vec<Runner> = (0..options.threads.clamp(1, MOST_THREADS) as u64)
        .map(|number| {
            let chance = Chance::new(options.seed.wrapping_mul(1009).wrapping_add(number));
            let start = genome.clone();
            let chain = Chain::new(&model, &hosting, &past, churn.as_ref(), start, chance);
            Runner { chain, pace, warm, rolled: 0, steps: 0 }
        })
        .collect();
    let lead = &mut runners[0].chain;
    if !warm && !lead.is_stuck() {
        lead.roll_out(0);
    }
    let first = First {
        cost: lead.best_cost,
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
    let left_behind = perform(&model, &past, &best, &mut record);
    let (plan, cost) = record.finish();
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
        let now = Progress { elapsed: self.start.elapsed(), cost, iterations };
        (self.progress)(&now) == Flow::Continue
    }
}

/// The chains behind take over the plan of the best one.
fn exchange(runners: &mut [Runner]) {
    let best = (0..runners.len()).min_by_key(|&n| runners[n].chain.best_cost).unwrap_or_default();
    let (plan, policy) = (runners[best].chain.best.clone(), runners[best].chain.policy);
    for (n, runner) in runners.iter_mut().enumerate() {
        if n != best {
            runner.chain.adopt(plan.clone());
            runner.chain.policy = policy;
        }
    }
}

/// One chain and how far it is. What it does up to a share of the search depends on nothing but
/// the chain when the pace is counted in iterations.
struct Runner<'m> {
    chain: Chain<'m>,
    pace: Pace,
    warm: bool,
    rolled: u64,
    steps: u64,
}

impl Runner<'_> {
    /// Roll-outs, then annealing, until a share of the search is used up or `goes_on` says no.
    fn run(&mut self, until: f64, goes_on: &mut dyn FnMut(i64, u64) -> bool) {
        let roll_outs = if self.warm { 0.0 } else { ROLL_OUT_SHARE };
        let chain = &mut self.chain;
        let mut goes_on =
            |chain: &Chain, steps| !chain.is_stuck() && goes_on(chain.best_cost, steps);
        while self.pace.used(self.rolled * ITERATIONS_PER_ROLL_OUT) < until.min(roll_outs) {
            if !goes_on(chain, 0) {
                return;
            }
            self.rolled += 1;
            chain.roll_out(self.rolled);
        }
        if until < roll_outs {
            return;
        }
        let from = if self.warm || self.pace.iterations.is_some() { 0.0 } else { ROLL_OUT_SHARE };
        let hot = if self.warm { WARM } else { HOT };
        loop {
            let used = self.pace.used(self.steps);
            if used >= until || !goes_on(chain, self.steps) {
                return;
            }
            let share = ((used - from) / (1.0 - from)).clamp(0.0, 1.0);
            let temperature = hot * (COLD / hot).powf(share);
            for _ in 0..STEPS_PER_LOOK {
                chain.step(temperature);
            }
            self.steps += STEPS_PER_LOOK;
        }
    }
}
