//! The crates are `store` and so on to the workspace; this crate's own tests know it by its package.
extern crate amana_store as store;

mod children;
#[path = "../support/cluster.rs"]
mod cluster;
mod concurrent;
mod create;
mod database;
mod disk;
mod documents;
mod faults;
mod kill;
mod particulars;
mod refusals;
mod rollback;
mod sequencer;
mod submit;
mod tls;
mod transfer;
mod world;
