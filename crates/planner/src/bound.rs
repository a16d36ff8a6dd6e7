//! What no plan can beat: a lower bound with a certificate that needs no solver to be checked.
//!
//! [`prove`] writes a linear relaxation of the problem, asks Clarabel for dual values, rounds them
//! to whole parts and computes the bound they prove in whole numbers. [`verify`] does only the
//! last step again: whoever distrusts the solver loses nothing.

mod interior;
mod patterns;
mod prices;
mod program;
mod relaxation;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use prices::{Resource, ShadowPrice, shadow_prices};
pub use program::DUAL_SCALE;

use crate::problem::Problem;

/// Dual values that prove a bound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Always `amana-bound-v1`: which relaxation the values belong to.
    pub format: String,
    /// One for each row of the relaxation, in its order, in parts of [`DUAL_SCALE`].
    pub duals: Vec<i64>,
    /// Whether the solver reached the relaxation's optimum; if not, the bound holds but is weaker.
    pub finished: bool,
}

const FORMAT: &str = "amana-bound-v1";

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
}

/// Proves a lower bound within about `time_limit`.
///
/// When the solver does not finish in time, its unfinished duals are used if they prove more than
/// no duals at all; either way the bound holds.
pub fn prove(problem: &Problem, time_limit: Duration) -> Proof {
    let (problem, certain) = movable(problem);
    let program = relaxation::build(&problem);
    let nothing = vec![0; program.rows.len()];
    let mut proof = Proof {
        bound: certain + program.dual_bound(&nothing).max(0),
        certificate: Certificate { format: FORMAT.to_owned(), duals: nothing, finished: false },
    };
    if let Some(found) = interior::suggest(&program, time_limit) {
        let bound = certain + program.dual_bound(&found.duals);
        if bound > proof.bound {
            proof.bound = bound;
            proof.certificate.duals = found.duals;
            proof.certificate.finished = found.finished;
        }
    }
    proof
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
    let (found, rows) = (certificate.duals.len(), program.rows.len());
    if found != rows {
        return Err(CertificateError::Length { found, rows });
    }
    Ok(certain + program.dual_bound(&certificate.duals).max(0))
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
