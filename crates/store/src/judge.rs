//! Whether an entry is taken in: what can be checked of it by itself, what only the record can say, and
//! why it is refused.

use crate::error::StoreError;
use crate::node::Node;
use crate::state::State;
use crate::submit::Receipt;
use domain::{AuthorityId, DeviceId, Event, Fact, FactHash, OperationId};
use log::EnvelopeError;
use std::thread;

/// Why a fact was not taken in. What does not fit the record is no reason: it is kept, and shown
/// as a discrepancy.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    #[error(transparent)]
    Encoding(EnvelopeError),
    #[error(transparent)]
    Oversize(EnvelopeError),
    #[error(transparent)]
    Signature(EnvelopeError),
    #[error("device {0} is not enrolled")]
    UnknownDevice(DeviceId),
    #[error("the fact is of operation '{found}', this record is of '{expected}'")]
    WrongOperation { found: OperationId, expected: OperationId },
    #[error("the fact is by '{claimed}', its device is enrolled for '{enrolled}'")]
    WrongAuthority { claimed: AuthorityId, enrolled: AuthorityId },
    #[error("'{authority}' does not decide this in this operation; it is for {entitled}")]
    NotEntitled { authority: AuthorityId, entitled: String },
    #[error("the operation is open already; its first entry alone says who takes part")]
    AlreadyOpen,
    #[error(
        "{parked} facts of device {device} wait for ones before them on its chain, {PARKED_MAX} is \
         the most"
    )]
    TooManyParked { device: DeviceId, parked: usize },
    /// Nothing was decided about the fact.
    #[error("cannot append to the record")]
    Storage(#[source] StoreError),
}

impl SubmitError {
    /// The stable code, as in the API and `docs/codes.md`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Encoding(_) => "bad-encoding",
            Self::Oversize(_) => "oversize",
            Self::Signature(_) => "bad-signature",
            Self::UnknownDevice(_) => "unknown-device",
            Self::WrongOperation { .. } => "wrong-operation",
            Self::WrongAuthority { .. } => "wrong-authority",
            Self::NotEntitled { .. } => "not-entitled",
            Self::AlreadyOpen => "already-open",
            Self::TooManyParked { .. } => "too-many-parked",
            Self::Storage(_) => "storage",
        }
    }

    /// What the person at the device does next.
    pub fn next_step(&self) -> &'static str {
        match self {
            Self::Encoding(_) => "update the app on this device, then report the event again",
            Self::Oversize(_) => "report it in two facts, each with fewer people",
            Self::Signature(_) => {
                "send it again from the device that signed it; if that fails, \
                                   have the device enrolled anew and report the event again"
            }
            Self::UnknownDevice(_) => {
                "have your authority's keyholder enrol this device, then send \
                                       it again: the fact stays on the device until then"
            }
            Self::WrongOperation { .. } => "send it to the record of its own operation",
            Self::WrongAuthority { .. } => {
                "sign in under the authority this device is enrolled for \
                                            and report the event again"
            }
            Self::NotEntitled { .. } => "ask the authority whose decision it is to sign it",
            Self::AlreadyOpen => "nothing: the operation was opened before",
            Self::TooManyParked { .. } => {
                "send the earlier facts of this device first, then this one again"
            }
            Self::Storage(_) => {
                "send it again in a minute; the fact stays on the device until then"
            }
        }
    }

    pub(crate) fn of_envelope(error: EnvelopeError) -> Self {
        match error {
            EnvelopeError::Malformed { .. } => Self::Encoding(error),
            EnvelopeError::Oversize { .. } => Self::Oversize(error),
            EnvelopeError::WrongKey { .. }
            | EnvelopeError::WeakKey
            | EnvelopeError::KeyProof(..)
            | EnvelopeError::Signature { .. } => Self::Signature(error),
        }
    }
}

/// How an entry came here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// From who signed it: a decision that is not theirs is refused, and they are told.
    Writer,
    /// As it was signed and kept elsewhere: such a decision is kept too, and decides nothing.
    Kept,
}

/// What could be said of an entry before its turn came.
pub(crate) enum Examined {
    /// Well signed by a known device.
    Sound(Box<Fact>),
    /// Its device may yet be enrolled by an entry before it.
    UnknownDevice(DeviceId),
    Refused(SubmitError),
    /// In the record already.
    Known(Receipt),
}

/// Below this many entries, starting threads costs more than they save.
const PARALLEL_LEAST: usize = 8;

/// What becomes of an entry that is not refused.
pub(crate) enum Decided {
    Append(Box<Fact>),
    Known(Receipt),
}

impl Node {
    pub(crate) fn examine_all<B: AsRef<[u8]> + Sync>(&self, entries: &[B]) -> Vec<Examined> {
        let examine =
            |part: &[B]| part.iter().map(|b| self.examine(b.as_ref())).collect::<Vec<_>>();
        let threads = thread::available_parallelism().map_or(1, |n| n.get());
        if entries.len() < PARALLEL_LEAST || threads == 1 {
            return examine(entries);
        }
        thread::scope(|scope| {
            let parts = entries.chunks(entries.len().div_ceil(threads));
            let running: Vec<_> = parts.map(|part| (part, scope.spawn(|| examine(part)))).collect();
            let parts = running.into_iter().map(|(part, thread)| {
                // A thread that panicked is our bug; its part is then examined here, aloud.
                thread.join().unwrap_or_else(|_| examine(part))
            });
            parts.flatten().collect()
        })
    }

    /// Decodes and checks the signature, holding no lock meanwhile.
    fn examine(&self, entry: &[u8]) -> Examined {
        let envelope = match log::decode(entry) {
            Ok(envelope) => envelope,
            Err(error) => return Examined::Refused(SubmitError::of_envelope(error)),
        };
        let Fact { hash, device, .. } = *envelope.claims();
        if let Some(receipt) = self.read(|state| known(state, &hash)) {
            return Examined::Known(receipt);
        }
        let Some(key) = self.read(|state| state.key(&device).copied()) else {
            return Examined::UnknownDevice(device);
        };
        match envelope.verify(&key, self.origin()) {
            Ok(fact) => Examined::Sound(Box::new(fact)),
            Err(error) => Examined::Refused(SubmitError::of_envelope(error)),
        }
    }

    /// The last word on an entry, with the record as it stands in the transaction.
    pub(crate) fn decide(
        &self,
        ahead: &State,
        bytes: &[u8],
        examined: Examined,
        door: Door,
    ) -> Result<Decided, SubmitError> {
        let fact = match examined {
            Examined::Known(receipt) => return Ok(Decided::Known(receipt)),
            Examined::Refused(error) => return Err(error),
            Examined::Sound(fact) => fact,
            Examined::UnknownDevice(device) => {
                let envelope = log::decode(bytes).map_err(SubmitError::of_envelope)?;
                let key = ahead.key(&device).ok_or(SubmitError::UnknownDevice(device))?;
                let fact = envelope.verify(key, self.origin());
                Box::new(fact.map_err(SubmitError::of_envelope)?)
            }
        };
        if let Some(receipt) = known(ahead, &fact.hash) {
            return Ok(Decided::Known(receipt));
        }
        if fact.operation != *self.operation() {
            let expected = self.operation().clone();
            return Err(SubmitError::WrongOperation { found: fact.operation, expected });
        }
        let keys = ahead.record.keys();
        if !keys.may_sign(&fact.device, &fact.authority) {
            let mut enrolled = keys.enrolments(&fact.device);
            let enrolled = enrolled.next().ok_or(SubmitError::UnknownDevice(fact.device))?;
            let enrolled = enrolled.authority.clone();
            return Err(SubmitError::WrongAuthority { claimed: fact.authority, enrolled });
        }
        if let Some(entitled) = keys.deciders().and_then(|deciders| deciders.of(&fact.event))
            && door == Door::Writer
            && !entitled.contains(&&fact.authority)
        {
            let entitled: Vec<_> = entitled.iter().map(|a| format!("'{a}'")).collect();
            let entitled = if entitled.is_empty() { "nobody".into() } else { entitled.join(", ") };
            return Err(SubmitError::NotEntitled { authority: fact.authority, entitled });
        }
        if let Some(parked) = over_parked(ahead, &fact) {
            return Err(SubmitError::TooManyParked { device: fact.device, parked });
        }
        if matches!(fact.event, Event::OperationOpened { .. }) {
            return Err(SubmitError::AlreadyOpen);
        }
        Ok(Decided::Append(fact))
    }
}

/// How many facts of one device may wait for one before them on its chain.
pub const PARKED_MAX: usize = 256;

/// The number of a device's facts that wait already, when this one would wait too and may not.
fn over_parked(state: &State, fact: &Fact) -> Option<usize> {
    let parked = state.record.device(&fact.device).map_or(0, |d| d.parked().len());
    let waits = || fact.previous.is_some_and(|p| state.record.fact(&p).is_none());
    (parked >= PARKED_MAX && waits()).then_some(parked)
}

pub(crate) fn known(state: &State, hash: &FactHash) -> Option<Receipt> {
    let position = state.position_of(hash)?;
    let recorded_at = state.recorded_at(hash)?;
    Some(Receipt { position, hash: *hash, recorded_at, already: true })
}
