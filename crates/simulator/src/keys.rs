//! Keys and ids of an exercise, made from its seed: known to anyone who has the seed, so never for
//! an operation with real people.

use crate::cast::Signatory;
use domain::FactId;
use jiff::Timestamp;

/// A signatory's secret key in the exercise of this seed.
pub fn key(seed: u64, who: &Signatory) -> log::SigningKey {
    log::SigningKey::from_bytes(&digest(&format!("amana/exercise-key/v1 {seed} {}", who.name())))
}

/// The id of the exercise's `n`th fact.
pub fn fact_id(seed: u64, at: Timestamp, n: u64) -> FactId {
    let digest = digest(&format!("amana/exercise-id/v1 {seed} {n}"));
    let mut random = [0; 10];
    random.copy_from_slice(&digest[..10]);
    log::fact_id(at.as_millisecond().max(0) as u64, random)
}

/// A number below `n` that the seed and the person fix.
pub fn draw(seed: u64, what: &str, person: domain::PersonId, n: u64) -> u64 {
    let digest = digest(&format!("amana/exercise-draw/v1 {seed} {what} {person}"));
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(first) % n.max(1)
}

fn digest(text: &str) -> [u8; 32] {
    log::hash_of(text.as_bytes()).0
}
