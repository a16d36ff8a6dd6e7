//! The server over a real SQLite file, driven by a real HTTP client.

mod account;
mod changes;
mod clock;
mod codes;
mod connections;
#[path = "../../../store/tests/support/counted.rs"]
mod counted;
mod custody;
mod deciders;
mod devices;
mod entitled;
mod feed;
mod figures;
mod late;
mod lockout;
mod log_files;
mod openapi;
mod passkey;
mod plans;
mod problems;
mod publisher;
mod repeated;
mod resolving;
mod screens;
mod sentences;
mod sign_in;
mod unseen;
mod whatif;
mod world;
mod writing;
