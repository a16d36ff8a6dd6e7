//! P14

use super::named::NamedCase;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "P14",
    text: "nobody is on a manifest before every gate is decided for them",
    source: "RECORD.md: no one boards without passing the gates",
    judge: Judge::Named(judge),
};

fn judge(case: &NamedCase, found: &mut Findings) {
    for (number, traveller) in &case.travellers {
        let Some(seat) = case.seat(number) else { continue };
        let night = case.document.movements[seat.0].night;
        if night < traveller.ready {
            let place = case.place(seat);
            found.add(format!("{place}: person {number} is ready from night {}", traveller.ready));
        }
    }
}
