//! Mixed-integer rounding in whole numbers: a cut, and what proves it.
//!
//! Every column and every row's slack is a whole number in every plan, because all coefficients
//! and limits are. A weighted sum of rows, slacks written out, is an equation `Σ a_j x_j = b`; for
//! any divisor `d` with `r = b mod d` the rounding function
//! `F(a) = ⌊a/d⌋ (d - r) + max(0, a mod d - r)` gives `Σ F(a_j) x_j <= ⌊b/d⌋ (d - r)`
//! (Nemhauser and Wolsey, Mathematical Programming 1990; Marchand and Wolsey, Operations Research
//! 2001). Columns may be counted from their upper end first. [`derive`] does this in whole numbers,
//! so a cut needs no trust in who found it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::program::{Program, Row, Tag};

/// How a cut follows from the rows of the relaxation and the cuts before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutProof {
    /// Row number and weight. Numbers past the relaxation's last row are cuts, in their order.
    pub weights: Vec<(u32, i64)>,
    /// Columns counted from their upper end.
    pub flipped: Vec<u32>,
    pub divisor: i64,
    /// The cut's numbers are divided by this in the end, and rounded to the safe side.
    pub shrink: i64,
}

/// Why a cut does not follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unproven {
    /// A weight on a row, or a flipped column, that is not there (yet).
    Unknown,
    /// A divisor or a shrink below 1.
    Divisor,
    /// Numbers too large to be computed with.
    TooLarge,
}

impl Unproven {
    pub fn said(self) -> &'static str {
        match self {
            Self::Unknown => "it names a row or a column that is not there before it",
            Self::Divisor => "its divisor is not positive",
            Self::TooLarge => "its numbers are too large to be computed with",
        }
    }
}

/// Coefficients and limits of a cut stay below this.
const LARGEST: i128 = 1 << 40;

/// The row that the proof proves.
pub(super) fn derive(program: &Program, cuts: &[Row], proof: &CutProof) -> Result<Row, Unproven> {
    if proof.divisor < 1 || proof.shrink < 1 {
        return Err(Unproven::Divisor);
    }
    let mut sum = Sum::default();
    let mut parts = Vec::with_capacity(proof.weights.len());
    for &(i, weight) in &proof.weights {
        let row = row_of(program, cuts, i as usize).ok_or(Unproven::Unknown)?;
        sum.add(row, i128::from(weight))?;
        parts.push((row, i128::from(weight)));
    }
    let most = |j: u32| program.most.get(j as usize).map(|&m| i128::from(m));
    if proof.flipped.windows(2).any(|w| w[0] >= w[1]) {
        return Err(Unproven::Unknown);
    }
    for &j in &proof.flipped {
        let top = most(j).ok_or(Unproven::Unknown)?;
        sum.flip(j, top)?;
    }
    let round = Rounding::new(sum.limit, i128::from(proof.divisor))?;
    sum.limit = round.limit;
    for a in sum.terms.values_mut() {
        *a = round.of(*a)?;
    }
    for &j in &proof.flipped {
        sum.flip(j, most(j).ok_or(Unproven::Unknown)?)?;
    }
    // The slacks: what they cost, written in the columns of their rows.
    for (row, weight) in parts {
        if !row.equal {
            sum.add(row, -round.of(weight)?)?;
        }
    }
    shrink(&sum, i128::from(proof.shrink), &most)
}

fn row_of<'r>(program: &'r Program, cuts: &'r [Row], i: usize) -> Option<&'r Row> {
    program.rows.get(i).or_else(|| cuts.get(i - program.rows.len()))
}

/// Divides by `by`. A coefficient is rounded down, because no column is negative; one that lies
/// between -1 and 0 is rounded up to nothing and paid for at the column's upper end.
fn shrink(sum: &Sum, by: i128, most: &dyn Fn(u32) -> Option<i128>) -> Result<Row, Unproven> {
    let mut limit = sum.limit;
    let mut terms = Vec::new();
    for (&j, &a) in &sum.terms {
        let mut whole = a.div_euclid(by);
        if whole == -1 && a > -by {
            whole = 0;
            let top = most(j).ok_or(Unproven::Unknown)?;
            limit =
                top.checked_mul(-a).and_then(|n| limit.checked_add(n)).ok_or(Unproven::TooLarge)?;
        }
        if whole != 0 {
            terms.push((j, small(whole)?));
        }
    }
    let limit = small(limit.div_euclid(by))?;
    Ok(Row { tag: Tag::Form, equal: false, limit, terms })
}

fn small(n: i128) -> Result<i64, Unproven> {
    if n.abs() > LARGEST {
        return Err(Unproven::TooLarge);
    }
    i64::try_from(n).map_err(|_| Unproven::TooLarge)
}

#[derive(Default)]
struct Sum {
    terms: BTreeMap<u32, i128>,
    limit: i128,
}

impl Sum {
    fn add(&mut self, row: &Row, weight: i128) -> Result<(), Unproven> {
        let times = |a: i64| weight.checked_mul(i128::from(a)).ok_or(Unproven::TooLarge);
        for &(j, a) in &row.terms {
            let entry = self.terms.entry(j).or_insert(0);
            *entry = entry.checked_add(times(a)?).ok_or(Unproven::TooLarge)?;
        }
        self.limit = self.limit.checked_add(times(row.limit)?).ok_or(Unproven::TooLarge)?;
        Ok(())
    }

    /// Counts a column from its upper end, or back.
    fn flip(&mut self, column: u32, top: i128) -> Result<(), Unproven> {
        if let Some(a) = self.terms.get_mut(&column) {
            let paid = a.checked_mul(top).ok_or(Unproven::TooLarge)?;
            self.limit = self.limit.checked_sub(paid).ok_or(Unproven::TooLarge)?;
            *a = -*a;
        }
        Ok(())
    }
}

struct Rounding {
    divisor: i128,
    rest: i128,
    limit: i128,
}

impl Rounding {
    fn new(limit: i128, divisor: i128) -> Result<Self, Unproven> {
        let rest = limit.rem_euclid(divisor);
        let limit = limit.div_euclid(divisor).checked_mul(divisor - rest);
        Ok(Self { divisor, rest, limit: limit.ok_or(Unproven::TooLarge)? })
    }

    fn of(&self, a: i128) -> Result<i128, Unproven> {
        let whole = a.div_euclid(self.divisor).checked_mul(self.divisor - self.rest);
        let part = (a.rem_euclid(self.divisor) - self.rest).max(0);
        whole.and_then(|w| w.checked_add(part)).ok_or(Unproven::TooLarge)
    }
}
