//! Problem → plan, and the checker that judges any plan.
//!
//! The planner cannot tell whether its plan was adopted, and solving changes nothing. Read
//! [`problem`] for the words, [`solve`] for the search, [`bound`] for what no plan can beat,
//! [`robust`] for plans under chance, [`check`] for the rules, [`persons`] and [`roster`] for the
//! names, [`plan`] for the document, [`explain`], [`pricing`], [`whatif`] and [`conflict`] for why it
//! is as it is and what would help.

pub mod bound;
pub mod change;
pub mod check;
pub mod conflict;
pub mod diff;
pub mod explain;
pub mod export;
pub mod persons;
pub mod plan;
pub mod pricing;
pub mod problem;
pub mod robust;
pub mod roster;
pub mod solve;
pub mod usage;
pub mod whatif;
