//! Who may see and do what here: every route's needs in one table, each request decided before its
//! handler runs, and lists cut down to the people whom the officer may see.

pub mod expected;
pub mod needs;
pub mod persona;
pub mod sight;
pub mod withhold;

pub use needs::{Needs, needs_of};
pub use sight::{Seen, Sight, relations_of};
