//! Sessions: who is signed in, until when.

use crate::account::{Account, Accounts};
use crate::{SigninError, Token};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::Node;

/// Without a request for so long, the session is over. NIST SP 800-63B-4 section 2.2.3 (AAL2) asks
/// for an hour at most.
pub const IDLE: SignedDuration = SignedDuration::from_mins(60);
/// A night's shift, however busy: SP 800-63B-4 asks for 24 hours at most.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(12);
/// How stale the time of the last request may get before it is written again.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);
const DRAWER: &str = "session";

/// By what an officer proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    Password,
    Passkey,
    Provider,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub account: Account,
    pub way: Way,
    pub begun: Timestamp,
    /// When it ends if nothing more is asked.
    pub ends: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    login: String,
    way: Way,
    begun: Timestamp,
    seen: Timestamp,
}

impl Kept {
    fn ends(&self) -> Timestamp {
        let idle = self.seen.saturating_add(IDLE).unwrap_or(self.seen);
        let absolute = self.begun.saturating_add(ABSOLUTE).unwrap_or(self.begun);
        idle.min(absolute)
    }
}

/// Sessions of this node, shared by all its processes: only a token's hash is kept. Blocking.
#[derive(Clone)]
pub struct Sessions {
    node: Arc<Node>,
    accounts: Accounts,
}

impl Sessions {
    pub fn new(node: Arc<Node>) -> Self {
        Self { accounts: Accounts::new(node.clone()), node }
    }

    pub fn begin(&self, account: &Account, way: Way, now: Timestamp) -> Result<Token, SigninError> {
        self.node.clear_out(now)?;
        let token = Token::draw();
        let kept = Kept { login: account.login.clone(), way, begun: now, seen: now };
        self.put(&token.hash(), None, &kept)?;
        Ok(token)
    }

    /// The session of a token; `None` when it is over, unknown, or its account was closed.
    pub fn find(&self, token: &Token, now: Timestamp) -> Result<Option<Session>, SigninError> {
        let key = token.hash();
        let Some(found) = self.node.kept(DRAWER, &key, now)? else { return Ok(None) };
        let mut kept = read(&found.value)?;
        if kept.ends() <= now {
            return Ok(None);
        }
        let account = self.accounts.find(&kept.login)?.filter(|a| a.closed.is_none());
        let Some(account) = account else { return Ok(None) };
        if now.duration_since(kept.seen) >= NOTED_EVERY {
            kept.seen = now;
            // Another request noting the same minute is as good.
            self.put(&key, Some(found.version), &kept)?;
        }
        Ok(Some(Session { account, way: kept.way, begun: kept.begun, ends: kept.ends() }))
    }

    pub fn end(&self, token: &Token) -> Result<(), SigninError> {
        self.node.take_kept(DRAWER, &token.hash())?;
        Ok(())
    }

    /// Ends all sessions of an account, as when its password changes. Returns how many.
    pub fn end_all(&self, login: &str) -> Result<usize, SigninError> {
        let mut ended = 0;
        for (key, kept) in self.node.drawer(DRAWER)? {
            if read(&kept.value)?.login == login {
                ended += usize::from(self.node.take_kept(DRAWER, &key)?.is_some());
            }
        }
        Ok(ended)
    }

    fn put(&self, key: &str, version: Option<u64>, kept: &Kept) -> Result<bool, SigninError> {
        let value = serde_json::to_vec(kept).expect("a session is JSON");
        Ok(self.node.keep(DRAWER, key, version, &value, Some(kept.ends()))?)
    }
}

fn read(bytes: &[u8]) -> Result<Kept, SigninError> {
    serde_json::from_slice(bytes)
        .map_err(|source| SigninError::Damaged { what: "a session".to_owned(), source })
}
