//! The server over a real SQLite file, driven by a real HTTP client.

mod codes;
mod feed;
mod figures;
mod openapi;
mod plans;
mod problems;
mod screens;
mod world;
