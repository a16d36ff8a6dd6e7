//! P03

use super::named::NamedCase;
use super::{Findings, Judge, Rule};
use std::collections::BTreeMap;
pub(super) const RULE: Rule = Rule {
    code: "P03",
    text: "the people on a manifest are as many of each class as the vehicle's load says",
    source: "DESIGN.md section 5: persons to manifests and seats",
    judge: Judge::Named(judge),
};

fn judge(case: &NamedCase, found: &mut Findings) {
    for (m, v) in case.vehicles() {
        let mut classes: BTreeMap<&str, i64> = BTreeMap::new();
        for person in &v.persons {
            let class = case.travellers.get(person.as_str()).map(|t| t.class.as_str());
            *classes.entry(class.unwrap_or("?")).or_insert(0) += 1;
        }
        if !v.load.iter().map(|(k, n)| (k.as_str(), *n)).eq(classes) {
            found.add(format!("night {} movement {} {}", m.night, m.number, v.id));
        }
    }
}
