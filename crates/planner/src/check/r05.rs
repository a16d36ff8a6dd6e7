//! R05

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R05",
    text: "a convoy goes by a road route of the problem, in a night of the horizon",
    source: "PROBLEM.md section 2: convoys",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for (i, c) in case.plan.convoys.iter().enumerate() {
        if case.slot(c.night, &c.route, false).is_none() {
            found.add(format!("convoy {i}: route {:?}, night {}", c.route, c.night));
        }
    }
}
