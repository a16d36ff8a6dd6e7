//! R28

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R28",
    text: "a depot sends only vehicles that are there",
    source: "PROBLEM.md section 2: vehicles present at their depot",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    let p = case.problem;
    for (d, depot) in p.depots.iter().enumerate() {
        for (v, kind) in p.vehicle_types.iter().enumerate() {
            let mut there = depot.fleet[v];
            for night in 0..p.nights {
                there += case.arriving[d][v][night] - case.leaving[d][v][night];
                if there < 0 {
                    found.add(format!(
                        "{} night {night}: {} short by {}",
                        depot.id, kind.id, -there
                    ));
                    break;
                }
            }
        }
    }
}
