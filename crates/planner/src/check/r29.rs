//! R29

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R29",
    text: "beds are given to a class and in a wing of the problem, in whole positive numbers",
    source: "PROBLEM.md section 2: housing",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for (i, h) in case.plan.housing.iter().enumerate() {
        if case.class(&h.class).is_none() || case.wing(&h.wing).is_none() || h.count <= 0 {
            found.add(format!("housing {i}: {} of {:?} in {:?}", h.count, h.class, h.wing));
        }
    }
}
