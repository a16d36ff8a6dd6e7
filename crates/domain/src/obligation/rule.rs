//! What starts a clock, how long it runs, what stops it, and who answers for it.

use crate::code;
use crate::fact::{ExitReason, Notified};
use crate::ids::{AuthorityId, SiteId, UnitId};
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// One duty towards a person, with a deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObligationRule {
    /// As `family-told`; unique within an operation.
    pub code: String,
    pub starts: Start,
    pub again: Again,
    /// From the starting fact's own time to the deadline.
    pub within: SignedDuration,
    /// A proof this long before the start counts too, as a list that must exist at departure.
    pub early: SignedDuration,
    pub proof: Proof,
    pub who: Who,
    /// Ways for custody to end that lift the duty when nothing was proved before.
    pub lapses: BTreeSet<ExitReason>,
}

/// The fact that starts a clock for each person in it. Custody facts count when they stand on the
/// person's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    Registered,
    Boarded,
    /// A handover accepted at one of these sites.
    Accepted(BTreeSet<SiteId>),
    /// Given a place in a unit of one of these sites, coming from elsewhere.
    Placed(BTreeSet<SiteId>),
    FoundUnder18,
    Exited(BTreeSet<ExitReason>),
}

code!(
    /// Whether a later fact of the same kind starts another clock for the same person.
    Again {
        /// One clock for a person, from the first such fact.
        Never = "never",
        /// One for each site, from the first such fact there.
        EachSite = "each-site",
        /// One for each such fact.
        Always = "always",
    }
);

/// The fact about the person that proves the duty done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    Notified(Notified),
    Examined,
    ManifestFrozen,
    /// Given a place in one of these units.
    Placed(BTreeSet<UnitId>),
}

/// Who answers for the duty. The proof may be signed by anyone: it shows who did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// The authority that signed the starting fact.
    Signer,
    Authority(AuthorityId),
}
