//! Sign-ins under way. What was begun is kept by whoever began it, under our seal: an outsider who
//! begins and never ends leaves nothing here. Only what ended well is noted, so that it is good once.

use crate::{Refused, SigninError};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;
use std::sync::Arc;
use store::Node;

const KEYS: &str = "ceremony-key";
const DONE: &str = "ceremony-done";
const SEAL: usize = 32;

/// Ceremonies of one kind. Blocking.
pub(crate) struct Ceremonies {
    pub node: Arc<Node>,
    /// Sealed with the rest, so that one kind is never taken for another.
    pub kind: &'static str,
    pub lasts: SignedDuration,
}

impl Ceremonies {
    /// What the browser is to bring back: when it ends, the state, the seal. The state can be read.
    pub fn seal(&self, state: &[u8], now: Timestamp) -> Result<String, SigninError> {
        let until = now.saturating_add(self.lasts).unwrap_or(now).as_millisecond();
        let body = [&until.to_be_bytes(), state].concat();
        let seal = self.derive("seal", &body)?;
        Ok(BASE64.encode([&body[..], &seal].concat()))
    }

    /// The state in what the browser brought back. Stale when it is past its time, or not of here.
    pub fn unseal(&self, sealed: &str, now: Timestamp) -> Result<Vec<u8>, SigninError> {
        let stale = || SigninError::from(Refused::Stale);
        let bytes = BASE64.decode(sealed).map_err(|_| stale())?;
        let at = bytes.len().checked_sub(SEAL).ok_or_else(stale)?;
        let (body, seal) = bytes.split_at(at);
        self.mac("seal", body)?.verify_slice(seal).map_err(|_| stale())?;
        let (until, state) = body.split_first_chunk().ok_or_else(stale)?;
        match i64::from_be_bytes(*until) > now.as_millisecond() {
            true => Ok(state.to_vec()),
            false => Err(stale()),
        }
    }

    /// Ends a ceremony that went well: stale when it did before.
    pub fn end(&self, sealed: &str, now: Timestamp) -> Result<(), SigninError> {
        self.node.clear_out(now)?;
        let until = now.saturating_add(self.lasts).unwrap_or(now);
        let key = BASE64.encode(self.derive("done", sealed.as_bytes())?);
        match self.node.keep(DONE, &key, None, &[], Some(until))? {
            true => Ok(()),
            false => Err(Refused::Stale.into()),
        }
    }

    /// A secret that only this node can make of `from`.
    pub fn derive(&self, what: &str, from: &[u8]) -> Result<[u8; SEAL], SigninError> {
        Ok(self.mac(what, from)?.finalize().into_bytes().into())
    }

    fn mac(&self, what: &str, from: &[u8]) -> Result<Hmac<Sha256>, SigninError> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key()?).expect("any length will do");
        for part in [self.kind, "\0", what, "\0"] {
            mac.update(part.as_bytes());
        }
        mac.update(from);
        Ok(mac)
    }

    /// Drawn the first time, shared by all processes at the store.
    fn key(&self) -> Result<Vec<u8>, SigninError> {
        const KEY: &str = "hmac-sha256";
        if let Some(kept) = self.node.kept(KEYS, KEY, Timestamp::MIN)? {
            return Ok(kept.value);
        }
        let mut drawn = [0; 32];
        getrandom::fill(&mut drawn).expect("the system's random source answers");
        self.node.keep(KEYS, KEY, None, &drawn, None)?;
        self.key()
    }
}
