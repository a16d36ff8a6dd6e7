//! R19

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R19",
    text: "an origin out-processes no more people in a night than it can",
    source: "PROBLEM.md section 2: out-processing",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for (row, x) in case.out.iter().zip(&case.problem.origins) {
        for (night, n) in row.iter().enumerate().filter(|(t, n)| **n > x.out_limit[*t]) {
            found.add(format!("{} night {night}: {n} people, limit {}", x.id, x.out_limit[night]));
        }
    }
}
