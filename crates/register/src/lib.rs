//! What is kept apart about people: the form of each section, and how it is sealed. Pure: it draws no
//! randomness, reads no file, and cannot tell where sealed sections are kept or who may see them.

mod canonical;
mod field;
mod form;
mod keyring;
mod keys;
mod read;
mod sealed;

pub use canonical::{NotCanonical, canonical, is_canonical};
pub use field::{Field, Kind, fields};
pub use form::{Case, Contact, Death, Family, Form, Health, Identity, Item, Property};
pub use keyring::{Keyring, KeyringError};
pub use keys::{Fresh, KeyId, PersonKey, RegisterKey};
pub use read::{Fault, Unfit, UnfitSection, read};
pub use sealed::{Label, OpenError, Opened, Sealed, open, seal};
