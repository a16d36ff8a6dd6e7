//! A proof by cases: the plans are split in two again and again, and each case has dual values of
//! its own.
//!
//! Every column counts something whole, so in every plan a column is either at most `at` or at least
//! `at + 1`. The bound is the least that any of the last cases proves.

use serde::{Deserialize, Serialize};

use super::program::{Program, Row};

/// A case, by its position in the certificate's list; the first is every plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Case {
    /// Two cases: the column is at most `at`, or at least `at + 1`. Both come later in the list.
    Split { column: u32, at: i64, low: u32, high: u32 },
    /// Row (past the relaxation's last: cut) and dual value in parts of [`DUAL_SCALE`](super::DUAL_SCALE);
    /// all others are 0.
    Proven { duals: Vec<(u32, i64)> },
}

/// Smallest and largest value of each column.
#[derive(Debug, Clone)]
pub(super) struct Boxes {
    pub low: Vec<i64>,
    pub high: Vec<i64>,
}

impl Boxes {
    pub fn of(program: &Program) -> Self {
        Self { low: vec![0; program.most.len()], high: program.most.clone() }
    }
}

impl Case {
    pub(super) fn duals(&self) -> &[(u32, i64)] {
        match self {
            Self::Proven { duals } => duals,
            Self::Split { .. } => &[],
        }
    }

    pub(super) fn duals_mut(&mut self) -> &mut [(u32, i64)] {
        match self {
            Self::Proven { duals } => duals,
            Self::Split { .. } => &mut [],
        }
    }
}

/// What these duals prove of the points in the boxes; `None` when they name a row that is not there.
pub(super) fn bound_within(
    program: &Program,
    cuts: &[Row],
    duals: &[(u32, i64)],
    boxes: &Boxes,
) -> Option<i64> {
    let mut all = vec![0; program.rows.len() + cuts.len()];
    for &(i, y) in duals {
        *all.get_mut(i as usize)? = y;
    }
    Some(program.dual_bound_within(cuts, &all, boxes))
}

/// The case that a point falls in, and what is proven there.
pub(super) fn proven_at(
    program: &Program,
    cuts: &[Row],
    cases: &[Case],
    point: &[i64],
) -> Option<(usize, i64)> {
    let mut boxes = Boxes::of(program);
    let mut n = 0;
    // Each case is met once at most.
    for _ in 0..cases.len() {
        match cases.get(n)? {
            &Case::Split { column, at, low, high } => {
                let j = column as usize;
                if *point.get(j)? <= at {
                    boxes.high[j] = boxes.high[j].min(at);
                    n = low as usize;
                } else {
                    boxes.low[j] = boxes.low[j].max(at.checked_add(1)?);
                    n = high as usize;
                }
            }
            Case::Proven { duals } => {
                return bound_within(program, cuts, duals, &boxes).map(|bound| (n, bound));
            }
        }
    }
    None
}

/// What the cases prove together. `None` when they do not cover every plan, or name rows or columns
/// that are not there.
pub(super) fn bound(program: &Program, cuts: &[Row], cases: &[Case]) -> Option<i64> {
    let mut boxes = Boxes::of(program);
    let mut least = i64::MAX;
    let mut seen = vec![false; cases.len()];
    // What is still to be looked at, and the box of a column to be put back when it was.
    enum Next {
        Look(u32),
        Narrow(u32, i64, i64),
    }
    let mut next = vec![Next::Look(0)];
    while let Some(step) = next.pop() {
        match step {
            Next::Narrow(column, low, high) => {
                boxes.low[column as usize] = low;
                boxes.high[column as usize] = high;
            }
            Next::Look(number) => {
                let known = seen.get_mut(number as usize)?;
                if std::mem::replace(known, true) {
                    return None;
                }
                match &cases[number as usize] {
                    &Case::Split { column, at, low, high } => {
                        let from = *boxes.low.get(column as usize)?;
                        let to = boxes.high[column as usize];
                        next.push(Next::Narrow(column, from, to));
                        next.push(Next::Look(high));
                        next.push(Next::Narrow(column, from.max(at.checked_add(1)?), to));
                        next.push(Next::Look(low));
                        next.push(Next::Narrow(column, from, to.min(at)));
                    }
                    Case::Proven { duals } => {
                        least = least.min(bound_within(program, cuts, duals, &boxes)?);
                    }
                }
            }
        }
    }
    Some(least)
}
