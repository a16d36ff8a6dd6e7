//! P08

use super::named::NamedCase;
use super::{Findings, Judge, Rule};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    code: "P08",
    text: "everyone who moves has a bed where they arrive, as the class plan gives beds",
    source: "DESIGN.md section 5: persons to manifests and seats",
    judge: Judge::Named(judge),
};

fn judge(case: &NamedCase, found: &mut Findings) {
    if case.travellers.is_empty() {
        return;
    }
    let mut beds: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for (person, wing) in &case.document.beds {
        let Some(t) = case.travellers.get(person.as_str()) else { continue };
        *beds.entry((t.class.as_str(), wing.as_str())).or_insert(0) += 1;
        if case.seat(person).is_none() {
            found.add(format!("person {person}: a bed but no seat"));
        }
    }
    for (person, seats) in &case.seats {
        let arrives = seats.first().and_then(|s| case.facility(*s));
        let lives = case.document.beds.get(*person).and_then(|w| case.wing_facility(w));
        if lives.is_none() || lives != arrives {
            found.add(format!("person {person}: no bed where they arrive"));
        }
    }
    let given = case.document.housing.iter();
    let mut housed: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    given.for_each(|h| *housed.entry((h.class.as_str(), h.wing.as_str())).or_insert(0) += h.count);
    if beds != housed {
        found.add("beds by class and wing are not as the plan's housing says");
    }
}
