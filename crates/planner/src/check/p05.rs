//! P05

use super::named::NamedCase;
use super::{Findings, Judge, Rule};
use crate::plan::UnmetKind;
pub(super) const RULE: Rule = Rule {
    code: "P05",
    text: "people who must be kept apart do not share a wing",
    source: "PROBLEM.md section 4: keep-apart pairs between persons",
    judge: Judge::Named(judge),
};

fn judge(case: &NamedCase, found: &mut Findings) {
    let wing = |person: &str| case.document.beds.get(person);
    for (a, b, _) in case.apart_pairs() {
        if let (Some(x), Some(y)) = (wing(a), wing(b))
            && x == y
        {
            case.report(found, UnmetKind::KeepApartWing, &[a, b], &format!("wing {x}"));
        }
    }
}
