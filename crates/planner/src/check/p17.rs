//! P17

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::persons::Traveller;

use super::named::NamedCase;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "P17",
    text: "among equals without ties nobody goes before those in a worse place or waiting longer",
    source: "DESIGN.md section 5; PROBLEM.md section 4: most vulnerable and longest waiting first within a class",
    judge: Judge::Named(judge),
};

/// A first plan only: in a revision people keep the night they were told.
fn judge(case: &NamedCase, found: &mut Findings) {
    if case.document.parent.is_some() || case.document.since.is_some() {
        return;
    }
    let tied = case.tied();
    let mut classes: BTreeMap<&str, Vec<&Traveller>> = BTreeMap::new();
    for t in case.travellers.values() {
        if !tied.contains(t.number.as_str()) && !t.under18 {
            classes.entry(&t.class).or_default().push(t);
        }
    }
    let night = |t: &Traveller| {
        case.seat(&t.number).map_or(usize::MAX, |seat| case.document.movements[seat.0].night)
    };
    for people in classes.values() {
        let rank = |t: &Traveller| (Reverse(t.priority), t.waiting_since);
        for first in people {
            let goes = night(first);
            let before = people.iter().find(|other| {
                let at = night(other);
                rank(first) < rank(other) && at < goes && first.ready <= at
            });
            if let Some(other) = before {
                found.add(format!("person {} goes before {}", other.number, first.number));
            }
        }
    }
}
