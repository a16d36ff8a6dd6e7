//! Obligations: law as data. A fact starts a clock about a person; proof closes it; lateness shows.
//!
//! A rule says nothing about whether a treaty applies: the operation's own file names the rules it
//! holds itself to, each with its source. Clocks are a function of the set of facts: any order of
//! arrival, any node, same answer. Only custody that stands starts a clock.

mod clock;
mod rule;

pub use clock::{Clock, ClockState, End, clocks};
pub use rule::{Again, ObligationRule, Proof, Start, Who};
