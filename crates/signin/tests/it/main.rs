//! Sign-in over a real store.

mod accounts;
mod sessions;
mod tickets;
mod world;
