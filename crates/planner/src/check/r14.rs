//! R14

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R14",
    text: "a sortie flies an air route of the problem, in a night of the horizon",
    source: "PROBLEM.md section 2: sorties",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for (i, s) in case.plan.sorties.iter().enumerate() {
        if case.slot(s.night, &s.route, true).is_none() {
            found.add(format!("sortie {i}: route {:?}, night {}", s.route, s.night));
        }
    }
}
