//! Custody as double entry: postings, balances, site books, and figures by stated definitions.
//! Pure, on `domain`. It cannot tell where the facts are kept or who asks.

mod balance;
mod books;
mod compare;
mod definition;
mod figure;
mod posting;
mod sheet;
mod site;

pub use balance::{Balance, balance};
pub use books::{Books, BooksError};
pub use compare::{Cause, Difference, Side, compare};
pub use definition::{Definition, Text, definition, definitions};
pub use figure::{Context, Figure, Nationalities, Value, counted, figure};
pub use posting::{Counts, Posting};
pub use sheet::{MusterConfronted, Sheet, SheetLine, sheet};
pub use site::{SiteBook, SiteKind, Sites, site_books};
