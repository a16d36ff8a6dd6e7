//! The witness over HTTP, with honest and lying logs before it, and lying witnesses before a log.

mod liars;
mod lying_witness;
mod mirror;
mod witness;
mod world;
