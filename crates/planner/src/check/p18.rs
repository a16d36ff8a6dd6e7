//! P18

use std::collections::BTreeSet;

use super::named::NamedCase;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "P18",
    text: "what a revision says was carried out was in the plan that it replaces",
    source: "DESIGN.md section 5: every revision names its parent",
    judge: Judge::Named(judge),
};

/// Judged where the parent is given.
fn judge(case: &NamedCase, found: &mut Findings) {
    let (Some(parent), Some(since)) = (case.parent, &case.document.since) else { return };
    let mut planned: BTreeSet<(usize, &str, &str)> = BTreeSet::new();
    for m in &parent.movements {
        let people = m.vehicles.iter().flat_map(|v| &v.persons);
        planned.extend(people.map(|p| (m.night, m.route.as_str(), p.as_str())));
    }
    for m in case.document.movements.iter().filter(|m| m.night < since.night) {
        for person in m.vehicles.iter().flat_map(|v| &v.persons) {
            if !planned.contains(&(m.night, m.route.as_str(), person.as_str())) {
                let place = format!("night {} on {}", m.night, m.route);
                found.add(format!("{place}: person {person} was not to go"));
            }
        }
    }
    if case.document.revision != parent.revision + 1 {
        let (parent, revision) = (parent.revision, case.document.revision);
        found.add(format!("revision {revision} cannot replace revision {parent}"));
    }
}
