//! The body of each kind of fact, as CBOR maps with small integer keys. The numbers are published
//! in `docs/formats/envelope-v1.md` and never change their meaning.

mod read;
mod write;

pub use read::{coded, named, read, time};
pub use write::{kind_number, write};
