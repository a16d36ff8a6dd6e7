//! What overseers run and keep: a witness that cosigns heads.
//!
//! Talks to the log over its public formats only (`docs/formats/tiles.md`), as anybody else would.

pub mod durable;
pub mod fetch;
pub mod submit;
pub mod witness;

pub use fetch::{FetchError, Fetcher};
pub use submit::{WitnessFault, submit};
pub use witness::{Witness, WitnessError};
