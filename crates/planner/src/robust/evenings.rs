//! Futures in which the rest of the plan is searched again after each lost night: the policy of a
//! planning desk that works every evening.

use std::ops::Range;
use std::time::Duration;

use super::{Hedge, Odds};
use crate::check::check;
use crate::plan::ClassPlan;
use crate::problem::Problem;
use crate::solve::{Base, Done, Flow, Options, SolveError, solve};

/// How one future ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    pub left_behind: i64,
    /// Units, at the true prices.
    pub cost: i64,
    /// Nights lost, each followed by a new plan.
    pub lost: usize,
}

/// What happens, and how much the desk searches in an evening.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evenings {
    /// Only lost nights count.
    pub odds: Odds,
    /// Of the futures and of the searches.
    pub seed: u64,
    /// Of each search; an evening without a lost night needs none, as nothing has changed.
    pub iterations: u64,
    /// Futures played at once; they do not change the answer.
    pub threads: usize,
}

impl Evenings {
    /// Plays futures by number; endings in that order. A lost night moves nobody and no vehicle; in
    /// the evening after it the rest is searched again, from the plan in force on and at prices of
    /// `hedge`. Two plans meet the same futures.
    ///
    /// # Errors
    /// When the plan names what the problem does not have.
    pub fn play(
        &self,
        problem: &Problem,
        plan: &ClassPlan,
        hedge: Hedge,
        futures: Range<u64>,
    ) -> Result<Vec<Ending>, SolveError> {
        let runs = futures.end.saturating_sub(futures.start);
        let each = runs.div_ceil(self.threads.max(1) as u64).max(1);
        let play = |start: u64| -> Result<Vec<Ending>, SolveError> {
            let numbers = start..(start + each).min(futures.end);
            numbers.map(|number| self.ending(problem, plan, hedge, number)).collect()
        };
        let mut all = Vec::with_capacity(runs as usize);
        std::thread::scope(|scope| {
            let starts = futures.clone().step_by(each as usize);
            let parts: Vec<_> = starts.map(|start| scope.spawn(move || play(start))).collect();
            for part in parts {
                all.extend(part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
            }
            Ok(all)
        })
    }

    fn ending(
        &self,
        problem: &Problem,
        plan: &ClassPlan,
        hedge: Hedge,
        number: u64,
    ) -> Result<Ending, SolveError> {
        let future = self.odds.future(problem.nights, self.seed, number);
        let (mut truth, mut plan, mut lost) = (problem.clone(), plan.clone(), 0);
        for night in (0..problem.nights).filter(|&t| future[t].lost) {
            (truth.cover[night].orbits, truth.air.sorties[night]) = (0, 0);
            let stays = |t: i64| t != night as i64;
            plan.convoys.retain(|c| stays(c.night));
            plan.sorties.retain(|s| stays(s.night));
            plan.repositions.retain(|r| stays(r.night));
            plan = self.search(&hedge.apply(&truth), night + 1, plan)?;
            lost += 1;
        }
        let report = check(&truth, &plan);
        debug_assert!(report.is_clean(), "{report}");
        Ok(Ending { left_behind: report.left_behind, cost: report.cost.total(), lost })
    }

    fn search(
        &self,
        priced: &Problem,
        nights: usize,
        plan: ClassPlan,
    ) -> Result<ClassPlan, SolveError> {
        let options = Options {
            time_limit: Duration::MAX,
            max_iterations: Some(self.iterations),
            seed: self.seed,
            done: Some(Done { nights, plan: plan.clone() }),
            base: Some(Base::new(plan, 0)),
            ..Options::default()
        };
        Ok(solve(priced, &options, &mut |_| Flow::Continue)?.plan)
    }
}
