//! The crate is `log` to the workspace; its own tests know it by its package.
extern crate amana_log as log;

mod arbitrary;
mod envelope;
mod golden;
mod key_change;
mod merkle;
mod roundtrip;
mod statement;
mod strict;
