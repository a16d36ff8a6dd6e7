//! R07

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R07",
    text: "every vehicle is of a type of the problem",
    source: "PROBLEM.md section 1: vehicle types",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for v in case.convoys.iter().flat_map(|c| &c.vehicles) {
        if v.kind.is_none() {
            found.add(format!("{}: no type {:?}", v.place, v.type_id));
        }
    }
}
