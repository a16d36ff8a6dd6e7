//! What a proof under way shares with whoever waits for it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use crate::check::{Report, check};
use crate::plan::ClassPlan;
use crate::problem::Problem;

/// Told by the proof: what is proven so far. Told to it: that it may stop.
#[derive(Debug)]
pub struct Watch {
    stop: AtomicBool,
    bound: AtomicI64,
    best: AtomicI64,
    sketch: Mutex<Option<ClassPlan>>,
    /// Whether plans that the proof meets are of use, and the cheapest of them.
    takes_plans: bool,
    plan: Mutex<Option<(ClassPlan, Report)>>,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            stop: AtomicBool::new(false),
            bound: AtomicI64::new(i64::MIN),
            best: AtomicI64::new(i64::MAX),
            sketch: Mutex::new(None),
            takes_plans: false,
            plan: Mutex::new(None),
        }
    }
}

impl Watch {
    /// For a search that takes plans from the proof as they are.
    pub fn taking_plans() -> Self {
        Self { takes_plans: true, ..Self::default() }
    }

    /// The cheapest plan that the proof has met, and what the checker says of it.
    pub fn plan(&self) -> Option<(ClassPlan, Report)> {
        self.plan.lock().ok()?.clone()
    }

    /// The proof has met a plan: it is taken if it keeps the rules and nothing cheaper is known.
    pub(super) fn offer(&self, problem: &Problem, plan: ClassPlan) {
        if !self.takes_plans {
            return;
        }
        let report = check(problem, &plan);
        let cost = report.cost.total();
        if report.is_clean()
            && cost < self.enough()
            && let Ok(mut known) = self.plan.lock()
        {
            *known = Some((plan, report));
            self.found(cost);
        }
    }

    /// Units proven so far; `None` before anything is.
    pub fn bound(&self) -> Option<i64> {
        let bound = self.bound.load(Ordering::Relaxed);
        (bound > i64::MIN).then_some(bound)
    }

    /// The proof ends soon, with what it has.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// A plan of this cost is known: nothing more has to be proven.
    pub fn found(&self, cost: i64) {
        self.best.fetch_min(cost, Ordering::Relaxed);
    }

    /// The last plan that the proof came near to, each only once. It names what is sent and who may
    /// ride, counts nobody and breaks rules: it is only good to be searched from.
    pub fn sketch(&self) -> Option<ClassPlan> {
        self.sketch.lock().ok()?.take()
    }

    pub(super) fn suggest(&self, plan: ClassPlan) {
        if let Ok(mut sketch) = self.sketch.lock() {
            *sketch = Some(plan);
        }
    }

    /// What the best known plan costs.
    pub(crate) fn enough(&self) -> i64 {
        self.best.load(Ordering::Relaxed)
    }

    pub(super) fn tell(&self, bound: i64) {
        self.bound.fetch_max(bound, Ordering::Relaxed);
    }
}

/// When a proof has to end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline<'w> {
    at: Instant,
    watch: &'w Watch,
}

impl<'w> Deadline<'w> {
    pub fn new(limit: Duration, watch: &'w Watch) -> Self {
        Self { at: Instant::now() + limit, watch }
    }

    /// The same, and at most so long from now.
    pub fn within(self, limit: Duration) -> Self {
        Self { at: self.at.min(Instant::now() + limit), ..self }
    }

    pub fn passed(&self) -> bool {
        self.watch.stop.load(Ordering::Relaxed) || Instant::now() >= self.at
    }

    pub fn left(&self) -> Duration {
        if self.passed() { Duration::ZERO } else { self.at - Instant::now() }
    }
}
