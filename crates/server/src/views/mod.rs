//! What people see: pure functions from the record, the scenario, the plan in force and the time to
//! the shapes of `api`. No clock, no database; whatever decides is in `domain` and `ledger`.

pub mod course;
pub mod custody;
pub mod devices;
pub mod discrepancies;
pub mod fact_line;
pub mod figures;
pub mod fork;
pub mod journeys;
pub mod late;
pub mod movements;
pub mod nights;
pub mod obligations;
pub mod operation;
pub mod people;
pub mod person;
pub mod picture;
pub mod plan;
pub mod promises;
pub mod sheet;
pub mod sheet_page;
pub mod site_book;
pub mod statements;
pub mod weather;
