//! P12

use super::named::NamedCase;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "P12",
    text: "the stated cost is the cost of the plan, part by part",
    source: "PROBLEM.md section 3: cost",
    judge: Judge::Named(judge),
};

fn judge(case: &NamedCase, found: &mut Findings) {
    let plan = case.document.class_plan();
    let cost = super::cost::recompute(&super::case::Case::new(case.problem, &plan));
    if cost != case.document.cost || cost.total() != case.document.total {
        let stated = case.document.total;
        found.add(format!("stated {stated} units, recomputed {}", cost.total()));
    }
}
