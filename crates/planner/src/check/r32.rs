//! R32

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R32",
    text: "no wing holds more people than it has beds",
    source: "PROBLEM.md section 2: wing capacity; Nelson Mandela Rules, rule 13 (accommodation)",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for (wing, n) in case.problem.wings.iter().zip(&case.wing_people) {
        if *n > wing.capacity {
            found.add(format!("wing {}: {n} people, {} beds", wing.id, wing.capacity));
        }
    }
}
