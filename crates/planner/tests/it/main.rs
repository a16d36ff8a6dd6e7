//! One binary for the planner's tests, a file for each subject. Everyone in them is invented.

mod bounds;
mod chance;
mod changes;
mod conflicts;
mod explain;
mod instances;
mod models;
mod mutations;
mod names;
mod peer;
mod plans;
mod replanning;
mod seating;
mod whatif;
