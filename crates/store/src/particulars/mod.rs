//! The register: what is kept apart about people, sealed, each version committed to by a fact.
//!
//! Keys, boxes and forms are the crate `register`'s; who may look is decided by whoever calls. Here a
//! look is in the record before anything is shown, and a section goes only together with the fact
//! that says so.

mod check;
mod erase;
mod error;
mod keep;
mod keeper;
mod look;
mod plain;
mod rekey;
mod rows;
mod write;

pub use check::{Disposition, SectionVerdict};
pub use erase::{Erased, ErasureRule};
pub use error::RegisterError;
pub use look::{Disclosed, Shown};
pub use write::Written;

pub(crate) use check::check;
pub(crate) use keeper::Keeper;
pub(crate) use rows::{PARTICULARS, PERSON_KEY, SEALED_SECTION};

use domain::{Commitment, PersonId, Section};

/// A section of what is kept apart about a person, in the clear.
#[derive(Clone, PartialEq, Eq)]
pub struct Particulars {
    pub person: PersonId,
    pub section: Section,
    /// Fresh for each version; see [`Particulars::new`].
    pub salt: [u8; 32],
    /// In canonical form; see the crate `register`.
    pub plaintext: Vec<u8>,
}

impl Particulars {
    /// With a salt drawn at random, as it must be where people are real.
    pub fn new(
        person: PersonId,
        section: Section,
        plaintext: Vec<u8>,
    ) -> Result<Self, RegisterError> {
        Ok(Self { person, section, salt: keeper::drawn()?, plaintext })
    }

    /// As a fact holds it.
    pub fn commitment(&self) -> Commitment {
        log::commitment(self.section.code(), &self.salt, &self.plaintext)
    }
}

impl std::fmt::Debug for Particulars {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{} of {} ({} bytes ***)", self.section, self.person, self.plaintext.len())
    }
}

/// The setting that lists this register's devices, by id, the newest last: what they say is kept must
/// be here.
pub(crate) const DEVICES: &str = "register.devices";
/// The setting that names the register key which seals.
pub(crate) const SEALING_KEY: &str = "register.key";
/// The setting that counts changes of the register.
pub(crate) const CHANGES: &str = "register.changes";
