//! Two nodes of one operation exchange facts: over a link that may drop, repeat, delay and reorder,
//! or as a file carried by hand.
//!
//! Facts are signed and named by their hash, so an exchange is a union of sets: what is known already
//! changes nothing, in whatever order it comes, and an exchange that breaks off is taken up again.
//! A page of facts is in memory at a time. Each node keeps a log of its own over the same facts;
//! which node knew what when, the two logs say.

mod bundle;
mod page;
mod sync;

pub use bundle::{BundleError, Carried, Header, opening, read_bundle, write_bundle};
pub use page::{PAGE_BYTES, PAGE_ENTRIES, Page, PageError};
pub use sync::{
    DocumentName, Exchanged, Head, Peer, PeerError, REFUSALS_TOLD, Refusal, SyncError, Taken,
    documents, head, shown, sync, take,
};
