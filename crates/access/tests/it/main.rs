//! The policies as they stand, and policies with a fault.

mod faults;
mod invariants;
mod relations;
mod table;
