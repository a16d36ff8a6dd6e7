//! R17

use super::case::Case;
use super::case::clash;
use super::{Findings, Judge, Rule};
pub(super) const RULE: Rule = Rule {
    code: "R17",
    text: "groups that must be apart do not share an aircraft",
    source: "PROBLEM.md section 2: keep-apart in aircraft; Nelson Mandela Rules, rule 11 (separation of categories)",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    let p = case.problem;
    for s in &case.sorties {
        if let Some([a, b]) = clash(&case.groups(&s.aboard), &p.conflicts) {
            let names = &p.separation_groups;
            found.add(format!("{}: {} with {}", s.place, names[a], names[b]));
        }
    }
}
