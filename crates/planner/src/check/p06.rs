//! P06

use super::named::NamedCase;
use super::{Findings, Judge, Rule};
use crate::plan::UnmetKind;
pub(super) const RULE: Rule = Rule {
    code: "P06",
    text: "under-18s ride in vehicles of their own",
    source: "PROBLEM.md section 4: minors in vehicles of their own; Convention on the Rights of the Child, article 37(c); Nelson Mandela Rules, rule 11(d)",
    judge: Judge::Named(judge),
};

fn judge(case: &NamedCase, found: &mut Findings) {
    for (m, v) in case.vehicles() {
        let young = |p: &&String| case.travellers.get(p.as_str()).is_some_and(|t| t.under18);
        let minors: Vec<&str> = v.persons.iter().filter(young).map(String::as_str).collect();
        if !minors.is_empty() && minors.len() < v.persons.len() {
            let place = format!("night {} movement {} {}", m.night, m.number, v.id);
            case.report(found, UnmetKind::UnderAgeWithAdults, &minors, &place);
        }
    }
}
