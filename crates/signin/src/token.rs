//! Secrets that are handed out once and kept only as their hash.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use sha2::{Digest, Sha256};

/// 256 random bits in URL-safe base64: a session's cookie, a ticket's secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    pub fn draw() -> Self {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the system's random source answers");
        Self(BASE64.encode(bytes))
    }

    /// As it came back; anything is taken, and what was never handed out is found nowhere.
    pub fn presented(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub fn secret(&self) -> &str {
        &self.0
    }

    /// What is kept instead of the secret, hexadecimal. A random 256-bit secret needs no slow hash.
    pub fn hash(&self) -> String {
        Sha256::digest(self.0.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("Token(***)")
    }
}
