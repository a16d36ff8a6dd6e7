//! A plan in forms for other eyes: a table of lines, and a sheet for the wall.

mod csv;
mod gantt;

pub use csv::{CsvError, to_csv};
pub use gantt::{Sheet, SheetRow, to_svg};
