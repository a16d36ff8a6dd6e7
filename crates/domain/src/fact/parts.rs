//! What events are made of, beside names and reasons.

use crate::custody::RefusalReason;
use crate::ids::*;

/// An authority in the operation, with the key that enrols its devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub authority: AuthorityId,
    pub key: PublicKey,
    /// Whether its resolutions settle contested custody.
    pub resolves: bool,
}

/// A person and the fact their custody stood at, as the signing device knew it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    pub person: PersonId,
    pub after: FactHash,
}

/// What the receiver says of one person offered to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    Accepted,
    Refused(RefusalReason),
    NotPresent,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Muster {
    /// Both lists together are the site's book as the counting device held it.
    ByName {
        present: Vec<PersonId>,
        absent: Vec<PersonId>,
    },
    ByNumber {
        expected: u32,
        counted: u32,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverDecision {
    Stands { orbits: u32, slots: u32 },
    Withdrawn,
}
