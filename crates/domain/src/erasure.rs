//! When sections may be destroyed: a disappearance is a missing record, so two authorities must have
//! signed, and one of them must be one that the operation entitled to resolve disputes.

use crate::fact::{Event, Fact};
use crate::ids::*;
use crate::particulars::{ErasureGround, Section};
use crate::record::Record;
use std::collections::BTreeSet;

/// Why the approvals there are do not suffice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ErasureRefusal {
    #[error("two authorities must approve the same sections on the same ground; {0} did")]
    TooFew(usize),
    #[error(
        "of those who approved none is entitled to resolve disputes here: a court or monitor must"
    )]
    NoOverseer,
}

impl ErasureRefusal {
    /// The stable code, as in the API and `docs/codes.md`.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooFew(_) => "erasure-needs-two",
            Self::NoOverseer => "erasure-needs-overseer",
        }
    }
}

/// The facts that let these sections of a person be destroyed, by hash: each approves all of them on
/// that ground, and their keys still count.
pub fn approvals(
    record: &Record,
    person: PersonId,
    sections: &[(Section, Commitment)],
    ground: ErasureGround,
) -> Result<Vec<FactHash>, ErasureRefusal> {
    let found: Vec<_> = record
        .mentions(person)
        .into_iter()
        .filter(|fact| approves(record, fact, person, sections, ground))
        .collect();
    suffice(record, found.iter().map(|fact| &fact.authority))?;
    let mut hashes: Vec<_> = found.iter().map(|fact| fact.hash).collect();
    hashes.sort();
    Ok(hashes)
}

/// Whether a fact that says sections were destroyed names approvals that let it.
pub fn was_approved(record: &Record, shredded: &Fact) -> Result<(), ErasureRefusal> {
    let Event::SectionsShredded { person, sections, ground, approvals } = &shredded.event else {
        return Ok(());
    };
    let named = approvals.iter().filter_map(|hash| record.fact(hash));
    let named = named.filter(|fact| approves(record, fact, *person, sections, *ground));
    suffice(record, named.map(|fact| &fact.authority))
}

fn approves(
    record: &Record,
    fact: &Fact,
    of: PersonId,
    wanted: &[(Section, Commitment)],
    on: ErasureGround,
) -> bool {
    let Event::ErasureApproved { person, sections, ground } = &fact.event else { return false };
    (*person, *ground) == (of, on)
        && wanted.iter().all(|section| sections.contains(section))
        && record.keys().counts(fact)
}

fn suffice<'a>(
    record: &Record,
    by: impl Iterator<Item = &'a AuthorityId>,
) -> Result<(), ErasureRefusal> {
    let by: BTreeSet<_> = by.collect();
    if by.len() < 2 {
        return Err(ErasureRefusal::TooFew(by.len()));
    }
    let entitled = |a: &&AuthorityId| record.parties().get(*a).is_some_and(|p| p.resolves);
    if !by.iter().any(entitled) {
        return Err(ErasureRefusal::NoOverseer);
    }
    Ok(())
}
