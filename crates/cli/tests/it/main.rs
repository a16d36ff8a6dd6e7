//! The binary as its users run it, on a real store.

mod account;
mod amana;
mod bad_input;
mod whole_play;
