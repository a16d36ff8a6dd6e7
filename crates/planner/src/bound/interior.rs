//! Asks Clarabel for dual values. What it answers is only a suggestion: the proof is ours.

use std::time::Duration;

use clarabel::algebra::CscMatrix;
use clarabel::solver::{DefaultSettings, DefaultSolver, IPSolver, SolverStatus, SupportedConeT};

use super::cases::Case;
use super::cut::CutProof;
use super::program::{DUAL_SCALE, Program};

/// Cuts, dual values for each row and each cut in parts of [`DUAL_SCALE`], cases with duals of their
/// own, and whether the solver got to the end of the relaxation.
pub(super) struct Suggestion {
    pub cuts: Vec<CutProof>,
    pub duals: Vec<i64>,
    pub cases: Vec<Case>,
    pub finished: bool,
}

impl Suggestion {
    /// Duals alone, from wherever they are.
    pub fn of(duals: Vec<i64>) -> Self {
        Self { cuts: Vec::new(), duals, cases: Vec::new(), finished: false }
    }
}

pub(super) fn suggest(program: &Program, limit: Duration) -> Option<Suggestion> {
    let columns = program.cost.len();
    // Equalities first, then inequalities, then the boxes.
    let mut order: Vec<usize> = (0..program.rows.len()).collect();
    order.sort_by_key(|&i| !program.rows[i].equal);
    let equal = program.rows.iter().filter(|r| r.equal).count();
    let (mut at, mut of, mut values, mut limits) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut entry = |row: usize, column: u32, value: f64| {
        at.push(row);
        of.push(column as usize);
        values.push(value);
    };
    for (row, &i) in order.iter().enumerate() {
        for &(j, a) in &program.rows[i].terms {
            entry(row, j, a as f64);
        }
        limits.push(program.rows[i].limit as f64);
    }
    for j in 0..columns as u32 {
        entry(limits.len(), j, -1.0);
        limits.push(0.0);
    }
    for &j in &program.boxed {
        entry(limits.len(), j, 1.0);
        limits.push(program.most[j as usize] as f64);
    }
    let a = CscMatrix::new_from_triplets(limits.len(), columns, at, of, values);
    let cost: Vec<f64> = program.cost.iter().map(|&c| c as f64).collect();
    let cones =
        [SupportedConeT::ZeroConeT(equal), SupportedConeT::NonnegativeConeT(limits.len() - equal)];
    let settings = DefaultSettings {
        verbose: false,
        time_limit: limit.as_secs_f64().max(0.001),
        max_iter: 200,
        ..DefaultSettings::default()
    };
    let nothing = CscMatrix::zeros((columns, columns));
    let mut solver = DefaultSolver::new(&nothing, &cost, &a, &limits, &cones, settings).ok()?;
    solver.solve();
    let z = &solver.solution.z;
    if z.len() < order.len() || z[..order.len()].iter().any(|y| !y.is_finite()) {
        return None;
    }
    let mut duals = vec![0; program.rows.len()];
    for (row, &i) in order.iter().enumerate() {
        duals[i] = (z[row] * DUAL_SCALE as f64).round().clamp(-4e18, 4e18) as i64;
    }
    let finished =
        matches!(solver.solution.status, SolverStatus::Solved | SolverStatus::AlmostSolved);
    Some(Suggestion { finished, ..Suggestion::of(duals) })
}
