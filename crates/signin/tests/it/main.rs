//! Sign-in over a real store.

mod accounts;
mod browsers;
mod sessions;
mod tickets;
mod world;
