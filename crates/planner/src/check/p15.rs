//! P15

use crate::plan::UnmetKind;

use super::named::NamedCase;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "P15",
    text: "people who must not be in one convoy are not",
    source: "DESIGN.md section 5: keep-apart across a convoy when asked",
    judge: Judge::Named(judge),
};

fn judge(case: &NamedCase, found: &mut Findings) {
    for (a, b, convoy) in case.apart_pairs() {
        if let (true, Some(x), Some(y)) = (convoy, case.seat(a), case.seat(b))
            && x.0 == y.0
            && x != y
        {
            case.report(found, UnmetKind::KeepApartConvoy, &[a, b], &case.place(x));
        }
    }
}
