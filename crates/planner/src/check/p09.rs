//! P09

use super::named::NamedCase;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "P09",
    text: "everyone who does not move is listed with a reason",
    source: "DESIGN.md section 5: persons to manifests and seats",
    judge: Judge::Named(judge),
};

fn judge(case: &NamedCase, found: &mut Findings) {
    let unplaced = |n: &str| case.document.unplaced.iter().find(|u| u.person == n);
    for number in case.travellers.keys() {
        match (case.seat(number), unplaced(number)) {
            (None, None) => found.add(format!("person {number}: neither moved nor explained")),
            (None, Some(u)) if u.reason.trim().is_empty() => {
                found.add(format!("person {number}: no reason"));
            }
            (Some(_), Some(_)) => found.add(format!("person {number}: moved and left out")),
            _ => {}
        }
    }
}
