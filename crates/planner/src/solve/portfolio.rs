//! Paces one or two chains and lets them share their best plan.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
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
/// At these shares of the search a chain takes over the best plan of the other.
const EXCHANGES: [f64; 3] = [0.5, 0.7, 0.85];
/// Steps between looks at the clock.
const STEPS_PER_LOOK: u64 = 64;

struct Shared {
    best: Mutex<Option<(i64, Genome)>>,
    stop: AtomicBool,
    iterations: AtomicU64,
}

impl Shared {
    fn offer(&self, cost: i64, genome: &Genome) {
        let mut best = self.best.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if best.as_ref().is_none_or(|(c, _)| cost < *c) {
            *best = Some((cost, genome.clone()));
        }
    }

    fn better_than(&self, cost: i64) -> Option<Genome> {
        let best = self.best.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        best.as_ref().filter(|(c, _)| *c < cost).map(|(_, genome)| genome.clone())
    }
}

/// How much of the search is used up.
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
    let shared = Shared {
        best: Mutex::new(None),
        stop: AtomicBool::new(false),
        iterations: AtomicU64::new(0),
    };
    let pace = Pace { start, limit: options.time_limit, iterations: options.max_iterations };
    let warm = options.base.is_some();
    let new_chain = |number: u64| {
        let chance = Chance::new(options.seed.wrapping_mul(1009).wrapping_add(number));
        Chain::new(&model, &hosting, &past, churn.as_ref(), genome.clone(), chance)
    };
    let mut chain = new_chain(0);
    if !warm && !chain.is_stuck() {
        chain.roll_out(0);
    }
    let first = First {
        cost: chain.best_cost,
        left_behind: chain.left_behind(),
        seconds: start.elapsed().as_secs_f64(),
    };
    std::thread::scope(|scope| {
        for number in 1..options.threads.clamp(1, 2) as u64 {
            let mut helper = new_chain(number);
            let (shared, pace) = (&shared, &pace);
            scope.spawn(move || anneal(&mut helper, pace, warm, shared, &mut |_| Flow::Continue));
        }
        anneal(&mut chain, &pace, warm, &shared, progress);
        shared.stop.store(true, Ordering::Relaxed);
    });
    let best = shared.better_than(i64::MAX).unwrap_or(genome);
    let mut record = Record::new(problem, past.plan.clone(), past.housing.clone(), past.cost);
    let left_behind = perform(&model, &past, &best, &mut record);
    let (plan, cost) = record.finish();
    Ok(Solution {
        plan,
        cost,
        left_behind,
        iterations: shared.iterations.load(Ordering::Relaxed),
        first,
        seconds: start.elapsed().as_secs_f64(),
    })
}

/// Roll-outs, then annealing, until the pace or somebody ends it.
fn anneal(
    chain: &mut Chain,
    pace: &Pace,
    warm: bool,
    shared: &Shared,
    progress: &mut dyn FnMut(&Progress) -> Flow,
) {
    let mut told = Instant::now();
    let (mut steps, mut rolled, mut exchanged) = (0u64, 0u64, 0);
    let mut goes_on = |chain: &Chain, steps: u64, used: f64| {
        if told.elapsed() > Duration::from_millis(200) {
            told = Instant::now();
            let now = Progress {
                elapsed: pace.start.elapsed(),
                cost: chain.best_cost,
                iterations: steps,
            };
            if progress(&now) == Flow::Stop {
                shared.stop.store(true, Ordering::Relaxed);
            }
        }
        used < 1.0 && !shared.stop.load(Ordering::Relaxed) && !chain.is_stuck()
    };
    if !warm {
        while goes_on(chain, 0, pace.used(rolled * ITERATIONS_PER_ROLL_OUT) / ROLL_OUT_SHARE) {
            rolled += 1;
            chain.roll_out(rolled);
        }
    }
    shared.offer(chain.best_cost, &chain.best);
    let from = if warm || pace.iterations.is_some() { 0.0 } else { ROLL_OUT_SHARE };
    let hot = if warm { WARM } else { HOT };
    loop {
        let used = pace.used(steps);
        if !goes_on(chain, steps, used) {
            break;
        }
        if exchanged < EXCHANGES.len() && used > EXCHANGES[exchanged] {
            exchanged += 1;
            shared.offer(chain.best_cost, &chain.best);
            if let Some(better) = shared.better_than(chain.best_cost) {
                chain.adopt(better);
            }
        }
        let share = ((used - from) / (1.0 - from)).clamp(0.0, 1.0);
        let temperature = hot * (COLD / hot).powf(share);
        for _ in 0..STEPS_PER_LOOK {
            chain.step(temperature);
        }
        steps += STEPS_PER_LOOK;
    }
    shared.offer(chain.best_cost, &chain.best);
    shared.iterations.fetch_add(steps, Ordering::Relaxed);
}
