//! R06

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R06",
    text: "a convoy has at least one vehicle and at most as many as may drive together",
    source: "PROBLEM.md section 2: convoy size",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for c in &case.convoys {
        if !(1..=case.problem.max_vehicles).contains(&c.vehicles.len()) {
            found.add(format!("{}: {} vehicles", c.place, c.vehicles.len()));
        }
    }
}
