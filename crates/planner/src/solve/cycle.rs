//! One chain through the search: annealed from afresh again and again, then around its best plan.
//!
//! Where an annealing ends depends more on where it began than on how long it took: at 500 x 60
//! runs of 50,000 steps end between 139,000 and 170,000, of 400,000 between 138,000 and 160,000. So many
//! short ones begin afresh, and the search goes on from where they ended, from ever fewer of them.

use std::time::{Duration, Instant};

use super::anneal::Chain;
use super::ends::Ends;
use crate::plan::ClassPlan;

/// A roll-out takes about as long as so many steps.
const STEPS_PER_ROLL_OUT: u64 = 250;
/// Roll-outs before an annealing from afresh: the best of more would often be the same.
const ROLL_OUTS: usize = 6;
/// Share of the search given to beginnings from afresh, and share from which on it goes on from the best
/// plan alone; in between from so many ends at first, and from ever fewer.
const AFRESH_SHARE: f64 = 0.4;
const BEST_ALONE: f64 = 0.9;
const ENDS: f64 = 8.0;
/// Most wings given to other groups when the search begins afresh, and where it goes on.
const REHOSTED_AFRESH: usize = 8;
const REHOSTED_AGAIN: usize = 2;
/// Steps of an annealing for each trip and class: from where another ended, and from afresh, where a
/// problem of more than so many trips times classes takes more for each, up to four times.
const STEPS_AGAIN: u64 = 75;
const STEPS_AFRESH: u64 = 38;
const SMALL: u64 = 2500;
/// The cold end of every annealing, as a share of what the plan costs for each trip; the hot ends
/// in times of the cold one. Temperatures are units.
const COLD_SHARE: f64 = 0.01;
const HOT: f64 = 40.0;
const HOT_AGAIN: f64 = 8.0;
/// The least hot end of an annealing from afresh, and the hot end around a plan in force.
const LEAST_HOT: f64 = 5000.0;
const WARM: f64 = 5000.0;
const WARM_COLD: f64 = 100.0;
/// Share of the search from which the best plan is only polished, down to this share of the cold end.
const POLISH_FROM: f64 = 0.96;
const POLISHED: f64 = 0.05;
/// Steps between looks at the clock.
const STEPS_PER_LOOK: u64 = 64;
/// Steps after which the pace of an annealing is known.
const STEPS_TO_PACE: u64 = 4096;

/// How much of the search is used up.
#[derive(Clone, Copy)]
pub(super) struct Pace {
    pub start: Instant,
    pub limit: Duration,
    pub iterations: Option<u64>,
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

/// One annealing from hot to cold.
#[derive(Clone, Copy)]
struct Cycle {
    hot: f64,
    cold: f64,
    /// Work of the chain when it began, and how much it is given.
    from: u64,
    length: u64,
    /// Share of the search at which it began to last until the end of the search.
    last: Option<f64>,
}

/// A chain and how far it is. What it does up to a share of the search depends on nothing but the
/// chain when the pace is counted in iterations.
pub(super) struct Runner<'m> {
    pub chain: Chain<'m>,
    pub steps: u64,
    pace: Pace,
    /// Around a plan in force: one annealing, not hot.
    warm: bool,
    /// Steps, with roll-outs counted in steps.
    work: u64,
    cycle: Option<Cycle>,
    polishing: bool,
    sketches: Sketches<'m>,
    ends: Ends,
}

/// Plans that the proof beside the search came near to; they break rules and are good to begin from.
pub(super) type Sketches<'m> = &'m (dyn Fn() -> Option<ClassPlan> + Sync);

impl<'m> Runner<'m> {
    pub fn new(chain: Chain<'m>, pace: Pace, warm: bool, sketches: Sketches<'m>) -> Self {
        let ends = Ends::default();
        Self { chain, steps: 0, pace, warm, work: 0, cycle: None, polishing: false, sketches, ends }
    }

    /// Anneals until a share of the search is used up or `goes_on` says no, which hears the best
    /// cost and the steps so far.
    pub fn run(&mut self, until: f64, goes_on: &mut dyn FnMut(i64, u64) -> bool) {
        loop {
            let used = self.pace.used(self.work);
            if used >= until || self.chain.is_stuck() {
                return;
            }
            if !goes_on(self.chain.best_cost, self.steps) {
                return;
            }
            if !self.warm && !self.polishing && used >= POLISH_FROM {
                self.cycle = Some(self.polish(used));
            }
            let over = |c: &Cycle| c.last.is_none() && self.work >= c.from + c.length;
            let cycle = match self.cycle.filter(|c| !over(c)) {
                Some(cycle) => self.to_the_end(cycle, used),
                None => self.begin(used),
            };
            self.cycle = Some(cycle);
            let share = match cycle.last {
                Some(from) => (used - from) / (1.0 - from).max(1e-9),
                None => (self.work - cycle.from) as f64 / cycle.length as f64,
            };
            let Cycle { hot, cold, .. } = cycle;
            let temperature = hot * (cold / hot).powf(share.clamp(0.0, 1.0));
            for _ in 0..STEPS_PER_LOOK {
                self.chain.step(temperature);
            }
            self.steps += STEPS_PER_LOOK;
            self.work += STEPS_PER_LOOK;
        }
    }

    /// Stretches a young annealing to the end of the search if half of another would not fit in
    /// behind it.
    fn to_the_end(&self, cycle: Cycle, used: f64) -> Cycle {
        let done = self.work - cycle.from;
        let young = (STEPS_TO_PACE..STEPS_TO_PACE + STEPS_PER_LOOK).contains(&done);
        let share = used / self.work.max(1) as f64 * cycle.length as f64;
        match cycle.last {
            None if young && used + 1.5 * share > 1.0 => Cycle { last: Some(used), ..cycle },
            _ => cycle,
        }
    }

    /// From the best plan on, colder than any annealing, to the end of the search.
    fn polish(&mut self, used: f64) -> Cycle {
        self.polishing = true;
        self.chain.start_near(self.chain.best.clone(), 0);
        let cold = self.cold();
        let (from, last) = (self.work, Some(used));
        Cycle { hot: cold, cold: POLISHED * cold, from, length: u64::MAX, last }
    }

    fn cold(&self) -> f64 {
        (COLD_SHARE * self.chain.best_cost as f64 / self.chain.trips() as f64).max(1.0)
    }

    fn begin(&mut self, used: f64) -> Cycle {
        let chain = &mut self.chain;
        if self.warm {
            if self.steps > 0 {
                chain.start_near(chain.best.clone(), 0);
            }
            let (from, last) = (self.work, Some(used));
            return Cycle { hot: WARM, cold: WARM_COLD, from, length: u64::MAX, last };
        }
        if self.steps > 0 {
            self.ends.note(chain.present, chain.genome());
        }
        // What another thread comes to, and when, is not the same in every run.
        let sketch = if self.pace.iterations.is_none() { (self.sketches)() } else { None };
        // The hot end in times of the cold one and at least, and the steps for each trip and class.
        let (times, least, steps) = if let Some(plan) = sketch {
            chain.start_from(&plan);
            (HOT_AGAIN, 0.0, STEPS_AGAIN)
        } else if used < AFRESH_SHARE {
            let rehosted =
                if self.steps == 0 { 0 } else { chain.chance.below(REHOSTED_AFRESH + 1) };
            chain.start_afresh(ROLL_OUTS, rehosted);
            self.work += ROLL_OUTS as u64 * STEPS_PER_ROLL_OUT;
            {
                let size = chain.trips() * chain.classes();
                (HOT, LEAST_HOT, STEPS_AFRESH * size.clamp(SMALL, 4 * SMALL) / SMALL)
            }
        } else {
            let left = (BEST_ALONE - used) / (BEST_ALONE - AFRESH_SHARE);
            let among = (ENDS * left).ceil() as usize;
            let end = if among > 1 { self.ends.begin(among).cloned() } else { None };
            let genome = end.unwrap_or_else(|| chain.best.clone());
            let rehosted = chain.chance.below(REHOSTED_AGAIN + 1);
            chain.start_near(genome, rehosted);
            (HOT_AGAIN, 0.0, STEPS_AGAIN)
        };
        let length = (steps * chain.trips() * chain.classes()).max(STEPS_TO_PACE);
        let cold = self.cold();
        let hot = (times * cold).max(least);
        Cycle { hot, cold, from: self.work, length, last: None }
    }
}
