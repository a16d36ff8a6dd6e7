//! R25

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R25",
    text: "no depot has more escort teams away than it has",
    source: "PROBLEM.md section 2: escort teams while they are away",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for (row, x) in case.teams.iter().zip(&case.problem.depots) {
        for (night, n) in row.iter().enumerate().filter(|(_, n)| **n > x.teams) {
            found.add(format!("{} night {night}: {n} teams away, limit {}", x.id, x.teams));
        }
    }
}
