//! The witness over HTTP, with honest and lying logs before it, and lying witnesses before a log.

mod liars;
mod lying_witness;
mod witness;
mod world;
