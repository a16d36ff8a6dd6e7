//! A device that goes on with a new key: the old one signs the fact, the new one a proof inside it.

use crate::envelope::{EnvelopeError, device_id, public_key, verifying_key};
use domain::{DeviceId, Event, Fact, KeyProof, PublicKey};
use ed25519_dalek::{Signature, Signer, SigningKey};

/// The event that lets `new` follow the device `old` in the log of that `origin`.
pub fn event(old: &DeviceId, new: &SigningKey, origin: &str) -> Event {
    let key = public_key(new);
    let proof = KeyProof(new.sign(&to_be_signed(old, &key, origin)).to_bytes());
    Event::KeyChanged { key, proof }
}

/// That the new key of a change accepted it; any other fact passes. Strict, as for entries.
pub fn check(fact: &Fact, origin: &str) -> Result<(), EnvelopeError> {
    let Event::KeyChanged { key, proof } = &fact.event else { return Ok(()) };
    verifying_key(key)?
        .verify_strict(&to_be_signed(&fact.device, key, origin), &Signature::from_bytes(&proof.0))
        .map_err(|_| EnvelopeError::KeyProof(device_id(key), origin.to_owned()))
}

/// `"amana/key-change/v1" LF origin LF`, the old device's name, the new key.
fn to_be_signed(old: &DeviceId, new: &PublicKey, origin: &str) -> Vec<u8> {
    [b"amana/key-change/v1\n", origin.as_bytes(), b"\n", &old.0, &new.0].concat()
}
