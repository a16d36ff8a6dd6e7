//! P02

use super::named::NamedCase;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "P02",
    text: "nobody has two seats",
    source: "DESIGN.md section 5: persons to manifests and seats",
    judge: Judge::Named(judge),
};

fn judge(case: &NamedCase, found: &mut Findings) {
    for (person, seats) in case.seats.iter().filter(|(_, seats)| seats.len() > 1) {
        found.add(format!("person {person}: {} seats", seats.len()));
    }
}
