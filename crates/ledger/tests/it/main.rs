//! The crate is `ledger` to the workspace; its own tests know it by its package.
extern crate amana_ledger as ledger;

mod books;
mod compare;
mod figures;
mod sheet;
mod story;
