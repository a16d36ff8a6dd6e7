//! R12

use super::case::Case;
use super::case::clash;
use super::{Findings, Judge, Rule};
pub(super) const RULE: Rule = Rule {
    code: "R12",
    text: "groups that must be apart on the road do not share a convoy",
    source: "PROBLEM.md section 2: keep-apart in convoys; Nelson Mandela Rules, rule 11 (separation of categories)",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    let p = case.problem;
    for c in &case.convoys {
        let groups: Vec<usize> = (c.vehicles.iter().filter(|v| v.kind.is_some()))
            .flat_map(|v| case.groups(&v.aboard))
            .collect();
        if let Some([a, b]) = clash(&groups, &p.convoy_apart) {
            let names = &p.separation_groups;
            found.add(format!("{}: {} with {}", c.place, names[a], names[b]));
        }
    }
}
