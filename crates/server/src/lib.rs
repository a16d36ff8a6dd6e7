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
mod fold;
mod map;
mod movements;
mod operation;
mod particulars;
mod people;
mod picture;
mod plan;
pub mod play;
pub mod problem;
mod receipts;
mod routes;
mod serve;
mod sites;
mod tiles;
mod views;

pub use app::App;
pub use particulars::SECTION as IDENTITY;
pub use plan::prices_name;
pub use problem::ProblemCode;
pub use routes::{openapi, router};
pub use serve::{ServeError, bind, interrupted, serve, serve_on};
pub use views::operation::sites as ledger_sites;
