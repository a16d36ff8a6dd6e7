//! Why somebody was not let in, and why an account could not be changed.

use jiff::Timestamp;
use store::StoreError;

/// What the person at the desk is told. It never says whether an account exists.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the name, the password or the passkey is not right")]
    NotRight,
    #[error("too many attempts: try again after {until}")]
    Locked { until: Timestamp },
    #[error("this sign-in took too long or was used before: begin again")]
    Stale,
    #[error("{0} is known to the provider and has no account here: ask the keyholder for one")]
    NoAccount(String),
}

#[derive(Debug, thiserror::Error)]
pub enum SigninError {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Password(#[from] crate::PasswordError),
    #[error("there is an account '{0}' already")]
    Taken(String),
    #[error("there is no account '{0}'")]
    Unknown(String),
    #[error("'{0}' cannot be a sign-in name: use 1 to 48 of a-z, 0-9, '-' and '.', a letter first")]
    Login(String),
    #[error("another process changed account '{0}' at the same moment: try again")]
    Raced(String),
    #[error("the provider {issuer} cannot be used: {what}")]
    Provider { issuer: String, what: String },
    #[error("the passkey cannot be used: {0}")]
    Passkey(String),
    #[error("passkeys need an address with a name, as localhost or hub.example: {0}")]
    RelyingParty(String),
    #[error("the ticket is used up or past its time: ask for a new one")]
    Ticket,
    #[error("the device did not prove that it holds the key it showed")]
    Possession,
    #[error("what is kept of {what} cannot be read")]
    Damaged { what: String, source: serde_json::Error },
    #[error(transparent)]
    Store(#[from] StoreError),
}
