//! Commitments to what is kept apart about a person.

use domain::Commitment;
use sha2::{Digest, Sha256};

/// SHA-256 of `"amana/section/v1" || section || salt || plaintext`.
///
/// `salt` is fresh for each section and version; without it, a commitment to a name or a date could
/// be found by trying them all. `plaintext` is the section in its canonical form.
pub fn commitment(section: &str, salt: &[u8; 32], plaintext: &[u8]) -> Commitment {
    let mut hash = Sha256::new();
    hash.update(b"amana/section/v1");
    hash.update(section.as_bytes());
    hash.update(salt);
    hash.update(plaintext);
    Commitment(hash.finalize().into())
}
