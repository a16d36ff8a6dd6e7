//! A section in its box: XChaCha20-Poly1305 under a key of its own, with a label that ties it to
//! operation, person, section, version and commitment.

use crate::keys::{Fresh, NONCE, PersonKey, Secret, first};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::{Commitment, OperationId, PersonId, Section};
use std::fmt;
use zeroize::Zeroizing;

/// What a box is of. Not secret, and not in the box: whoever opens it must already know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label<'a> {
    pub operation: &'a OperationId,
    pub person: PersonId,
    pub section: Section,
    /// Of this section of this person, from 1.
    pub version: u32,
    /// To what is inside, as a fact holds it.
    pub commitment: Commitment,
}

/// One version of a section, as a database keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The section's key, wrapped with the person's.
    pub key: Vec<u8>,
    /// Salt and plaintext, sealed with the section's key.
    pub bytes: Vec<u8>,
}

/// What was in a box: enough for anyone to check the commitment.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    pub salt: [u8; 32],
    /// The section in its canonical form; overwritten in memory when it goes.
    pub plaintext: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} bytes (***)", self.plaintext.len())
    }
}

/// Why a box stays shut. Nothing of what is inside is in the error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error("it was sealed with another key or for another place, or changed since")]
    Shut,
    #[error("what is inside has not the form of a sealed section")]
    Shape,
    #[error("what is inside does not open its commitment")]
    Commitment,
}

/// Lengths tell: a box is filled up to a multiple of this, in bytes.
const FILLED_TO: usize = 256;

/// Seals one version of a section under a key that nothing else will have.
pub fn seal(
    person: &PersonKey,
    label: &Label,
    salt: &[u8; 32],
    plaintext: &[u8],
    fresh: &Fresh,
) -> Sealed {
    let key = fresh.key();
    let mut inside = Zeroizing::new(Vec::with_capacity(32 + plaintext.len() + FILLED_TO));
    inside.extend(salt);
    inside.extend(plaintext);
    inside.push(0x80);
    let filled = inside.len().next_multiple_of(FILLED_TO);
    inside.resize(filled, 0);
    Sealed {
        key: seal_box(&person.0, fresh.nonce(0), &label.bytes("section-key"), &key.0),
        bytes: seal_box(&key, fresh.nonce(1), &label.bytes("section"), &inside),
    }
}

/// Opens a version, and holds it against its commitment.
pub fn open(person: &PersonKey, label: &Label, sealed: &Sealed) -> Result<Opened, OpenError> {
    let key = open_box(&person.0, &label.bytes("section-key"), &sealed.key)?;
    let key = Secret(key.as_slice().try_into().map_err(|_| OpenError::Shape)?);
    let inside = open_box(&key, &label.bytes("section"), &sealed.bytes)?;
    let end = inside.iter().rposition(|byte| *byte != 0).filter(|at| inside[*at] == 0x80);
    let end = end.filter(|at| *at >= 32).ok_or(OpenError::Shape)?;
    let salt = first(&inside);
    let plaintext = Zeroizing::new(inside[32..end].to_vec());
    if log::commitment(label.section.code(), &salt, &plaintext) != label.commitment {
        return Err(OpenError::Commitment);
    }
    Ok(Opened { salt, plaintext })
}

impl Label<'_> {
    /// No part can hold a line feed, so no two labels have the same bytes.
    fn bytes(&self, what: &str) -> Vec<u8> {
        let Label { operation, person, section, version, commitment } = self;
        format!("amana/{what}/v1\n{operation}\n{person}\n{section}\n{version}\n{commitment}")
            .into_bytes()
    }
}

/// A nonce, and what it sealed.
pub(crate) fn seal_box(key: &Secret, nonce: [u8; NONCE], label: &[u8], inside: &[u8]) -> Vec<u8> {
    let cipher = XChaCha20Poly1305::new(&key.0.into());
    let payload = Payload { msg: inside, aad: label };
    let sealed = cipher.encrypt(&XNonce::from(nonce), payload);
    // Fails only above 256 GiB, and a section is no longer than memory.
    let sealed = sealed.expect("a section is shorter than the cipher's limit");
    [nonce.as_slice(), &sealed].concat()
}

pub(crate) fn open_box(
    key: &Secret,
    label: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE).ok_or(OpenError::Shape)?;
    let cipher = XChaCha20Poly1305::new(&key.0.into());
    let payload = Payload { msg: sealed, aad: label };
    let opened = cipher.decrypt(&XNonce::from(first::<NONCE>(nonce)), payload);
    opened.map(Zeroizing::new).map_err(|_| OpenError::Shut)
}
