//! The record on disk: entries appended under a Merkle head, read models in the same transaction,
//! documents and particulars beside them. Blocking; callers on an async runtime spawn.

mod append;
mod audit;
mod backend;
mod cabinet;
mod create;
mod documents;
mod error;
mod files;
mod heads;
mod judge;
mod node;
mod particulars;
mod refusal;
mod replay;
mod signed;
mod state;
mod submit;
mod transfer;
mod verify;

pub use audit::{audit, refold};
pub use backend::{sqlite_version, without_password};
pub use cabinet::Kept;
pub use create::Genesis;
pub use documents::Document;
pub use error::{OpenError, StoreError};
pub use heads::KeptHead;
pub use judge::{PARKED_MAX, SubmitError};
pub use node::{Check, Inclusion, Node};
pub use particulars::{
    Disclosed, Disposition, Erased, ErasureRule, Particulars, RegisterError, SectionVerdict, Shown,
    Written,
};
pub use refusal::Refusal;
pub use replay::Finding;
pub use signed::Signed;
pub use state::{AHEAD_ALLOWED, Ahead, Entry, State};
pub use submit::Receipt;
pub use transfer::{Transfer, TransferError, transfer};
pub use verify::{Progress, VerifyReport, device_chains, verify};

/// The totals at the state's position.
pub fn balance(state: &State, sites: &ledger::Sites) -> ledger::Balance {
    ledger::balance(&state.record, &state.books, sites)
}
