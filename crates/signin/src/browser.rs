//! Browsers that officers signed in from: wrong passwords from elsewhere do not keep an officer out there.

use crate::{SigninError, Token};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::{Kept, Node};

const DRAWER: &str = "browser";
/// After so long without a sign-in a browser is known no longer.
pub const KNOWN: SignedDuration = SignedDuration::from_hours(24 * 90);
/// Officers who share a desk.
const SHARED_MOST: usize = 16;

#[derive(Default, Serialize, Deserialize)]
struct Known {
    /// Who signed in from it, latest first.
    logins: Vec<String>,
}

/// Browsers known at this node, by the hash of a token of their own. It opens nothing. Blocking.
#[derive(Clone)]
pub struct Browsers {
    node: Arc<Node>,
}

impl Browsers {
    pub fn new(node: Arc<Node>) -> Self {
        Self { node }
    }

    /// Whether the officer signed in from the browser before.
    pub fn knows(&self, token: &Token, login: &str, now: Timestamp) -> Result<bool, SigninError> {
        let found = self.find(&token.hash(), now)?;
        Ok(found.is_some_and(|(known, _)| known.logins.iter().any(|known| known == login)))
    }

    /// The officer signed in there. Returns the browser's token: the one it showed if that is of here.
    pub fn note(
        &self,
        shown: Option<&Token>,
        login: &str,
        now: Timestamp,
    ) -> Result<Token, SigninError> {
        let until = now.saturating_add(KNOWN).unwrap_or(now);
        if let Some(token) = shown {
            let key = token.hash();
            if let Some((mut known, kept)) = self.find(&key, now)? {
                known.logins.retain(|other| other != login);
                known.logins.insert(0, login.to_owned());
                known.logins.truncate(SHARED_MOST);
                // Lost to another sign-in of the same moment: this officer is unknown there once more.
                self.node.keep(DRAWER, &key, Some(kept.version), &known.to_bytes(), Some(until))?;
                return Ok(token.clone());
            }
        }
        let token = Token::draw();
        let known = Known { logins: vec![login.to_owned()] };
        self.node.keep(DRAWER, &token.hash(), None, &known.to_bytes(), Some(until))?;
        Ok(token)
    }

    /// The officer is known nowhere any more: whoever had the password had it at some of them.
    pub fn forget(&self, login: &str) -> Result<(), SigninError> {
        for (key, kept) in self.node.drawer(DRAWER)? {
            if read(&kept)?.logins.iter().any(|known| known == login) {
                self.node.take_kept(DRAWER, &key)?;
            }
        }
        Ok(())
    }

    fn find(&self, key: &str, now: Timestamp) -> Result<Option<(Known, Kept)>, SigninError> {
        let found = self.node.kept(DRAWER, key, now)?;
        found.map(|kept| Ok((read(&kept)?, kept))).transpose()
    }
}

impl Known {
    fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a browser is JSON")
    }
}

fn read(kept: &Kept) -> Result<Known, SigninError> {
    serde_json::from_slice(&kept.value)
        .map_err(|source| SigninError::Damaged { what: "a known browser".to_owned(), source })
}
