//! R26

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R26",
    text: "no depot has more custody guards away than it has",
    source: "PROBLEM.md section 2: guards while they are away",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for (row, x) in case.guards.iter().zip(&case.problem.depots) {
        for (night, n) in row.iter().enumerate().filter(|(_, n)| **n > x.guards) {
            found.add(format!("{} night {night}: {n} guards away, limit {}", x.id, x.guards));
        }
    }
}
