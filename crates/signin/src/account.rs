//! Accounts: an officer's way in at this node.

use crate::attempts::{Attempts, Whence};
use crate::password::PasswordHash;
use crate::{Refused, SigninError};
use domain::{AuthorityId, Officer, Role};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::Node;

const DRAWER: &str = "account";

/// Who an officer is here. The name people know the officer by stays at this node, out of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Typed at sign-in; lower case.
    pub login: String,
    pub authority: AuthorityId,
    pub officer: Officer,
    /// As colleagues call them.
    pub name: String,
    /// PHC string; none when the officer signs in by passkey or provider alone.
    pub password: Option<PasswordHash>,
    /// The provider's `sub` for this officer.
    pub subject: Option<String>,
    pub since: Timestamp,
    /// No longer let in from then on.
    pub closed: Option<Timestamp>,
}

/// An [`Account`] as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    login: String,
    authority: String,
    role: String,
    number: u32,
    name: String,
    password: Option<String>,
    subject: Option<String>,
    since: Timestamp,
    closed: Option<Timestamp>,
}

impl Account {
    fn to_bytes(&self) -> Vec<u8> {
        let kept = Kept {
            login: self.login.clone(),
            authority: self.authority.to_string(),
            role: self.officer.role.code().to_owned(),
            number: self.officer.number,
            name: self.name.clone(),
            password: self.password.as_ref().map(|p| p.phc().to_owned()),
            subject: self.subject.clone(),
            since: self.since,
            closed: self.closed,
        };
        serde_json::to_vec(&kept).expect("an account is JSON")
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        use serde::de::Error;
        let kept: Kept = serde_json::from_slice(bytes)?;
        Ok(Self {
            authority: AuthorityId::new(&kept.authority).map_err(Error::custom)?,
            officer: Officer {
                role: Role::from_code(&kept.role)
                    .ok_or_else(|| Error::custom(format!("unknown role '{}'", kept.role)))?,
                number: kept.number,
            },
            login: kept.login,
            name: kept.name,
            password: kept.password.map(PasswordHash::kept),
            subject: kept.subject,
            since: kept.since,
            closed: kept.closed,
        })
    }
}

/// The accounts of this node. Blocking.
#[derive(Clone)]
pub struct Accounts {
    node: Arc<Node>,
}

impl Accounts {
    pub fn new(node: Arc<Node>) -> Self {
        Self { node }
    }

    pub fn add(&self, account: &Account) -> Result<(), SigninError> {
        if !is_login(&account.login) {
            return Err(SigninError::Login(account.login.clone()));
        }
        let bytes = account.to_bytes();
        match self.node.keep(DRAWER, &account.login, None, &bytes, None)? {
            true => Ok(()),
            false => Err(SigninError::Taken(account.login.clone())),
        }
    }

    /// `None` when there is none of that name; a closed one is found.
    pub fn find(&self, login: &str) -> Result<Option<Account>, SigninError> {
        Ok(self.versioned(login)?.map(|(account, _)| account))
    }

    /// By the provider's word for the officer.
    pub fn of_subject(&self, subject: &str) -> Result<Option<Account>, SigninError> {
        Ok(self.all()?.into_iter().find(|a| a.subject.as_deref() == Some(subject)))
    }

    /// All, by login.
    pub fn all(&self) -> Result<Vec<Account>, SigninError> {
        let kept = self.node.drawer(DRAWER)?;
        kept.into_iter().map(|(login, kept)| read(&login, &kept.value)).collect()
    }

    /// Whether anybody can sign in here: until then the node serves one unnamed officer on loopback.
    pub fn any(&self) -> Result<bool, SigninError> {
        Ok(self.node.drawer_holds(DRAWER)?)
    }

    /// Changes an account as `change` says.
    pub fn change(
        &self,
        login: &str,
        change: impl FnOnce(&mut Account),
    ) -> Result<Account, SigninError> {
        let unknown = || SigninError::Unknown(login.to_owned());
        let (mut account, version) = self.versioned(login)?.ok_or_else(unknown)?;
        change(&mut account);
        let bytes = account.to_bytes();
        match self.node.keep(DRAWER, login, Some(version), &bytes, None)? {
            true => Ok(account),
            false => Err(SigninError::Raced(login.to_owned())),
        }
    }

    /// The account, when the password is its own. A wrong one is counted; see [`Attempts`].
    pub fn by_password(
        &self,
        login: &str,
        password: &str,
        whence: &Whence,
        now: Timestamp,
    ) -> Result<Account, SigninError> {
        let login = as_typed(login);
        if !is_login(&login) {
            PasswordHash::nobody(password);
            return Err(Refused::NotRight.into());
        }
        let attempts = Attempts::new(self.node.clone());
        let account = self.find(&login)?;
        attempts.begin(&login, whence, account.is_some(), now)?;
        let account = account.filter(|a| a.closed.is_none());
        let right = match account.as_ref().and_then(|a| a.password.as_ref()) {
            Some(hash) => hash.matches(password),
            None => PasswordHash::nobody(password),
        };
        let account = account.filter(|_| right).ok_or(Refused::NotRight)?;
        attempts.right(&login, whence)?;
        Ok(account)
    }

    fn versioned(&self, login: &str) -> Result<Option<(Account, u64)>, SigninError> {
        // Accounts are kept without an end, so any time will do.
        let Some(kept) = self.node.kept(DRAWER, login, Timestamp::MIN)? else { return Ok(None) };
        Ok(Some((read(login, &kept.value)?, kept.version)))
    }
}

fn read(login: &str, bytes: &[u8]) -> Result<Account, SigninError> {
    Account::from_bytes(bytes).map_err(|source| {
        let what = format!("account '{login}'");
        SigninError::Damaged { what, source }
    })
}

/// A sign-in name as people type it.
pub fn as_typed(login: &str) -> String {
    login.trim().to_lowercase()
}

fn is_login(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
    (1..=48).contains(&text.len())
        && text.as_bytes()[0].is_ascii_lowercase()
        && text.bytes().all(allowed)
}
