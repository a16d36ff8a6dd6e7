//! R16

use super::case::Case;
use super::{Findings, Judge, Rule};
use crate::problem::Need;
pub(super) const RULE: Rule = Rule {
    code: "R16",
    text: "an aircraft carries no more people lying down than it has litters",
    source: "PROBLEM.md section 2: sorties",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    let p = case.problem;
    for s in &case.sorties {
        let lying = s.aboard.iter().filter(|(k, _)| p.classes[*k].need == Need::Stretcher);
        let litters: i64 = lying.map(|(_, n)| n).sum();
        if litters > p.air.litters {
            found.add(format!("{}: {litters} lying, {} litters", s.place, p.air.litters));
        }
    }
}
