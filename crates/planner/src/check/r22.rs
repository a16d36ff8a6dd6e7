//! R22

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R22",
    text: "no more convoys use a crossing in a night than it has slots",
    source: "PROBLEM.md section 2: crossing slots",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for (row, x) in case.crossings.iter().zip(&case.problem.crossings) {
        for (night, n) in row.iter().enumerate().filter(|(t, n)| **n > x.slots[*t]) {
            found.add(format!("{} night {night}: {n} convoys, limit {}", x.id, x.slots[night]));
        }
    }
}
