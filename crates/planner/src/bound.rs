//! What no plan can beat: a lower bound with a certificate that needs no solver to be checked.
//!
//! [`prove`] writes a linear relaxation of the problem, solves it by a dual simplex, tightens it by
//! cuts in rounds, rounds the dual values to whole parts and computes the bound they prove in whole
//! numbers. [`verify`] derives every cut again and does the last step again, in whole numbers too:
//! whoever distrusts the solver loses nothing.

mod ascent;
mod branch;
mod cases;
mod cut;
mod encode;
mod halves;
mod horizon;
mod interior;
mod paths;
mod patterns;
mod prices;
mod program;
mod relaxation;
mod rounds;
mod separate;
mod simplex;
mod sketch;
mod told;
mod watch;
mod whole;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use branch::Company;
pub use cases::Case;
pub use cut::CutProof;
use interior::Suggestion;
pub use prices::{Resource, ShadowPrice, shadow_prices};
pub use program::DUAL_SCALE;
use program::{Program, Row};
use rounds::{Patience, Rounds};
use watch::Deadline;
pub use watch::Watch;

use crate::plan::ClassPlan;
use crate::problem::Problem;

/// Dual values that prove a bound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Always `amana-bound-v5`: which relaxation the values belong to.
    pub format: String,
    /// Cuts on top of the relaxation, each with what it follows from.
    pub cuts: Vec<CutProof>,
    /// One for each row of the relaxation, in its order, then one for each cut, in parts of
    /// [`DUAL_SCALE`].
    pub duals: Vec<i64>,
    /// The plans in cases, each with duals of its own; none where the duals above are the proof.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<Case>,
    /// Whether the solver reached the relaxation's optimum; if not, the bound holds but is weaker.
    pub finished: bool,
}

const FORMAT: &str = "amana-bound-v5";

/// A bound and what proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Units; every plan of the problem costs at least this, people left behind included.
    pub bound: i64,
    pub certificate: Certificate,
}

#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    #[error("cannot verify the bound: the certificate is of format {found:?}, not {FORMAT:?}")]
    Format { found: String },
    #[error(
        "cannot verify the bound: {found} dual values for a relaxation of {rows} rows; is it the certificate of this problem?"
    )]
    Length { found: usize, rows: usize },
    #[error("cannot verify the bound: cut {cut} of the certificate does not follow: {why}")]
    Cut { cut: usize, why: &'static str },
}

/// Proves a lower bound within about `time_limit`, and in less when no more cuts are found.
///
/// A simplex solves the relaxation, and cuts follow in rounds. Whenever the time is over, what its
/// basis proves holds; before the relaxation is solved that is weaker.
pub fn prove(problem: &Problem, time_limit: Duration) -> Proof {
    proven(problem, Patience::LONG, false, time_limit, &Watch::default())
}

/// [`prove`] with at most so many rounds of cuts: on any machine that is done within `time_limit`,
/// the same proof.
pub fn prove_in_rounds(problem: &Problem, rounds: usize, time_limit: Duration) -> Proof {
    proven(problem, Patience::LONG.at_most(rounds), false, time_limit, &Watch::default())
}

/// Like [`prove`], but goes on by cases as long as there is time, until no plan can be cheaper than
/// the best that `watch` knows; tells what is proven so far and stops when it is told to.
pub fn prove_watched(problem: &Problem, time_limit: Duration, watch: &Watch) -> Proof {
    proven(problem, Patience::SHORT, true, time_limit, watch)
}

fn proven(
    problem: &Problem,
    patience: Patience,
    by_cases: bool,
    time_limit: Duration,
    watch: &Watch,
) -> Proof {
    let until = Deadline::new(time_limit, watch);
    let whole = problem;
    let (problem, certain) = movable(problem);
    let program = relaxation::build(&problem);
    let last = told::last_night(&problem, time_limit / 20);
    let mut rounds = Rounds::new(&program, last);
    let hear = |point: &[f64]| {
        if let Some(plan) = whole::plan(&problem, &program, point) {
            watch.offer(whole, plan);
        }
        if let Some(plan) = sketch::plan(&problem, &program, point) {
            watch.suggest(plan);
        }
    };
    let company = Company {
        enough: &|| watch.enough().saturating_sub(certain),
        tell: &|bound| watch.tell(certain + bound),
        hear: if by_cases { Some(&hear) } else { None },
    };
    let finished = rounds.run(until, patience, &company);
    let asked = match finished || until.passed() {
        true => None,
        // The simplex gave up on its arithmetic, not on time.
        false => interior::suggest(&program, until.left()),
    };
    if finished && by_cases {
        rounds.branch(until, &company);
    }
    let found = rounds.proof().map(|proof| Suggestion { finished, ..proof });
    best_of(&program, certain, [found, asked])
}

/// Improves on what a certificate proves, within about `time_limit`: the certificate may be of
/// another problem with the same rows, as the plan's before a night was lost.
///
/// # Errors
/// When the certificate is not of a relaxation with this problem's rows.
pub fn improve(
    problem: &Problem,
    certificate: &Certificate,
    time_limit: Duration,
) -> Result<Proof, CertificateError> {
    let watch = Watch::default();
    let until = Deadline::new(time_limit, &watch);
    verify(problem, certificate)?;
    let (problem, certain) = movable(problem);
    let program = relaxation::build(&problem);
    let rows = derive_all(&program, &certificate.cuts)?;
    let climbed = ascent::improve(&program, &rows, &certificate.duals, until);
    let cuts = certificate.cuts.clone();
    let kept = Suggestion {
        cuts: cuts.clone(),
        duals: certificate.duals.clone(),
        cases: certificate.cases.clone(),
        finished: certificate.finished,
    };
    let climbed = Suggestion { cuts, ..Suggestion::of(climbed) };
    Ok(best_of(&program, certain, [Some(kept), Some(climbed)]))
}

/// The suggestion that proves most; no duals at all prove what is certain.
fn best_of(program: &Program, certain: i64, suggestions: [Option<Suggestion>; 2]) -> Proof {
    let mut best = Proof {
        bound: certain,
        certificate: Certificate {
            format: FORMAT.to_owned(),
            cuts: Vec::new(),
            duals: vec![0; program.rows.len()],
            cases: Vec::new(),
            finished: false,
        },
    };
    for suggestion in suggestions.into_iter().flatten() {
        let Ok(cuts) = derive_all(program, &suggestion.cuts) else { continue };
        let bound = certain + proven_by(program, &cuts, &suggestion.duals, &suggestion.cases);
        if bound > best.bound {
            best.bound = bound;
            best.certificate.cuts = suggestion.cuts;
            best.certificate.duals = suggestion.duals;
            best.certificate.cases = suggestion.cases;
            best.certificate.finished = suggestion.finished;
        }
    }
    best
}

/// The rows of the cuts, each derived from the relaxation and the cuts before it.
fn derive_all(program: &Program, cuts: &[CutProof]) -> Result<Vec<Row>, CertificateError> {
    let mut rows = Vec::with_capacity(cuts.len());
    for (cut, proof) in cuts.iter().enumerate() {
        let row = cut::derive(program, &rows, proof);
        rows.push(row.map_err(|why| CertificateError::Cut { cut, why: why.said() })?);
    }
    Ok(rows)
}

/// The bound that a certificate proves, in units, by weak duality in whole numbers.
///
/// A certificate that was tampered with proves less or the same as what it can; it can never make
/// this return more than the cost of the best plan.
///
/// # Errors
/// When the certificate is not one for this problem's relaxation.
pub fn verify(problem: &Problem, certificate: &Certificate) -> Result<i64, CertificateError> {
    if certificate.format != FORMAT {
        return Err(CertificateError::Format { found: certificate.format.clone() });
    }
    let (problem, certain) = movable(problem);
    let program = relaxation::build(&problem);
    let (found, rows) = (certificate.duals.len(), program.rows.len() + certificate.cuts.len());
    if found != rows {
        return Err(CertificateError::Length { found, rows });
    }
    let cuts = derive_all(&program, &certificate.cuts)?;
    Ok(certain + proven_by(&program, &cuts, &certificate.duals, &certificate.cases))
}

/// The better of what the duals and what the cases prove; at least nothing. Cases that do not cover
/// every plan prove nothing.
fn proven_by(program: &Program, cuts: &[Row], duals: &[i64], cases: &[Case]) -> i64 {
    let by_cases = cases::bound(program, cuts, cases).unwrap_or(0);
    program.dual_bound(cuts, duals).max(by_cases).max(0)
}

/// A plan held against a certificate's relaxation and cuts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confrontation {
    /// Units of the plan's point; its cost, when the relaxation says what the problem says.
    pub cost: i64,
    /// Bounds, rows and cuts that the plan breaks, and a case that proves more than it costs, in words.
    /// None, if the plan keeps the rules.
    pub broken: Vec<String>,
}

/// Holds a plan against every row and every cut of a certificate, and against the case it falls in:
/// none may rule out a plan that keeps the rules.
///
/// # Errors
/// When the certificate is not one for this problem's relaxation.
pub fn confront(
    problem: &Problem,
    certificate: &Certificate,
    plan: &ClassPlan,
) -> Result<Confrontation, CertificateError> {
    verify(problem, certificate)?;
    let (problem, certain) = movable(problem);
    let program = relaxation::build(&problem);
    let cuts = derive_all(&program, &certificate.cuts)?;
    let point = encode::point(&problem, &program, plan);
    let cost = point.iter().zip(&program.cost).map(|(x, c)| x * c).sum::<i64>();
    let outside = (point.iter().enumerate())
        .filter(|&(j, x)| !(0..=program.most[j]).contains(x))
        .map(|(j, x)| format!("{:?} is {x}, at most {}", program.counted[j], program.most[j]));
    let rows = program.rows.iter().chain(&cuts).enumerate();
    let rows = rows.filter_map(|(i, row)| {
        let sum: i64 = row.terms.iter().map(|&(j, a)| a * point[j as usize]).sum();
        let holds = if row.equal { sum == row.limit } else { sum <= row.limit };
        let what = if i < program.rows.len() { "row" } else { "cut" };
        (!holds).then(|| format!("{what} {i} {:?}: {sum} against {}", row.tag, row.limit))
    });
    let cost = program.constant + cost;
    let case = cases::proven_at(&program, &cuts, &certificate.cases, &point);
    let case = case
        .filter(|(_, bound)| *bound > cost)
        .map(|(n, bound)| format!("case {n}: {bound} proven, the plan costs {cost}"));
    let broken = outside.chain(rows).chain(case).collect();
    Ok(Confrontation { cost: certain + cost, broken })
}

/// The problem without the people who are never ready to board, and what those cost whatever is
/// planned: they wait every night and are left behind.
fn movable(problem: &Problem) -> (Problem, i64) {
    let mut movable = problem.clone();
    let mut certain = 0;
    for (k, class) in movable.classes.iter_mut().enumerate() {
        let ready = class.ready.last().copied().unwrap_or(class.count);
        let each = (0..problem.nights).map(|t| problem.wait(k, t)).sum::<i64>() + problem.left(k);
        certain += (class.count - ready) * each;
        class.count = ready;
    }
    (movable, certain)
}
