//! The binary as its users run it, on a real store.

mod account;
mod amana;
mod bad_input;
#[path = "../../../store/tests/support/cluster.rs"]
mod cluster;
mod device;
mod earnest;
mod killed_server;
mod order;
mod oversight;
mod plans;
mod policy;
mod register;
mod stores;
mod whole_play;
mod worked_example;
