//! Passwords: hashed with Argon2id, checked in the time of one hash whoever asks.

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use std::sync::LazyLock;

/// NIST SP 800-63B-4 section 3.1.1.2: fifteen characters where the password is the only factor.
pub const LEAST_CHARACTERS: usize = 15;
/// A longer text costs hashing time and adds nothing, in bytes.
pub const MOST_BYTES: usize = 1024;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error(
        "a password has at least {LEAST_CHARACTERS} characters; this one has {0}: take a few words"
    )]
    Short(usize),
    #[error("a password has at most {MOST_BYTES} bytes; this one has {0}")]
    Long(usize),
    #[error(
        "the password contains the sign-in name or is one character over and over: take another"
    )]
    Guessable,
}

/// In the PHC string format: algorithm, parameters, salt and hash. The parameters are Argon2id's
/// recommended ones (19 MiB, 2 passes, 1 lane: OWASP Password Storage, RFC 9106).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

/// Checked against when there is no account, so that the answer takes as long.
static NOBODY: LazyLock<PasswordHash> =
    LazyLock::new(|| hash(crate::Token::draw().secret()).expect("a drawn secret can be hashed"));

impl PasswordHash {
    /// No rule but length and the obvious (SP 800-63B: no composition rules, no expiry).
    pub fn of(password: &str, login: &str) -> Result<Self, PasswordError> {
        let characters = password.chars().count();
        if characters < LEAST_CHARACTERS {
            return Err(PasswordError::Short(characters));
        }
        let first = password.chars().next();
        let same = password.chars().all(|c| Some(c) == first);
        if same || password.to_lowercase().contains(login) {
            return Err(PasswordError::Guessable);
        }
        hash(password)
    }

    pub fn kept(phc: String) -> Self {
        Self(phc)
    }

    pub fn phc(&self) -> &str {
        &self.0
    }

    /// Blocking, about 20 ms of one core: that is its purpose.
    pub fn matches(&self, password: &str) -> bool {
        let Ok(phc) = Phc::new(&self.0) else { return false };
        password.len() <= MOST_BYTES
            && Argon2::default().verify_password(password.as_bytes(), &phc).is_ok()
    }

    /// Spends the time of a check on nobody; never matches.
    pub fn nobody(password: &str) -> bool {
        NOBODY.matches(password);
        false
    }
}

fn hash(password: &str) -> Result<PasswordHash, PasswordError> {
    if password.len() > MOST_BYTES {
        return Err(PasswordError::Long(password.len()));
    }
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .expect("Argon2's own parameters and a drawn salt are in range");
    Ok(PasswordHash(hash.to_string()))
}
