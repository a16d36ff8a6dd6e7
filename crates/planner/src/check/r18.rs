//! R18

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R18",
    text: "nobody is moved twice: no class moves more people than it has",
    source: "PROBLEM.md section 1: n_k",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for (c, gone) in case.problem.classes.iter().zip(&case.gone) {
        if *gone > c.count {
            found.add(format!("class {}: {gone} moved, {} people", c.id, c.count));
        }
    }
}
