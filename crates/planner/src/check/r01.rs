//! R01

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R01",
    text: "every class aboard is a class of the problem",
    source: "PROBLEM.md section 1: classes",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for (place, _, load) in case.loads() {
        for k in load.keys().filter(|k| case.class(k).is_none()) {
            found.add(format!("{place}: no class {k:?}"));
        }
    }
}
