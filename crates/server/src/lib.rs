//! HTTP at `/api/v1`: who asks, what is read, what is answered. Also serves the web client.
//!
//! It decides nothing: facts go to `store`, and whatever is shown is a fold in `views`.

pub mod api;
mod app;
mod ask;
mod balance;
mod changes;
mod checkpoint;
mod clock;
mod connections;
mod custody;
mod devices;
mod discrepancies;
pub mod entitled;
mod exchange;
mod exercise;
mod facts;
mod feed;
mod figures;
mod fold;
mod late;
mod looks;
mod map;
mod movements;
mod obligations;
mod of_plan;
mod open;
mod operation;
mod particulars;
mod people;
mod picture;
mod plan;
mod planned_problem;
pub mod play;
mod policies;
pub mod problem;
pub mod publisher;
mod reasons;
mod receipts;
mod remark;
mod resources;
mod routes;
mod sentence;
mod serve;
pub mod sign_in;
mod sites;
mod source;
mod stands;
mod statements;
mod tiles;
mod unfit;
mod views;
mod whatif;
mod writing;

pub use app::App;
pub use balance::{SheetError, sheet_page, signed_sheet};
pub use connections::Limits;
pub use entitled::relations_of;
pub use particulars::{nationalities, nationalities_in};
pub use plan::prices_name;
pub use planned_problem::{PlannedProblem, problem_name};
pub use problem::ProblemCode;
pub use reasons::{Boarders, reasons, reasons_name};
pub use remark::Finding;
pub use routes::{openapi, router};
pub use sentence::Sentence;
pub use serve::{Certificate, Door, ServeError, bind, interrupted, serve, serve_on, serve_routes};
pub use sign_in::SignIn;
pub use statements::{statement_document, statement_name};
pub use views::obligations::{Wanted, clocks_of, obligations as obligations_view};
pub use views::operation::sites as ledger_sites;
pub use views::statements::{
    Against, Known, comparison as compare_statements, findings as statement_findings, recompute,
};
