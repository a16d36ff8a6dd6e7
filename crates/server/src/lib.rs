//! HTTP at `/api/v1`: who asks, what is read, what is answered. Also serves the web client.
//!
//! It decides nothing: facts go to `store`, and whatever is shown is a fold in `views`.

pub mod api;
mod app;
mod ask;
mod checkpoint;
mod discrepancies;
mod exercise;
mod facts;
mod feed;
mod figures;
mod map;
mod movements;
mod operation;
mod people;
mod picture;
mod plan;
pub mod play;
pub mod problem;
mod routes;
mod sites;

pub use app::App;
pub use routes::{openapi, router};
