//! Peers: other nodes of the operation, which exchange facts with this one by a token.

use crate::{SigninError, Token};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::Node;

const DRAWER: &str = "peer";

/// A node that may exchange facts with this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    pub name: String,
    pub since: Timestamp,
}

/// The peers of this node. Blocking.
#[derive(Clone)]
pub struct Peers {
    node: Arc<Node>,
}

impl Peers {
    pub fn new(node: Arc<Node>) -> Self {
        Self { node }
    }

    /// Lets a peer in; the token is told once.
    pub fn add(&self, name: &str, now: Timestamp) -> Result<Token, SigninError> {
        if self.all()?.iter().any(|(_, peer)| peer.name == name) {
            return Err(SigninError::Taken(name.to_owned()));
        }
        let token = Token::draw();
        let value = serde_json::to_vec(&Peer { name: name.to_owned(), since: now });
        self.node.keep(DRAWER, &token.hash(), None, &value.expect("a peer is JSON"), None)?;
        Ok(token)
    }

    /// The peer of a token.
    pub fn find(&self, token: &Token) -> Result<Option<Peer>, SigninError> {
        let kept = self.node.kept(DRAWER, &token.hash(), Timestamp::MIN)?;
        kept.map(|kept| read(&kept.value)).transpose()
    }

    /// All peers, by name.
    pub fn list(&self) -> Result<Vec<Peer>, SigninError> {
        let mut peers: Vec<Peer> = self.all()?.into_iter().map(|(_, peer)| peer).collect();
        peers.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(peers)
    }

    /// Lets a peer in no longer; false when there was none of that name.
    pub fn remove(&self, name: &str) -> Result<bool, SigninError> {
        for (hash, peer) in self.all()? {
            if peer.name == name {
                return Ok(self.node.take_kept(DRAWER, &hash)?.is_some());
            }
        }
        Ok(false)
    }

    fn all(&self) -> Result<Vec<(String, Peer)>, SigninError> {
        let kept = self.node.drawer(DRAWER)?;
        kept.into_iter().map(|(hash, kept)| Ok((hash, read(&kept.value)?))).collect()
    }
}

fn read(bytes: &[u8]) -> Result<Peer, SigninError> {
    serde_json::from_slice(bytes)
        .map_err(|source| SigninError::Damaged { what: "a peer".to_owned(), source })
}
