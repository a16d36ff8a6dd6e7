//! How an authority stands to a person, worked out from the record.

use crate::ask::{Asker, Part};
use domain::{
    AuthorityId, Custody, DeferralReason, Event, Gate, Notified, PersonId, Record, Relation,
    Standing,
};
use std::collections::BTreeSet;

/// What is known about a person beside the record's own facts.
#[derive(Debug, Clone, Default)]
pub struct About<'a> {
    /// Authorities that a frozen list or the plan in force gives the person to.
    pub expected: Option<&'a BTreeSet<AuthorityId>>,
    /// Whether the asker's state is the person's, by the best nationality known, while the authority
    /// that holds the person is of another. Known from the register: it is not to be told.
    pub compatriot: bool,
}

/// Every relation of the asker's authority to a person; `Unrelated` alone when there is none.
pub fn relations(
    record: &Record,
    person: PersonId,
    asker: &Asker,
    about: &About,
) -> BTreeSet<Relation> {
    let mut found = BTreeSet::new();
    let Some(standing) = record.standing(person) else {
        return BTreeSet::from([Relation::Unrelated]);
    };
    found.extend(by_custody(record, standing, &asker.authority));
    let expected = about.expected.is_some_and(|expected| expected.contains(&asker.authority));
    let ended = matches!(standing.custody, Custody::Ended { .. });
    if expected && !ended && !found.contains(&Relation::Holds) {
        found.insert(Relation::WillHold);
    }
    match asker.part {
        Part::Monitor => {
            found.insert(Relation::Monitors);
        }
        Part::Court if tries(record, person, &asker.authority) => {
            found.insert(Relation::Tries);
        }
        Part::ForeignMinistry if about.compatriot && !declines(record, person) => {
            found.insert(Relation::Represents);
        }
        _ => {}
    }
    if found.is_empty() {
        found.insert(Relation::Unrelated);
    }
    found
}

/// Who answers, is asked to, or answered. While custody is contested, whoever signed a branch is
/// treated as about to hold: the person may be with either.
fn by_custody(record: &Record, standing: &Standing, authority: &AuthorityId) -> Option<Relation> {
    if standing.custody.responsible().is_some_and(|account| account.authority == *authority) {
        return Some(Relation::Holds);
    }
    let asked = matches!(&standing.custody, Custody::Offered { to, .. } if to == authority);
    let branches = standing.contest.iter().flat_map(|contest| &contest.branches);
    let claims = |hash| record.fact(hash).is_some_and(|fact| fact.authority == *authority);
    if asked || branches.into_iter().any(claims) {
        return Some(Relation::WillHold);
    }
    let mut before = standing.chain.iter().filter_map(|(_, custody)| match custody {
        Custody::Ended { last, .. } => Some(&last.authority),
        other => other.responsible().map(|account| &account.authority),
    });
    before.any(|before| before == authority).then_some(Relation::Held)
}

/// Whether a court decided on the person's order or review; or no court has yet.
fn tries(record: &Record, person: PersonId, court: &AuthorityId) -> bool {
    let decided = |event: &Event| {
        matches!(event, Event::GateDecided { gate: Gate::Order | Gate::Review, .. })
    };
    let mentions = record.counted_mentions(person);
    let mut courts = mentions.iter().filter(|f| decided(&f.event)).peekable();
    courts.peek().is_none() || courts.any(|fact| fact.authority == *court)
}

/// Whether the last word on telling the consulate is that the person does not wish it.
fn declines(record: &Record, person: PersonId) -> bool {
    let mentions = record.counted_mentions(person);
    let mut last = mentions.iter().rev().filter_map(|fact| match &fact.event {
        Event::NoticeDeferred { whom: Notified::Consulate, why, .. } => {
            Some(*why == DeferralReason::PersonDeclines)
        }
        Event::Notified { whom: Notified::Consulate, .. } => Some(false),
        _ => None,
    });
    last.next().unwrap_or(false)
}
