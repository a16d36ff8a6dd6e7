//! P13

use super::named::NamedCase;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "P13",
    text: "the stated bound is not above the stated cost",
    source: "DESIGN.md section 5: a bound checkable without a solver",
    judge: Judge::Named(judge),
};

fn judge(case: &NamedCase, found: &mut Findings) {
    let d = case.document;
    if d.bound > d.total {
        found.add(format!("bound {}, cost {}", d.bound, d.total));
    }
}
