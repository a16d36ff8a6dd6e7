//! The witness over HTTP, with honest and lying logs before it, and lying witnesses before a log.

#[path = "../../../store/tests/support/counted.rs"]
mod counted;
mod liars;
mod lying_witness;
mod mirror;
mod witness;
mod world;
