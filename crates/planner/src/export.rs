//! A plan in forms for other eyes: a table of lines, and a sheet for the wall. And the problem as a
//! program for other solvers.

mod csv;
mod gantt;
mod model;

pub use csv::{CsvError, to_csv};
pub use gantt::{Sheet, SheetRow, to_svg};
pub use model::{AnswerError, Column, Constraint, Counted, Model, Unencodable};
