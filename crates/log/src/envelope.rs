//! The envelope of a fact, version 1: a COSE_Sign1 (RFC 9052) over deterministic CBOR.

use crate::body;
use crate::cbor::{Flaw, Reader, Writer};
use crate::key_change;
use domain::{
    AuthorityId, DeviceId, Event, Fact, FactHash, FactId, Officer, OperationId, PublicKey, Role,
};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// The longest entry, in bytes: C2SP tlog-tiles gives each entry a 16-bit length.
pub const ENTRY_MAX: usize = 65_535;
/// The version in the payload.
pub const VERSION: u64 = 1;
/// COSE content type (header 3) of a version 1 payload.
pub const CONTENT_TYPE: &str = "application/amana-fact+cbor;v=1";
/// COSE algorithm -19: Ed25519, fully specified (RFC 9864).
const ALGORITHM: i64 = -19;

/// Why bytes are not a fact that may be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    #[error(
        "the entry is {found} bytes long, {ENTRY_MAX} is the most: say it in two facts, each with \
         fewer people"
    )]
    Oversize { found: usize },
    #[error("malformed entry at byte {offset}, in {field}: {what}")]
    Malformed { offset: usize, field: &'static str, what: Cow<'static, str> },
    #[error("the entry was signed by device {named:?}, the key given is that of {given:?}")]
    WrongKey { named: DeviceId, given: DeviceId },
    #[error("the key is not a valid Ed25519 point, or of small order; enrol another")]
    WeakKey,
    #[error("the new key {0:?} did not sign that it follows the old one in log '{1}'")]
    KeyProof(DeviceId, String),
    #[error("the signature of device {device:?} does not hold for log '{origin}'")]
    Signature { device: DeviceId, origin: String },
}

impl From<Flaw> for EnvelopeError {
    fn from(flaw: Flaw) -> Self {
        Self::Malformed { offset: flaw.offset, field: flaw.field, what: flaw.what }
    }
}

/// A fact before it is signed. `occurred_at` is kept to the millisecond.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub id: FactId,
    pub operation: OperationId,
    pub authority: AuthorityId,
    pub officer: Officer,
    /// Position in the device's chain, from 0.
    pub sequence: u64,
    /// The device's entry before this one; `None` at sequence 0 and only there.
    pub previous: Option<FactHash>,
    pub occurred_at: Timestamp,
    /// How far the device's clock may be off, in seconds.
    pub clock_error_s: u32,
    pub event: Event,
}

/// A signed fact as it is stored and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedEntry {
    pub bytes: Vec<u8>,
    /// SHA-256 of `bytes`.
    pub hash: FactHash,
}

/// An entry that reads well and is not yet believed: nobody has checked who signed it.
#[derive(Debug, Clone)]
pub struct Envelope<'a> {
    claims: Fact,
    parts: Parts<'a>,
}

/// The COSE_Sign1 structure, its payload unread.
#[derive(Debug, Clone)]
struct Parts<'a> {
    device: DeviceId,
    protected: &'a [u8],
    payload: &'a [u8],
    /// Offset of the payload in the entry.
    payload_at: usize,
    signature: [u8; 64],
}

/// The name of an entry: SHA-256 of its bytes.
pub fn hash_of(entry: &[u8]) -> FactHash {
    FactHash(Sha256::digest(entry).into())
}

/// The name of a device: SHA-256 of its public key.
pub fn device_id(key: &PublicKey) -> DeviceId {
    DeviceId::of(key)
}

/// The public half of a device's or an authority's key, as enrolment facts hold it.
pub fn public_key(key: &SigningKey) -> PublicKey {
    PublicKey(key.verifying_key().to_bytes())
}

/// Unpacks a key for checking signatures. Keys that are no point of the curve and keys of small
/// order, under which a signature proves nothing, are refused.
pub fn verifying_key(key: &PublicKey) -> Result<VerifyingKey, EnvelopeError> {
    let key = VerifyingKey::from_bytes(&key.0).map_err(|_| EnvelopeError::WeakKey)?;
    if key.is_weak() { Err(EnvelopeError::WeakKey) } else { Ok(key) }
}

/// Signs a fact for the log of that `origin`; it cannot be replayed into another.
///
/// Refuses what [`decode`] would refuse, so that nobody signs what nobody can read.
pub fn encode(draft: &Draft, key: &SigningKey, origin: &str) -> Result<SignedEntry, EnvelopeError> {
    let device = device_id(&public_key(key));
    let protected = protected_header(&device);
    let payload = payload(draft);
    let signature = key.sign(&to_be_signed(&protected, &payload, origin));
    let bytes = sealed(&protected, &payload, &signature.to_bytes());
    let claims = decode(&bytes)?.claims;
    key_change::check(&claims, origin)?;
    Ok(SignedEntry { bytes, hash: claims.hash })
}

/// The COSE_Sign1 of those parts.
fn sealed(protected: &[u8], payload: &[u8], signature: &[u8; 64]) -> Vec<u8> {
    let mut w = Writer::with_capacity(protected.len() + payload.len() + 80);
    w.small_tag(18);
    w.array(4);
    w.bytes(protected);
    w.map(0);
    w.bytes(payload);
    w.bytes(signature);
    w.finish()
}

/// Reads an entry without believing it.
pub fn decode(entry: &[u8]) -> Result<Envelope<'_>, EnvelopeError> {
    let parts = Parts::of(entry)?;
    let mut inner = Reader::new(parts.payload, parts.payload_at);
    let claims = read_payload(&mut inner, hash_of(entry), parts.device)?;
    Ok(Envelope { claims, parts })
}

/// Checks the signature of an entry whose payload was read before: that `key` is the one it names
/// and signed it for the log of that `origin`. A change of key holds a second signature, see
/// [`crate::key_change::check`].
pub fn verify_signature(
    entry: &[u8],
    key: &VerifyingKey,
    origin: &str,
) -> Result<(), EnvelopeError> {
    Parts::of(entry)?.verify(key, origin)
}

/// Reads an entry and checks that `key` signed it for the log of that `origin`.
pub fn verify(entry: &[u8], key: &VerifyingKey, origin: &str) -> Result<Fact, EnvelopeError> {
    decode(entry)?.verify(key, origin)
}

impl Envelope<'_> {
    /// What the entry says, unproven.
    pub fn claims(&self) -> &Fact {
        &self.claims
    }

    /// Gives up the claims without any check: for entries that were verified before.
    pub fn into_claims(self) -> Fact {
        self.claims
    }

    /// Writes the entry again from what was read: the same bytes, or reading was not strict.
    pub fn to_bytes(&self) -> Vec<u8> {
        let fact = &self.claims;
        let draft = Draft {
            id: fact.id,
            operation: fact.operation.clone(),
            authority: fact.authority.clone(),
            officer: fact.officer,
            sequence: fact.sequence,
            previous: fact.previous,
            occurred_at: fact.occurred_at,
            clock_error_s: fact.clock_error_s,
            event: fact.event.clone(),
        };
        sealed(&protected_header(&fact.device), &payload(&draft), &self.parts.signature)
    }

    /// The fact, if `key` is the one the entry names and its signature holds. Strict: the
    /// signature's R and the key are of full order, S is canonical (RFC 8032 5.1.7).
    pub fn verify(self, key: &VerifyingKey, origin: &str) -> Result<Fact, EnvelopeError> {
        self.parts.verify(key, origin)?;
        key_change::check(&self.claims, origin)?;
        Ok(self.claims)
    }
}

impl<'a> Parts<'a> {
    fn of(entry: &'a [u8]) -> Result<Self, EnvelopeError> {
        if entry.len() > ENTRY_MAX {
            return Err(EnvelopeError::Oversize { found: entry.len() });
        }
        let mut r = Reader::new(entry, 0);
        r.field = "COSE_Sign1";
        r.small_tag(18)?;
        r.array_of(4)?;
        let protected = r.bytes()?;
        let device = read_protected(&mut Reader::new(protected, r.offset() - protected.len()))?;
        r.field = "unprotected header";
        let none = r.map()?;
        none.end(&mut r)?;
        r.field = "payload";
        let payload = r.bytes()?;
        let payload_at = r.offset() - payload.len();
        r.field = "signature";
        let signature = r.fixed()?;
        r.end()?;
        Ok(Self { device, protected, payload, payload_at, signature })
    }

    fn verify(&self, key: &VerifyingKey, origin: &str) -> Result<(), EnvelopeError> {
        let given = device_id(&PublicKey(key.to_bytes()));
        if given != self.device {
            return Err(EnvelopeError::WrongKey { named: self.device, given });
        }
        let signed = to_be_signed(self.protected, self.payload, origin);
        key.verify_strict(&signed, &Signature::from_bytes(&self.signature)).map_err(|_| {
            // Strict verification refuses weak keys itself; here it is only told apart.
            match key.is_weak() {
                true => EnvelopeError::WeakKey,
                false => {
                    EnvelopeError::Signature { device: self.device, origin: origin.to_owned() }
                }
            }
        })
    }
}

/// `Sig_structure` of RFC 9052 section 4.4; the external data binds format and log.
fn to_be_signed(protected: &[u8], payload: &[u8], origin: &str) -> Vec<u8> {
    let mut w = Writer::with_capacity(protected.len() + payload.len() + origin.len() + 48);
    w.array(4);
    w.text("Signature1");
    w.bytes(protected);
    w.bytes(&[b"amana/fact/v1", origin.as_bytes()].concat());
    w.bytes(payload);
    w.finish()
}

fn protected_header(device: &DeviceId) -> Vec<u8> {
    let mut w = Writer::with_capacity(80);
    w.map(3);
    w.uint(1);
    w.int(ALGORITHM);
    w.uint(3);
    w.text(CONTENT_TYPE);
    w.uint(4);
    w.bytes(&device.0);
    w.finish()
}

fn read_protected(r: &mut Reader) -> Result<DeviceId, Flaw> {
    let mut m = r.map()?;
    m.required(r, 1, "algorithm")?;
    match r.int()? {
        ALGORITHM => {}
        other => return Err(r.flaw(format!("algorithm {other} is not -19 (Ed25519)"))),
    }
    m.required(r, 3, "content type")?;
    if r.text()? != CONTENT_TYPE {
        return Err(r.flaw(format!("the content type must be {CONTENT_TYPE}")));
    }
    m.required(r, 4, "key id")?;
    let device = DeviceId(r.fixed()?);
    m.end(r)?;
    r.end()?;
    Ok(device)
}

fn payload(draft: &Draft) -> Vec<u8> {
    let mut w = Writer::with_capacity(256);
    w.map(11 + usize::from(draft.previous.is_some()));
    w.uint(1);
    w.uint(VERSION);
    w.uint(2);
    w.bytes(&draft.id.0);
    w.uint(3);
    w.text(draft.operation.as_str());
    w.uint(4);
    w.text(draft.authority.as_str());
    w.uint(5);
    w.text(draft.officer.role.code());
    w.uint(6);
    w.uint(draft.officer.number.into());
    w.uint(7);
    w.uint(draft.sequence);
    if let Some(previous) = &draft.previous {
        w.uint(8);
        w.bytes(&previous.0);
    }
    w.uint(9);
    w.int(draft.occurred_at.as_millisecond());
    w.uint(10);
    w.uint(draft.clock_error_s.into());
    w.uint(11);
    w.uint(body::kind_number(&draft.event));
    w.uint(12);
    body::write(&mut w, &draft.event);
    w.finish()
}

fn read_payload(r: &mut Reader, hash: FactHash, device: DeviceId) -> Result<Fact, Flaw> {
    let mut m = r.map()?;
    m.required(r, 1, "version")?;
    match r.uint()? {
        VERSION => {}
        other => return Err(r.flaw(format!("version {other} is not known here, only {VERSION}"))),
    }
    m.required(r, 2, "id")?;
    let id = FactId(r.fixed()?);
    m.required(r, 3, "operation")?;
    let operation = body::named(r, OperationId::new)?;
    m.required(r, 4, "authority")?;
    let authority = body::named(r, AuthorityId::new)?;
    m.required(r, 5, "officer role")?;
    let role = body::coded(r, Role::from_code)?;
    m.required(r, 6, "officer number")?;
    let officer = Officer { role, number: r.u32()? };
    m.required(r, 7, "sequence")?;
    let sequence = r.uint()?;
    let previous = match m.optional(r, 8, "previous")? {
        true => Some(FactHash(r.fixed()?)),
        false => None,
    };
    if previous.is_some() != (sequence > 0) {
        return Err(r.flaw("the entry before is named from sequence 1 on, and only then"));
    }
    m.required(r, 9, "occurred_at")?;
    let occurred_at = body::time(r)?;
    m.required(r, 10, "clock_error_s")?;
    let clock_error_s = r.u32()?;
    m.required(r, 11, "kind")?;
    let kind = r.uint()?;
    m.required(r, 12, "body")?;
    let event = body::read(r, kind)?;
    r.field = "payload";
    m.end(r)?;
    r.end()?;
    Ok(Fact {
        hash,
        id,
        operation,
        authority,
        officer,
        device,
        sequence,
        previous,
        occurred_at,
        clock_error_s,
        event,
    })
}
