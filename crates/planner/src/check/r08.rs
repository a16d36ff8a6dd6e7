//! R08

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R08",
    text: "no vehicle drives empty in a convoy",
    source: "PROBLEM.md section 2: load of each vehicle",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for v in case.convoys.iter().flat_map(|c| &c.vehicles) {
        if v.kind.is_some() && v.load.is_empty() {
            found.add(v.place.clone());
        }
    }
}
