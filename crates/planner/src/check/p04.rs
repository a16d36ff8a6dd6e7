//! P04

use super::named::NamedCase;
use super::{Findings, Judge, Rule};
use crate::plan::UnmetKind;
pub(super) const RULE: Rule = Rule {
    code: "P04",
    text: "people who must be kept apart do not share a vehicle or aircraft",
    source: "PROBLEM.md section 4: keep-apart pairs between persons; Nelson Mandela Rules, rule 11",
    judge: Judge::Named(judge),
};

fn judge(case: &NamedCase, found: &mut Findings) {
    for (a, b, _) in case.apart_pairs() {
        if let (Some(x), Some(y)) = (case.seat(a), case.seat(b))
            && x == y
        {
            case.report(found, UnmetKind::KeepApartVehicle, &[a, b], &case.place(x));
        }
    }
}
