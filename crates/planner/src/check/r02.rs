//! R02

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R02",
    text: "every number aboard is a whole positive number of people",
    source: "PROBLEM.md section 2: load",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for (place, _, load) in case.loads() {
        for (k, n) in load.iter().filter(|(k, n)| **n <= 0 && case.class(k).is_some()) {
            found.add(format!("{place}: {n} of class {k}"));
        }
    }
}
