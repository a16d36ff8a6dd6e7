//! Three layers of keys. The register key opens each person's key, a person's key the key of each of
//! their sections, and that the section. Whoever destroys a person's key has destroyed what it opened.

use crate::sealed::{OpenError, open_box, seal_box};
use domain::{OperationId, PersonId};
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Bytes that nobody has seen before, drawn by the caller for one sealing: a key and two nonces.
///
/// A key drawn twice would cost little here, since nonces are drawn too; a constant would cost all.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Fresh(pub [u8; Fresh::LEN]);

impl Fresh {
    pub const LEN: usize = 32 + 2 * NONCE;

    pub(crate) fn key(&self) -> Secret {
        Secret(first(&self.0))
    }
    pub(crate) fn nonce(&self, n: usize) -> [u8; NONCE] {
        first(&self.0[32 + n * NONCE..])
    }
}

/// Of XChaCha20-Poly1305, in bytes: long enough to be drawn at random for ever.
pub(crate) const NONCE: usize = 24;

pub(crate) fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[..N]);
    out
}

/// A key in memory: overwritten when it goes, never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Secret(pub [u8; 32]);

/// What a register key is called: the beginning of a hash of it, which says nothing about it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyId(String);

impl KeyId {
    /// Sixteen digits, as a database keeps it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The key of a whole register. It lives in a file, never in the database.
#[derive(Clone, PartialEq, Eq)]
pub struct RegisterKey(pub(crate) Secret);

/// The key of one person's sections.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonKey(pub(crate) Secret);

impl RegisterKey {
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Secret(bytes))
    }

    pub fn id(&self) -> KeyId {
        let mut hash = Sha256::new();
        hash.update(b"amana/register-key/v1");
        hash.update(self.0.0);
        KeyId(hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// A new key for a person, and the same wrapped for keeping.
    pub fn new_person(
        &self,
        operation: &OperationId,
        person: PersonId,
        fresh: &Fresh,
    ) -> (PersonKey, Vec<u8>) {
        let key = PersonKey(fresh.key());
        let wrapped = self.wrap(operation, person, &key, fresh);
        (key, wrapped)
    }

    /// A person's key wrapped with this register key, as when the register key changes.
    pub fn wrap(
        &self,
        operation: &OperationId,
        person: PersonId,
        key: &PersonKey,
        fresh: &Fresh,
    ) -> Vec<u8> {
        seal_box(&self.0, fresh.nonce(0), &self.label(operation, person), &key.0.0)
    }

    /// The person's key again. Fails when it was wrapped by another key, for another person or
    /// operation, or changed since.
    pub fn unwrap(
        &self,
        operation: &OperationId,
        person: PersonId,
        wrapped: &[u8],
    ) -> Result<PersonKey, OpenError> {
        let key = open_box(&self.0, &self.label(operation, person), wrapped)?;
        let key: [u8; 32] = key.as_slice().try_into().map_err(|_| OpenError::Shape)?;
        Ok(PersonKey(Secret(key)))
    }

    fn label(&self, operation: &OperationId, person: PersonId) -> Vec<u8> {
        format!("amana/person-key/v1\n{operation}\n{person}\n{}", self.id()).into_bytes()
    }
}

impl fmt::Debug for RegisterKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "register key {} (***)", self.id())
    }
}

impl fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("person key (***)")
    }
}
