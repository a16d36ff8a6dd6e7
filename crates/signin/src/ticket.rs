//! Tickets: how a phone asks to be enrolled.
//!
//! An officer who may enrol draws a ticket and shows it as a QR code. The phone makes its key, proves
//! that it holds it, and leaves a request. The authority's keyholder signs the enrolment; only that
//! fact makes the phone a device of the record.

use crate::{SigninError, Token};
use domain::{AuthorityId, PublicKey, Role, SiteId};
use jiff::{SignedDuration, Timestamp};
use log::Signature;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::Node;

const TICKETS: &str = "ticket";
const REQUESTS: &str = "enrolment";
const TICKET_LASTS: SignedDuration = SignedDuration::from_mins(10);
const REQUEST_LASTS: SignedDuration = SignedDuration::from_hours(24 * 7);

/// What the phone is to be enrolled for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    pub authority: AuthorityId,
    pub role: Role,
    pub site: Option<SiteId>,
    /// Login of the officer who drew it.
    pub drawn_by: String,
    pub until: Timestamp,
}

/// A phone that waits for its authority's signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub key: PublicKey,
    pub ticket: Ticket,
    /// Who holds it, as they say themselves; empty when they said nothing. Stays at this node.
    pub holder: String,
    pub asked: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    authority: String,
    role: String,
    site: Option<String>,
    drawn_by: String,
    until: Timestamp,
    #[serde(default)]
    holder: String,
    asked: Option<Timestamp>,
}

/// What the phone signs with its new key: the ticket's secret, under a prefix no fact begins with.
pub fn possession_message(secret: &str) -> Vec<u8> {
    [b"amana/enrolment/v1\n", secret.as_bytes()].concat()
}

/// Tickets and requests of this node. Blocking.
#[derive(Clone)]
pub struct Tickets {
    node: Arc<Node>,
}

impl Tickets {
    pub fn new(node: Arc<Node>) -> Self {
        Self { node }
    }

    /// Draws a ticket, good once and for ten minutes.
    pub fn draw(
        &self,
        authority: AuthorityId,
        role: Role,
        site: Option<SiteId>,
        drawn_by: &str,
        now: Timestamp,
    ) -> Result<(Token, Ticket), SigninError> {
        let token = Token::draw();
        let until = now.saturating_add(TICKET_LASTS).unwrap_or(now);
        let ticket = Ticket { authority, role, site, drawn_by: drawn_by.to_owned(), until };
        let value = to_bytes(&ticket, "", None);
        self.node.keep(TICKETS, &token.hash(), None, &value, Some(until))?;
        Ok((token, ticket))
    }

    /// Leaves a phone's request, with who says that they hold it. `signature` is over
    /// [`possession_message`], checked strictly.
    pub fn redeem(
        &self,
        token: &Token,
        key: PublicKey,
        signature: &[u8; 64],
        holder: &str,
        now: Timestamp,
    ) -> Result<Request, SigninError> {
        let message = possession_message(token.secret());
        log::verifying_key(&key)
            .ok()
            .and_then(|key| key.verify_strict(&message, &Signature::from_bytes(signature)).ok())
            .ok_or(SigninError::Possession)?;
        let hash = token.hash();
        if self.node.kept(TICKETS, &hash, now)?.is_none() {
            return Err(SigninError::Ticket);
        }
        // One of several that come at once gets it.
        let kept = self.node.take_kept(TICKETS, &hash)?.ok_or(SigninError::Ticket)?;
        let (ticket, ..) = from_bytes(&kept.value)?;
        let value = to_bytes(&ticket, holder, Some(now));
        let until = now.saturating_add(REQUEST_LASTS).unwrap_or(now);
        self.node.keep(REQUESTS, &key.to_string(), None, &value, Some(until))?;
        Ok(Request { key, ticket, holder: holder.to_owned(), asked: now })
    }

    /// Phones that wait, oldest first.
    pub fn requests(&self, now: Timestamp) -> Result<Vec<Request>, SigninError> {
        self.node.clear_out(now)?;
        let mut requests = Vec::new();
        for (key, kept) in self.node.drawer(REQUESTS)? {
            let (ticket, holder, asked) = from_bytes(&kept.value)?;
            if let (Ok(key), Some(asked)) = (PublicKey::parse(&key), asked) {
                requests.push(Request { key, ticket, holder, asked });
            }
        }
        requests.sort_by_key(|r| r.asked);
        Ok(requests)
    }

    /// The request is answered: enrolled or turned away.
    pub fn answered(&self, key: &PublicKey) -> Result<bool, SigninError> {
        Ok(self.node.take_kept(REQUESTS, &key.to_string())?.is_some())
    }
}

fn to_bytes(ticket: &Ticket, holder: &str, asked: Option<Timestamp>) -> Vec<u8> {
    let kept = Kept {
        authority: ticket.authority.to_string(),
        role: ticket.role.code().to_owned(),
        site: ticket.site.as_ref().map(ToString::to_string),
        drawn_by: ticket.drawn_by.clone(),
        until: ticket.until,
        holder: holder.to_owned(),
        asked,
    };
    serde_json::to_vec(&kept).expect("a ticket is JSON")
}

fn from_bytes(bytes: &[u8]) -> Result<(Ticket, String, Option<Timestamp>), SigninError> {
    use serde::de::Error;
    let read = || {
        let kept: Kept = serde_json::from_slice(bytes)?;
        let unknown = || Error::custom(format!("unknown role '{}'", kept.role));
        let ticket = Ticket {
            authority: AuthorityId::new(&kept.authority).map_err(Error::custom)?,
            role: Role::from_code(&kept.role).ok_or_else(unknown)?,
            site: kept.site.as_deref().map(SiteId::new).transpose().map_err(Error::custom)?,
            drawn_by: kept.drawn_by,
            until: kept.until,
        };
        Ok((ticket, kept.holder, kept.asked))
    };
    read().map_err(|source| SigninError::Damaged { what: "a ticket".to_owned(), source })
}
