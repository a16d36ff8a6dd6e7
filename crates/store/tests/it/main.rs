//! The crates are `store` and so on to the workspace; this crate's own tests know it by its package.
extern crate amana_store as store;

mod concurrent;
mod create;
mod faults;
mod kill;
mod register;
mod submit;
mod world;
