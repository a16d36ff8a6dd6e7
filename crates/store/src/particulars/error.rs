//! Why the register did not do what it was asked.

use crate::error::StoreError;
use crate::judge::SubmitError;
use crate::submit::OwnError;
use domain::{DeviceId, ErasureRefusal, PersonId, Section};
use register::{KeyringError, OpenError};
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The node runs and keeps custody; what is kept apart stays sealed.
    #[error("particulars are closed here: there is no register key at {0}")]
    NoKey(PathBuf),
    #[error("particulars are closed here: the register key at {path} cannot be used")]
    BadKey { path: PathBuf, source: KeyringError },
    #[error("cannot keep the register key at {path}")]
    KeyFile { path: PathBuf, source: std::io::Error },
    #[error(
        "particulars are closed here: they are sealed with register key {named}, and {path} holds others"
    )]
    OtherKey { named: String, path: PathBuf },
    #[error("the register's device {0} is not enrolled with role 'register', or no longer")]
    NotEnrolled(DeviceId),
    #[error("the register's device {0} signed twice at one place: give it a new key")]
    Forked(DeviceId),
    #[error("{section} of {person}, version {version}, cannot be opened")]
    Sealed { person: PersonId, section: Section, version: u32, source: OpenError },
    #[error("the key of {person} cannot be opened")]
    PersonKey { person: PersonId, source: OpenError },
    #[error("it is wrapped with register key {0}, which is not at hand")]
    UnknownKey(String),
    #[error("{1} of {0} is not in canonical form (docs/formats/register.md)")]
    NotCanonical(PersonId, Section),
    #[error("another version of {section} of {person} was kept meanwhile")]
    Changed { person: PersonId, section: Section },
    #[error("there is no randomness to be had: {0}")]
    NoRandomness(String),
    #[error("a look or a writing must say why: by which policy, or why the glass was broken")]
    Unjustified,
    #[error("nothing of that is kept about {0}")]
    Nothing(PersonId),
    #[error("this register destroys nothing: it was not allowed to (`amana register erasure`)")]
    ErasureOff,
    #[error(
        "{person} is in somebody's custody: the record of a person who is held is not destroyed"
    )]
    StillHeld { person: PersonId },
    #[error("what is kept about {person} must be kept until {until}")]
    KeptUntil { person: PersonId, until: jiff::Timestamp },
    #[error(transparent)]
    Refused(#[from] ErasureRefusal),
    #[error("the register's own fact was not taken in")]
    Submit(#[from] SubmitError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<OwnError> for RegisterError {
    fn from(error: OwnError) -> Self {
        match error {
            OwnError::Submit(error) => Self::Submit(error),
            OwnError::Store(error) => Self::Store(error),
        }
    }
}

impl RegisterError {
    /// The stable code, as in the API and `docs/codes.md`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoKey(_)
            | Self::BadKey { .. }
            | Self::KeyFile { .. }
            | Self::OtherKey { .. }
            | Self::UnknownKey(_) => "register-closed",
            Self::NotEnrolled(_) | Self::Forked(_) => "register-not-enrolled",
            Self::Sealed { .. } | Self::PersonKey { .. } => "register-damaged",
            Self::NotCanonical(..) => "section-not-canonical",
            Self::Changed { .. } => "section-changed",
            Self::Unjustified => "look-unjustified",
            Self::Nothing(_) => "no-particulars",
            Self::ErasureOff => "erasure-off",
            Self::StillHeld { .. } => "erasure-still-held",
            Self::KeptUntil { .. } => "erasure-too-early",
            Self::Refused(refusal) => refusal.code(),
            Self::Submit(error) => error.code(),
            Self::NoRandomness(_) | Self::Store(_) => "storage",
        }
    }
}
