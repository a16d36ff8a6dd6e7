//! P06

use super::named::NamedCase;
use super::{Findings, Judge, Rule};
use crate::plan::UnmetKind;
pub(super) const RULE: Rule = Rule {
    code: "P06",
    text: "under-18s ride in vehicles of their own, with their families at most",
    source: "PROBLEM.md section 4: minors in vehicles of their own; Convention on the Rights of the Child, articles 9 and 37(c); Nelson Mandela Rules, rule 11(d)",
    judge: Judge::Named(judge),
};

fn judge(case: &NamedCase, found: &mut Findings) {
    for (m, v) in case.vehicles().filter(|(m, _)| !case.gone_by(m.night)) {
        let young = |p: &&String| case.travellers.get(p.as_str()).is_some_and(|t| t.under18);
        let minors: Vec<&str> = v.persons.iter().filter(young).map(String::as_str).collect();
        let group = |p: &str| case.travellers.get(p).and_then(|t| t.together.as_deref());
        let kin = |p: &str| group(p).is_some() && minors.iter().any(|m| group(m) == group(p));
        let strangers = v.persons.iter().filter(|p| !young(p) && !kin(p)).count();
        if !minors.is_empty() && strangers > 0 {
            let place = format!("night {} movement {} {}", m.night, m.number, v.id);
            case.report(found, UnmetKind::UnderAgeWithAdults, &minors, &place);
        }
    }
}
