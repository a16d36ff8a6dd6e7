//! Requests that a rule may refuse. Reports of what happened are never refused.

use crate::fact::Gate;
use crate::ids::*;
use crate::record::{GateState, Record};
use std::collections::BTreeSet;

/// Why a request was refused: a stable code in `docs/codes.md`, and who it is about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{person} may not board: gate {gate} is {}", state.code())]
    GateClosed { person: PersonId, gate: Gate, state: GateState },
    #[error("{person} is not registered in this operation")]
    Unknown { person: PersonId },
    #[error("{person} stands on the list twice")]
    ListedTwice { person: PersonId },
    #[error("custody of {person} is contested; it must be resolved first")]
    Contested { person: PersonId },
    #[error("{authority} does not answer for {person}")]
    NotCustodian { person: PersonId, authority: AuthorityId },
}

impl Refusal {
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::GateClosed { .. } => "request.gate-closed",
            Refusal::Unknown { .. } => "request.unknown-person",
            Refusal::ListedTwice { .. } => "request.listed-twice",
            Refusal::Contested { .. } => "request.contested",
            Refusal::NotCustodian { .. } => "request.not-custodian",
        }
    }
}

/// May `authority` freeze a manifest with these people? Every reason against it, in the order
/// of the list; empty when it may. Nobody boards without the gates.
pub fn freeze_manifest(
    record: &Record,
    authority: &AuthorityId,
    people: &[PersonId],
) -> Vec<Refusal> {
    let mut against = Vec::new();
    let mut seen = BTreeSet::new();
    for &person in people {
        if !seen.insert(person) {
            against.push(Refusal::ListedTwice { person });
            continue;
        }
        let Some(standing) = record.standing(person) else {
            against.push(Refusal::Unknown { person });
            continue;
        };
        if standing.contest.is_some() {
            against.push(Refusal::Contested { person });
        }
        match standing.custody.responsible() {
            Some(account) if account.authority == *authority => {}
            _ => against.push(Refusal::NotCustodian { person, authority: authority.clone() }),
        }
        let closed = record.gates(person).into_iter().filter(|(_, s)| !s.opens());
        against.extend(closed.map(|(gate, state)| Refusal::GateClosed { person, gate, state }));
    }
    against
}
