//! P01

use super::named::NamedCase;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "P01",
    text: "everyone on a manifest, in a bed or left out is one of the people to be moved",
    source: "DESIGN.md section 5: persons to manifests and seats",
    judge: Judge::Named(judge),
};

fn judge(case: &NamedCase, found: &mut Findings) {
    let listed = case.seats.keys().copied();
    let beds = case.document.beds.keys().map(String::as_str);
    let unplaced = case.document.unplaced.iter().map(|u| u.person.as_str());
    for person in listed.chain(beds).chain(unplaced) {
        if !case.travellers.contains_key(person) {
            found.add(format!("person {person}"));
        }
    }
}
