//! Problem → plan, and the checker that judges any plan.
//!
//! The planner cannot tell whether its plan was adopted, and solving changes nothing. Read
//! [`problem`] for the words, [`solve`] for the search, [`bound`] for what no plan can beat,
//! [`check`] for the rules, [`persons`] and [`roster`] for the names, [`plan`] for the document.

pub mod bound;
pub mod check;
pub mod diff;
pub mod persons;
pub mod plan;
pub mod problem;
pub mod roster;
pub mod solve;
