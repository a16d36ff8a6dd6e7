//! The search and the proof beside it, in the same time.

use super::{Flow, Options, Progress, Solution, SolveError, portfolio};
use crate::bound::{self, Proof, Watch};
use crate::check::Report;
use crate::problem::Problem;

/// Up to so many people one chain of the search is enough, and the proof gets a core of its own.
const FEW: i64 = 1000;

/// Searches as [`solve`](super::solve) does while another thread proves a bound; `progress` hears of
/// both, and both end when it says so, or when the best plan is proven to be optimal. With a limit in
/// time the search also begins from what the proof comes near to, and a plan that the proof meets is
/// the answer when it is the cheaper one.
///
/// # Errors
/// Only when `options.done` or `options.base` does not fit the problem.
pub fn solve_and_prove(
    problem: &Problem,
    options: &Options,
    progress: &mut dyn FnMut(&Progress) -> Flow,
) -> Result<(Solution, Proof), SolveError> {
    let threads = if problem.people() > FEW { options.threads } else { 1 };
    let options = Options { threads, ..options.clone() };
    // When the proof meets a plan is chance, and it knows neither what is done nor what was announced.
    let free = options.done.is_none() && options.base.is_none() && options.max_iterations.is_none();
    let watch = if free { Watch::taking_plans() } else { Watch::default() };
    let sketches = || watch.sketch();
    let (mut found, proof) = beside(
        &watch,
        || bound::prove_watched(problem, options.time_limit, &watch),
        progress,
        |progress| portfolio::run(problem, &options, &sketches, progress),
    )?;
    if let Some((plan, Report { cost, left_behind, .. })) = watch.plan()
        && cost.total() < found.cost.total()
    {
        found = Solution { plan, cost, left_behind, ..found };
    }
    Ok((found, proof))
}

/// Any `search` while another thread runs `prove`: `progress` hears of both, and both end when it
/// says so, or when what the search has found is proven to be optimal. The costs that the search
/// tells may be dearer than the problem's, never cheaper.
///
/// # Errors
/// Those of `search`.
pub fn beside_proof<T, E>(
    prove: impl FnOnce(&Watch) -> Proof + Send,
    progress: &mut dyn FnMut(&Progress) -> Flow,
    search: impl FnOnce(&mut dyn FnMut(&Progress) -> Flow) -> Result<T, E>,
) -> Result<(T, Proof), E> {
    let watch = Watch::default();
    beside(&watch, || prove(&watch), progress, search)
}

/// [`beside_proof`] with a watch of the caller's, for a search that listens to the proof.
fn beside<T, E>(
    watch: &Watch,
    prove: impl FnOnce() -> Proof + Send,
    progress: &mut dyn FnMut(&Progress) -> Flow,
    search: impl FnOnce(&mut dyn FnMut(&Progress) -> Flow) -> Result<T, E>,
) -> Result<(T, Proof), E> {
    std::thread::scope(|scope| {
        let proving = scope.spawn(prove);
        let found = search(&mut |now| {
            watch.found(now.cost);
            let (bound, cost) = (watch.bound(), watch.enough());
            let optimal = bound.is_some_and(|bound| bound >= cost);
            let flow = progress(&Progress { bound, cost, ..*now });
            if flow == Flow::Stop || optimal {
                watch.stop();
                return Flow::Stop;
            }
            flow
        });
        if found.is_err() {
            watch.stop();
        }
        let proof = match proving.join() {
            Ok(proof) => proof,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        Ok((found?, proof))
    })
}
