//! P07

use super::named::NamedCase;
use super::{Findings, Judge, Rule};
use std::collections::BTreeSet;

use crate::plan::UnmetKind;
pub(super) const RULE: Rule = Rule {
    code: "P07",
    text: "people who belong together ride in one vehicle",
    source: "PROBLEM.md section 4: families and interpreters together; Convention on the Rights of the Child, article 9",
    judge: Judge::Named(judge),
};

fn judge(case: &NamedCase, found: &mut Findings) {
    for (group, people) in &case.together {
        let seats: BTreeSet<_> = people.iter().map(|p| case.seat(p)).collect();
        if seats.len() > 1 {
            case.report(found, UnmetKind::TogetherSplit, people, &format!("group {group}"));
        }
    }
}
