//! P07

use super::named::NamedCase;
use super::{Findings, Judge, Rule};
use std::collections::BTreeSet;

use crate::plan::UnmetKind;
pub(super) const RULE: Rule = Rule {
    code: "P07",
    text: "people of one site and separation group who belong together ride in one vehicle, or in one movement when they need different vehicles",
    source: "PROBLEM.md section 4: families and interpreters together; Convention on the Rights of the Child, article 9",
    judge: Judge::Named(judge),
};

fn judge(case: &NamedCase, found: &mut Findings) {
    for (group, people) in &case.together {
        let place = format!("group {group}");
        let seats: BTreeSet<_> = people.iter().map(|p| case.seat(p)).collect();
        let movements: BTreeSet<_> = seats.iter().map(|seat| seat.map(|(m, _)| m)).collect();
        let needs: BTreeSet<_> =
            people.iter().filter_map(|p| case.class_of(p)).map(|c| c.need).collect();
        let apart = if needs.len() > 1 { movements.len() > 1 } else { seats.len() > 1 };
        if apart {
            case.report(found, UnmetKind::TogetherSplit, people, &place);
        }
    }
}
