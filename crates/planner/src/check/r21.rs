//! R21

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R21",
    text: "an origin loads no more convoys in a night than it has bays",
    source: "PROBLEM.md section 2: loading bays",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for (row, x) in case.bays.iter().zip(&case.problem.origins) {
        for (night, n) in row.iter().enumerate().filter(|(t, n)| **n > x.bays[*t]) {
            found.add(format!("{} night {night}: {n} convoys, limit {}", x.id, x.bays[night]));
        }
    }
}
