//! A plan beside the plan of a changed problem, both searched from the same start.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::bound::{self, Proof};
use crate::check::Broken;
use crate::check::case::Case;
use crate::conflict::broken_past;
use crate::plan::{ClassPlan, Cost};
use crate::problem::Problem;
use crate::solve::{Base, Done, Flow, Options, Progress, Solution, SolveError, solve};

/// How much to look, the same on both sides.
#[derive(Debug, Clone)]
pub struct Effort {
    /// Wall time for each side's search; both run at once.
    pub time_limit: Duration,
    /// Wall time for both sides' bounds together.
    pub bound_limit: Duration,
    pub max_iterations: Option<u64>,
    pub seed: u64,
}

/// One side in numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// Units.
    pub cost: i64,
    pub cost_parts: Cost,
    /// No plan of this side's problem costs less.
    pub bound: i64,
    /// `(cost - bound) / cost`, from 0 to 1.
    pub gap: f64,
    pub left_behind: i64,
    /// Night of the last movement.
    pub last_night: Option<usize>,
    /// Nights waited, summed over everybody, those left behind included.
    pub waiting_person_nights: i64,
    pub convoys: usize,
    pub flights: usize,
    /// People who leave, by night.
    pub leaving: Vec<i64>,
    pub iterations: u64,
}

/// Who leaves when instead, counted in people of the same class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Moves {
    pub earlier: i64,
    pub later: i64,
    /// Left behind before, moved now; and the other way round.
    pub newly_moved: i64,
    pub newly_left: i64,
    pub unchanged: i64,
}

/// Both sides and what lies between.
#[derive(Debug, Clone)]
pub struct Comparison {
    pub base: Side,
    pub changed: Side,
    pub moves: Moves,
    pub plans: [ClassPlan; 2],
}

/// Why two sides cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// The nights carried out used what the change takes away.
    #[error(
        "the {nights} nights already carried out do not fit the changed promises: {}; change only nights from {nights} on", told(.broken)
    )]
    Past { nights: usize, broken: Vec<Broken> },
    #[error(transparent)]
    Solve(#[from] SolveError),
}

fn told(broken: &[Broken]) -> String {
    let each: Vec<String> =
        broken.iter().map(|b| format!("{} ({} {})", b.place, b.code, b.text)).collect();
    each.join("; ")
}

/// Searches both problems from `start`, at once and with the same effort, and bounds both.
///
/// `go_on` is asked a few times a second; when it says [`Flow::Stop`] both searches end with what
/// they have. The first `done` nights of `start` stay as they are on both sides.
///
/// # Errors
/// When `start` does not fit, or the change takes away what its first `done` nights used.
pub fn compare(
    problem: &Problem,
    changed: &Problem,
    start: &ClassPlan,
    done: usize,
    effort: &Effort,
    go_on: &(dyn Fn() -> Flow + Sync),
) -> Result<Comparison, CompareError> {
    // What the past breaks without the change is none of the change's doing.
    let before = broken_past(problem, start, done);
    let mut broken = broken_past(changed, start, done);
    broken.retain(|b| !before.contains(b));
    if !broken.is_empty() {
        return Err(CompareError::Past { nights: done, broken });
    }
    let search = |problem: &Problem| {
        let options = Options {
            time_limit: effort.time_limit,
            seed: effort.seed,
            threads: 1,
            max_iterations: effort.max_iterations,
            done: (done > 0).then(|| Done { nights: done, plan: start.clone() }),
            base: Some(Base::new(start.clone(), 0)),
        };
        solve(problem, &options, &mut |_: &Progress| go_on())
    };
    let (base, other) = std::thread::scope(|scope| {
        let other = scope.spawn(|| search(changed));
        (search(problem), other.join())
    });
    let (base, other) = (base?, other.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
    // Whoever stopped the searches does not wait for the bounds either.
    let half = match go_on() {
        Flow::Stop => Duration::ZERO,
        Flow::Continue => effort.bound_limit / 2,
    };
    let proof = bound::prove(problem, half);
    // The base's proof, read against the changed problem, is a start that costs nothing.
    let carried = bound::improve(changed, &proof.certificate, half);
    let changed_proof = carried.unwrap_or_else(|_| bound::prove(changed, half));
    let moves = moves(problem, changed, &base.plan, &other.plan);
    Ok(Comparison {
        base: Side::of(problem, &base, &proof),
        changed: Side::of(changed, &other, &changed_proof),
        moves,
        plans: [base.plan, other.plan],
    })
}

impl Side {
    pub fn of(problem: &Problem, solution: &Solution, proof: &Proof) -> Self {
        let plan = &solution.plan;
        let case = Case::new(problem, plan);
        let mut waiting = problem.people();
        let mut waiting_person_nights = 0;
        let leaving: Vec<i64> = case.left_by.iter().map(|night| night.iter().sum()).collect();
        for n in &leaving {
            waiting -= n;
            waiting_person_nights += waiting;
        }
        let cost = solution.cost.total();
        Self {
            cost,
            cost_parts: solution.cost,
            bound: proof.bound,
            gap: if cost > 0 { (cost - proof.bound).max(0) as f64 / cost as f64 } else { 0.0 },
            left_behind: solution.left_behind,
            last_night: leaving.iter().rposition(|n| *n > 0),
            waiting_person_nights,
            convoys: plan.convoys.len(),
            flights: plan.sorties.len(),
            leaving,
            iterations: solution.iterations,
        }
    }
}

/// Matches the n-th to leave of a class on one side with the n-th on the other: nobody is told apart
/// within a class. People that only one side's problem has are not counted.
fn moves(before: &Problem, after: &Problem, old: &ClassPlan, new: &ClassPlan) -> Moves {
    let nights = |p: &Problem, plan: &ClassPlan| {
        let mut by_class: BTreeMap<String, Vec<Option<usize>>> = BTreeMap::new();
        let case = Case::new(p, plan);
        for (k, c) in p.classes.iter().enumerate() {
            let list = by_class.entry(c.id.clone()).or_default();
            for (t, night) in case.left_by.iter().enumerate() {
                list.extend((0..night[k]).map(|_| Some(t)));
            }
            list.resize(c.count.max(0) as usize, None);
        }
        by_class
    };
    let (old, new) = (nights(before, old), nights(after, new));
    let mut moves = Moves::default();
    for (class, before) in &old {
        for (a, b) in before.iter().zip(new.get(class).into_iter().flatten()) {
            match (a, b) {
                (Some(a), Some(b)) if b < a => moves.earlier += 1,
                (Some(a), Some(b)) if b > a => moves.later += 1,
                (None, Some(_)) => moves.newly_moved += 1,
                (Some(_), None) => moves.newly_left += 1,
                _ => moves.unchanged += 1,
            }
        }
    }
    moves
}
