//! A fact: who says, with which device, that something happened, and what.

mod event;
mod gate;
pub mod kind;
mod moves;
mod officer;
mod parts;
mod reasons;

pub use event::Event;
pub use gate::{Basis, Gate, GateOutcome};
pub use officer::{Officer, Role};
pub use parts::{Answer, CoverDecision, Link, Muster, Party};
pub use reasons::{
    AdoptionReason, CancelReason, DeferralReason, ExitReason, IncidentKind, Notified,
    ResolutionReason,
};

use crate::ids::*;
use jiff::Timestamp;

/// Something that happened, as a device signed it. Never edited; a mistake is undone by another
/// fact that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// SHA-256 of the signed bytes. Two facts with one hash are one fact.
    pub hash: FactHash,
    pub id: FactId,
    pub operation: OperationId,
    pub authority: AuthorityId,
    pub officer: Officer,
    pub device: DeviceId,
    /// Position in the device's own chain, from 0 without gaps.
    pub sequence: u64,
    /// The device's fact before this one; `None` at sequence 0.
    pub previous: Option<FactHash>,
    /// The field's word for when it happened.
    pub occurred_at: Timestamp,
    /// How far the device's clock may be off, in seconds.
    pub clock_error_s: u32,
    pub event: Event,
}
