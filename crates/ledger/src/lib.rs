//! Custody as double entry: postings, balances, site books, and figures by stated definitions.
//! Pure, on `domain`. It cannot tell where the facts are kept or who asks.

mod balance;
mod books;
mod definition;
mod figure;
mod posting;
mod site;

pub use balance::{Balance, balance};
pub use books::{Books, BooksError};
pub use definition::{Definition, Text, definition, definitions};
pub use figure::{Context, Figure, Nationalities, Value, figure};
pub use posting::{Counts, Posting};
pub use site::{SiteBook, SiteKind, Sites, site_books};
