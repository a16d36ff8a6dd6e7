//! A device's own chain of facts: each entry names the one before it.

use crate::envelope::{Draft, EnvelopeError, SignedEntry, device_id, encode, public_key};
use crate::key_change;
use domain::{AuthorityId, DeviceId, Event, FactHash, FactId, Officer, OperationId};
use ed25519_dalek::SigningKey;
use jiff::Timestamp;

/// A UUIDv7 (RFC 9562 section 5.7) of `unix_ms` since 1970 and ten random bytes.
pub fn fact_id(unix_ms: u64, random: [u8; 10]) -> FactId {
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&unix_ms.to_be_bytes()[2..]);
    bytes[6..].copy_from_slice(&random);
    bytes[6] = bytes[6] & 0x0f | 0x70;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    FactId(bytes)
}

/// What a device needs to sign its next fact. Two live copies of one chain are equivocation: a
/// device that finds itself restored enrols anew.
#[derive(Debug, Clone)]
pub struct DeviceChain {
    pub key: SigningKey,
    pub authority: AuthorityId,
    pub officer: Officer,
    pub operation: OperationId,
    /// The log the facts are for; see [`crate::Checkpoint::origin`].
    pub origin: String,
    /// Of the next fact.
    pub sequence: u64,
    /// The last fact signed.
    pub previous: Option<FactHash>,
    pub clock_error_s: u32,
}

impl DeviceChain {
    /// A chain of which nothing has been signed.
    pub fn new(
        key: SigningKey,
        authority: AuthorityId,
        officer: Officer,
        operation: OperationId,
        origin: &str,
    ) -> Self {
        let origin = origin.to_owned();
        Self {
            key,
            authority,
            officer,
            operation,
            origin,
            sequence: 0,
            previous: None,
            clock_error_s: 2,
        }
    }

    pub fn device(&self) -> DeviceId {
        device_id(&public_key(&self.key))
    }

    /// Signs the next fact. The chain goes on only when that succeeds.
    pub fn sign(
        &mut self,
        id: FactId,
        occurred_at: Timestamp,
        event: Event,
    ) -> Result<SignedEntry, EnvelopeError> {
        let draft = Draft {
            id,
            operation: self.operation.clone(),
            authority: self.authority.clone(),
            officer: self.officer,
            sequence: self.sequence,
            previous: self.previous,
            occurred_at,
            clock_error_s: self.clock_error_s,
            event,
        };
        let entry = encode(&draft, &self.key, &self.origin)?;
        self.sequence += 1;
        self.previous = Some(entry.hash);
        Ok(entry)
    }

    /// Signs the change to a new key with both, and begins the new key's chain.
    pub fn change_key(
        &mut self,
        id: FactId,
        occurred_at: Timestamp,
        new: SigningKey,
    ) -> Result<SignedEntry, EnvelopeError> {
        let event = key_change::event(&self.device(), &new, &self.origin);
        let entry = self.sign(id, occurred_at, event)?;
        self.key = new;
        self.sequence = 0;
        self.previous = None;
        Ok(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_the_rfc() {
        // RFC 9562 appendix A.6: 2022-02-22 19:22:22 UTC.
        let random = [0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f];
        let id = fact_id(0x017F_22E2_79B0, random);
        assert_eq!(id.to_string(), "017f22e279b07cc398c4dc0c0c07398f");
    }
}
