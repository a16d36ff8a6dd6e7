//! R33

use super::case::Case;
use super::case::clash;
use super::{Findings, Judge, Rule};
pub(super) const RULE: Rule = Rule {
    code: "R33",
    text: "groups that must be apart do not share a wing",
    source: "PROBLEM.md section 2: keep-apart in wings; Nelson Mandela Rules, rule 11 (separation of categories)",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    let p = case.problem;
    for (wing, groups) in p.wings.iter().zip(&case.wing_groups) {
        if let Some([a, b]) = clash(groups, &p.conflicts) {
            let names = &p.separation_groups;
            found.add(format!("wing {}: {} with {}", wing.id, names[a], names[b]));
        }
    }
}
