//! Tickets: how a phone asks to be enrolled.
//!
//! An officer who may enrol draws a ticket and shows it as a QR code. The phone makes its key, proves
//! that it holds it, and leaves a request. The authority's keyholder signs the enrolment; only that
//! fact makes the phone a device of the record.

use crate::{SigninError, Token};
use domain::{AuthorityId, PublicKey, Role, SiteId};
use jiff::{SignedDuration, Timestamp};
use log::Signature;
use serde::de::Error;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::Node;

const TICKETS: &str = "ticket";
const REQUESTS: &str = "enrolment";
const TICKET_LASTS: SignedDuration = SignedDuration::from_mins(10);
/// Tickets drawn and not used; beyond these the first to end go.
const TICKETS_MOST: u32 = 1_000;
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
    /// Of a request: the hash of its ticket's secret.
    #[serde(default)]
    by: Option<String>,
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
        let value = Kept::of(&ticket).to_bytes();
        self.node.keep(TICKETS, &token.hash(), None, &value, Some(until))?;
        self.node.thin_out(TICKETS, TICKETS_MOST)?;
        Ok((token, ticket))
    }

    /// Leaves a phone's request, with who says that they hold it. `signature` is over
    /// [`possession_message`], checked strictly. The same phone gets the same answer again as long as
    /// its request waits: its line may have been cut.
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
        let waits = self.node.kept(REQUESTS, &key.to_string(), now)?;
        if self.node.kept(TICKETS, &hash, now)?.is_none() {
            let first = waits.map(|kept| Kept::read(&kept.value)).transpose()?;
            let first = first.filter(|first| first.by.as_ref() == Some(&hash));
            let first = first.map(|first| first.request(key)).transpose()?.flatten();
            return first.ok_or(SigninError::Ticket);
        }
        // One of several that come at once gets it.
        let kept = self.node.take_kept(TICKETS, &hash)?.ok_or(SigninError::Ticket)?;
        let ticket = Kept::read(&kept.value)?.ticket()?;
        let request = Request { key, ticket, holder: holder.to_owned(), asked: now };
        let value = Kept::of_request(&request, hash).to_bytes();
        let until = now.saturating_add(REQUEST_LASTS).unwrap_or(now);
        // A phone that waits by an older ticket now waits by this one.
        let before = waits.map(|kept| kept.version);
        self.node.keep(REQUESTS, &key.to_string(), before, &value, Some(until))?;
        Ok(request)
    }

    /// Phones that wait, oldest first.
    pub fn requests(&self, now: Timestamp) -> Result<Vec<Request>, SigninError> {
        self.node.clear_out(now)?;
        let mut requests = Vec::new();
        for (key, kept) in self.node.drawer(REQUESTS)? {
            if let Ok(key) = PublicKey::parse(&key) {
                requests.extend(Kept::read(&kept.value)?.request(key)?);
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

impl Kept {
    fn of(ticket: &Ticket) -> Self {
        Self {
            authority: ticket.authority.to_string(),
            role: ticket.role.code().to_owned(),
            site: ticket.site.as_ref().map(ToString::to_string),
            drawn_by: ticket.drawn_by.clone(),
            until: ticket.until,
            holder: String::new(),
            asked: None,
            by: None,
        }
    }

    /// `by` is the hash of the ticket's secret.
    fn of_request(request: &Request, by: String) -> Self {
        let holder = request.holder.clone();
        Self { holder, asked: Some(request.asked), by: Some(by), ..Self::of(&request.ticket) }
    }

    fn read(bytes: &[u8]) -> Result<Self, SigninError> {
        serde_json::from_slice(bytes).map_err(damaged)
    }

    fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a ticket is JSON")
    }

    fn ticket(self) -> Result<Ticket, SigninError> {
        let read = || {
            let unknown = || Error::custom(format!("unknown role '{}'", self.role));
            Ok(Ticket {
                authority: AuthorityId::new(&self.authority).map_err(Error::custom)?,
                role: Role::from_code(&self.role).ok_or_else(unknown)?,
                site: self.site.as_deref().map(SiteId::new).transpose().map_err(Error::custom)?,
                drawn_by: self.drawn_by,
                until: self.until,
            })
        };
        read().map_err(damaged)
    }

    /// The request of the phone with that key; `None` of a ticket that nobody redeemed.
    fn request(mut self, key: PublicKey) -> Result<Option<Request>, SigninError> {
        let holder = std::mem::take(&mut self.holder);
        let Some(asked) = self.asked else { return Ok(None) };
        Ok(Some(Request { key, ticket: self.ticket()?, holder, asked }))
    }
}

fn damaged(source: serde_json::Error) -> SigninError {
    SigninError::Damaged { what: "a ticket".to_owned(), source }
}
