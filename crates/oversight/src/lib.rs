//! What overseers run and keep: a witness that cosigns heads, a mirror that holds every byte, an
//! export that a court can keep, and the check of a log wherever it is kept.
//!
//! Reads a log over its public formats only (`docs/formats/tiles.md`), as anybody else would.

pub mod audit;
pub mod durable;
pub mod export;
pub mod fetch;
pub mod mirror;
pub mod source;
pub mod submit;
pub mod witness;

pub use audit::{Audit, AuditError};
pub use export::{Export, ExportError};
pub use fetch::{FetchError, Fetcher};
pub use submit::{WitnessFault, submit};
pub use witness::{Witness, WitnessError};
