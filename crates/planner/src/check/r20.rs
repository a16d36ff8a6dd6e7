//! R20

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R20",
    text: "a facility receives no more people in a night than it promised",
    source: "PROBLEM.md section 2: intake per night",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for (row, x) in case.intake.iter().zip(&case.problem.facilities) {
        for (night, n) in row.iter().enumerate().filter(|(t, n)| **n > x.intake[*t]) {
            found.add(format!("{} night {night}: {n} people, limit {}", x.id, x.intake[night]));
        }
    }
}
