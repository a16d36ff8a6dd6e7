//! Who may see and do what: policies that a judge can read (`policies/`), asked in one place.
//!
//! An [`Asker`] asks for something ([`Ask`]); [`Policies`] answer with a [`Decision`]: allowed or
//! refused, by which policies, and what would be needed. How an authority stands to a person is
//! worked out from the record ([`relations`]), never claimed.

mod ask;
mod decide;
mod decided;
mod file;
mod needed;
mod policies;
mod relation;
pub mod table;

pub use ask::{Act, Ask, Asker, Looks, Part, Screen};
pub use decide::Decision;
pub use file::{PolicyFault, files};
pub use needed::Needed;
pub use policies::{Policies, PolicyText};
pub use relation::{About, relations};
