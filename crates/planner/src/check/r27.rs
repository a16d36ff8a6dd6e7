//! R27

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R27",
    text: "empty vehicles move in whole numbers between two depots, and arrive within the horizon",
    source: "PROBLEM.md section 2: repositions",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for (i, r) in case.plan.repositions.iter().enumerate() {
        if case.known_reposition(r).is_none() {
            found.add(format!(
                "reposition {i}: {} {:?} from {:?} to {:?}, night {}",
                r.count, r.vehicle_type, r.from, r.to, r.night
            ));
        }
    }
}
