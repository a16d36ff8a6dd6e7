//! An order: what a keyholder's page asks the authority's key to sign, written down in a file that is
//! carried to the machine where the key is. `docs/formats/order.md` has it.

use anyhow::{Context, bail};
use domain::{
    AuthorityId, DeviceId, Event, FactHash, Officer, OperationId, PublicKey, RevocationReason,
    Role, SiteId, Term, UnitId,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub const ORDER: &str = "amana-order/v1";
pub const SIGNED: &str = "amana-signed/v1";
/// An order is carried by hand: a file longer than this, in bytes, is something else.
pub const ORDER_MAX: u64 = 1 << 20;

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    amana: String,
    operation: String,
    origin: String,
    authority: String,
    /// The keyholder's number.
    officer: u32,
    /// The operation's clock when the order was given.
    at: String,
    heads: Vec<WrittenHead>,
    enrol: Vec<WrittenEnrolment>,
    revoke: Vec<WrittenRevocation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenHead {
    device: String,
    next: u64,
    last: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenEnrolment {
    key: String,
    role: String,
    site: Option<String>,
    unit: Option<String>,
    days: u16,
    silence_hours: u16,
    replaces: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRevocation {
    device: String,
    /// The last sequence that counts; absent when nothing does.
    last: Option<u64>,
    why: String,
}

/// What came of it: entries to be handed in, in this order.
#[derive(Serialize, Deserialize)]
pub struct Signed {
    pub amana: String,
    /// Each in base64.
    pub entries: Vec<String>,
}

/// What is to be signed, understood.
#[derive(Debug, PartialEq, Eq)]
pub struct Order {
    pub operation: OperationId,
    pub origin: String,
    pub authority: AuthorityId,
    pub officer: Officer,
    pub at: Timestamp,
    pub heads: Vec<Head>,
    pub events: Vec<Event>,
}

/// Where the chain of one of the authority's own keys stands, as the giver of the order knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub device: DeviceId,
    pub next: u64,
    pub last: Option<FactHash>,
}

impl Order {
    pub fn read(text: &str) -> anyhow::Result<Self> {
        let written: Written = serde_json::from_str(text).context("this is not an order")?;
        if written.amana != ORDER {
            bail!("this is '{}', not '{ORDER}'", written.amana);
        }
        let at: Timestamp = written.at.parse().context("at")?;
        let enrolled = written.enrol.into_iter().map(|one| one.event(at));
        let revoked = written.revoke.into_iter().map(WrittenRevocation::event);
        let events = enrolled.chain(revoked).collect::<anyhow::Result<Vec<_>>>()?;
        if events.is_empty() {
            bail!("the order asks for nothing");
        }
        let heads = written.heads.into_iter().map(WrittenHead::head);
        Ok(Self {
            operation: OperationId::new(&written.operation)?,
            origin: written.origin,
            authority: AuthorityId::new(&written.authority)?,
            officer: Officer { role: Role::Keyholder, number: written.officer },
            at,
            heads: heads.collect::<anyhow::Result<_>>()?,
            events,
        })
    }
}

impl WrittenHead {
    fn head(self) -> anyhow::Result<Head> {
        let last = self.last.as_deref().map(FactHash::parse).transpose()?;
        if last.is_some() != (self.next > 0) {
            bail!("the chain of {} has no last fact to go on from", self.device);
        }
        Ok(Head { device: DeviceId::parse(&self.device)?, next: self.next, last })
    }
}

impl WrittenEnrolment {
    fn event(self, from: Timestamp) -> anyhow::Result<Event> {
        let role = Role::from_code(&self.role)
            .filter(|role| *role != Role::Keyholder)
            .with_context(|| format!("nobody is enrolled as '{}'", self.role))?;
        if self.days == 0 {
            bail!("an enrolment is good for a day at least");
        }
        let term = Term {
            unit: self.unit.as_deref().map(UnitId::parse).transpose()?,
            from,
            until: from.checked_add(SignedDuration::from_hours(24 * i64::from(self.days)))?,
            silence_s: 3_600 * u32::from(self.silence_hours),
            replaces: self.replaces.as_deref().map(DeviceId::parse).transpose()?,
        };
        Ok(Event::DeviceEnrolled {
            key: PublicKey::parse(&self.key)?,
            role,
            site: self.site.as_deref().map(SiteId::new).transpose()?,
            term: Some(Box::new(term)),
        })
    }
}

impl WrittenRevocation {
    fn event(self) -> anyhow::Result<Event> {
        let why = RevocationReason::from_code(&self.why).with_context(|| {
            format!("there is no reason '{}'; reasons are {}", self.why, RevocationReason::codes())
        })?;
        Ok(Event::DeviceRevoked { device: DeviceId::parse(&self.device)?, last: self.last, why })
    }
}
