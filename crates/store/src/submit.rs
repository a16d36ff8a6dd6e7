//! Taking facts in: checked outside any lock, appended many to a transaction.

use crate::append::{self, NewEntry};
use crate::backend::Turn;
use crate::error::StoreError;
use crate::node::{Node, Writer, catch_up};
use crate::refusal::{self, Keeping, Refused};
use crate::state::State;
use domain::{AuthorityId, DeviceId, Event, Fact, FactHash, OperationId, PersonId};
use jiff::Timestamp;
use log::{EnvelopeError, merkle::leaf_hash};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The fact is in the record, durably.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// Its index in the record, from 0.
    pub position: u64,
    pub hash: FactHash,
    pub recorded_at: Timestamp,
    /// It was there before this submission.
    pub already: bool,
}

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

/// What one caller handed in, waiting for a transaction.
pub(crate) struct Job {
    entries: Vec<(Vec<u8>, Examined)>,
    door: Door,
    recorded_at: Timestamp,
    answer: Answer,
}

type Answer = Arc<Mutex<Option<Vec<Result<Receipt, SubmitError>>>>>;

/// How an entry came here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    /// From who signed it: a decision that is not theirs is refused, and they are told.
    Writer,
    /// As it was signed and kept elsewhere: such a decision is kept too, and decides nothing.
    Kept,
}

/// What could be said of an entry before its turn came.
enum Examined {
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

impl Node {
    /// Takes one fact in from who signed it. Returns once it is durable, or refused for good; a decision
    /// that is not its authority's to take is refused ([`SubmitError::NotEntitled`]).
    pub fn submit(&self, entry: &[u8], recorded_at: Timestamp) -> Result<Receipt, SubmitError> {
        self.take_in(&[entry], recorded_at, Door::Writer)
            .pop()
            .unwrap_or(Err(SubmitError::Storage(StoreError::Stopped)))
    }

    /// Takes facts in as they were signed, in order, in one transaction; one answer each. A decision that is not
    /// its authority's to take is kept, shown, and decides nothing.
    pub fn submit_all<B: AsRef<[u8]> + Sync>(
        &self,
        entries: &[B],
        recorded_at: Timestamp,
    ) -> Vec<Result<Receipt, SubmitError>> {
        self.take_in(entries, recorded_at, Door::Kept)
    }

    /// One answer for each entry. Several callers at once share a transaction.
    fn take_in<B: AsRef<[u8]> + Sync>(
        &self,
        entries: &[B],
        recorded_at: Timestamp,
        door: Door,
    ) -> Vec<Result<Receipt, SubmitError>> {
        // As the database keeps it, so that every reading gives the same time.
        let recorded_at = refusal::timestamp(recorded_at.as_millisecond());
        let mut examined = self.examine_all(entries);
        if !examined.iter().any(|e| matches!(e, Examined::Sound(_))) {
            // Nothing in here lets a device sign; another process may have.
            if examined.iter().any(|e| matches!(e, Examined::UnknownDevice(_))) {
                if let Err(error) = self.catch_up() {
                    return entries
                        .iter()
                        .map(|_| Err(SubmitError::Storage(error.clone())))
                        .collect();
                }
                examined = self.examine_all(entries);
            }
            if !examined.iter().any(|e| matches!(e, Examined::Sound(_))) {
                return self.settle(entries, examined, recorded_at);
            }
        }
        let answer = Answer::default();
        let entries = entries.iter().map(|b| b.as_ref().to_vec()).zip(examined).collect::<Vec<_>>();
        let count = entries.len();
        let job = Job { entries, door, recorded_at, answer: answer.clone() };
        self.pending.lock().unwrap_or_else(PoisonError::into_inner).push(job);
        let taken = || answer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let failed =
            |e: StoreError| (0..count).map(|_| Err(SubmitError::Storage(e.clone()))).collect();
        // Whoever gets the writer first commits for all who wait; their answer is there then.
        match self.writer() {
            Ok(mut writer) => taken().unwrap_or_else(|| {
                self.commit_pending(&mut writer);
                taken().unwrap_or_else(|| failed(StoreError::Stopped))
            }),
            Err(error) => {
                let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
                pending.retain(|job| !Arc::ptr_eq(&job.answer, &answer));
                taken().unwrap_or_else(|| failed(error))
            }
        }
    }

    /// Answers what nothing is appended of: nobody who writes is kept waiting.
    fn settle<B: AsRef<[u8]>>(
        &self,
        entries: &[B],
        examined: Vec<Examined>,
        at: Timestamp,
    ) -> Vec<Result<Receipt, SubmitError>> {
        let results: Vec<_> = examined
            .into_iter()
            .map(|examined| match examined {
                Examined::Known(receipt) => Ok(receipt),
                Examined::Refused(error) => Err(error),
                Examined::UnknownDevice(device) => Err(SubmitError::UnknownDevice(device)),
                Examined::Sound(_) => Err(SubmitError::Storage(StoreError::Stopped)),
            })
            .collect();
        let refused = entries.iter().zip(&results).filter_map(|(entry, result)| {
            let error = result.as_ref().err()?;
            Some(Refused::of(entry.as_ref(), error.code(), at))
        });
        let refused: Vec<_> = refused.collect();
        if refused.is_empty() {
            return results;
        }
        match self.refuse(refused) {
            Ok(()) => results,
            Err(error) => {
                let undecided =
                    |r: Result<_, _>| r.map_err(|_| SubmitError::Storage(error.clone()));
                results.into_iter().map(undecided).collect()
            }
        }
    }

    fn examine_all<B: AsRef<[u8]> + Sync>(&self, entries: &[B]) -> Vec<Examined> {
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

    /// Appends what all waiting callers handed in, in one transaction, and answers them.
    fn commit_pending(&self, writer: &mut Writer) {
        let jobs =
            std::mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        let counts: Vec<_> = jobs.iter().map(|job| job.entries.len()).collect();
        let answers: Vec<_> = jobs.iter().map(|job| job.answer.clone()).collect();
        let results = match self.commit(writer, jobs) {
            Ok(results) => results,
            Err(error) => {
                if writer.ahead.position() != self.position() {
                    self.take_back(&mut writer.ahead);
                }
                if matches!(error, StoreError::Damaged(_)) || error.is_disk_fault() {
                    writer.stopped = Some(error.clone());
                }
                let failed = || Err(SubmitError::Storage(error.clone()));
                counts.iter().map(|n| (0..*n).map(|_| failed()).collect()).collect()
            }
        };
        for (answer, result) in answers.into_iter().zip(results) {
            *answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        }
    }

    fn commit(
        &self,
        writer: &mut Writer,
        jobs: Vec<Job>,
    ) -> Result<Vec<Vec<Result<Receipt, SubmitError>>>, StoreError> {
        let turn = self.begin()?;
        let ahead = &mut writer.ahead;
        catch_up(&*turn, self.operation(), ahead)?;
        let mut batch = Batch::begin(ahead);
        let mut refused = Keeping::within(&*turn);
        self.refuse_within(&mut refused)?;
        let mut answers = Vec::with_capacity(jobs.len());
        for job in jobs {
            let mut results = Vec::with_capacity(job.entries.len());
            for (bytes, examined) in job.entries {
                match self.decide(ahead, &bytes, examined, job.door) {
                    Ok(Decided::Append(fact)) => {
                        results.push(Ok(batch.append(ahead, *fact, bytes, job.recorded_at)?));
                    }
                    Ok(Decided::Known(receipt)) => results.push(Ok(receipt)),
                    Err(error) => {
                        refused.one(&Refused::of(&bytes, error.code(), job.recorded_at))?;
                        results.push(Err(error));
                    }
                }
            }
            answers.push(results);
        }
        batch.write(&*turn, ahead)?;
        turn.commit("commit an append")?;
        self.show(ahead)?;
        Ok(answers)
    }

    /// Appends facts that this node itself signs, and writes what goes with them, in one transaction.
    ///
    /// `own` sees the record as it stands in that transaction, where nobody else appends: so a chain
    /// that several processes sign has neither gap nor fork. What was signed leaves the process only
    /// once it is durable. Any failure takes everything back.
    pub(crate) fn commit_own<E: From<StoreError> + From<SubmitError>>(
        &self,
        recorded_at: Timestamp,
        own: impl FnOnce(&dyn Turn, &mut Own) -> Result<(), E>,
    ) -> Result<Vec<Receipt>, E> {
        let recorded_at = refusal::timestamp(recorded_at.as_millisecond());
        let mut writer = self.writer()?;
        let done = self.commit_own_as(&mut writer, recorded_at, own);
        if done.is_err() && writer.ahead.position() != self.position() {
            self.take_back(&mut writer.ahead);
        }
        done
    }

    fn commit_own_as<E: From<StoreError> + From<SubmitError>>(
        &self,
        writer: &mut Writer,
        recorded_at: Timestamp,
        own: impl FnOnce(&dyn Turn, &mut Own) -> Result<(), E>,
    ) -> Result<Vec<Receipt>, E> {
        let stops = |writer: &mut Writer, error: StoreError| {
            if matches!(error, StoreError::Damaged(_)) || error.is_disk_fault() {
                writer.stopped = Some(error.clone());
            }
            error
        };
        let turn = self.begin()?;
        catch_up(&*turn, self.operation(), &mut writer.ahead).map_err(|e| stops(writer, e))?;
        let batch = Batch::begin(&writer.ahead);
        let mut own_facts =
            Own { node: self, ahead: &mut writer.ahead, batch, recorded_at, receipts: Vec::new() };
        own(&*turn, &mut own_facts)?;
        let Own { batch, receipts, .. } = own_facts;
        let written = batch.write(&*turn, &writer.ahead);
        written.and_then(|()| turn.commit("commit an append")).map_err(|e| stops(writer, e))?;
        self.show(&writer.ahead)?;
        Ok(receipts)
    }

    /// The last word on an entry, with the record as it stands in the transaction.
    fn decide(
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

/// Facts of this node's own, on their way into the record.
pub(crate) struct Own<'a> {
    node: &'a Node,
    ahead: &'a mut State,
    batch: Batch,
    recorded_at: Timestamp,
    receipts: Vec<Receipt>,
}

impl Own<'_> {
    /// The record with what was said so far.
    pub fn state(&self) -> &State {
        self.ahead
    }

    pub fn at(&self) -> Timestamp {
        self.recorded_at
    }

    /// Takes one entry in, checked as anybody's is.
    pub fn say(&mut self, bytes: Vec<u8>) -> Result<(), OwnError> {
        let signer = log::decode(&bytes).map_err(SubmitError::of_envelope)?.claims().device;
        let unknown = Examined::UnknownDevice(signer);
        let receipt = match self.node.decide(self.ahead, &bytes, unknown, Door::Writer)? {
            Decided::Append(fact) => {
                self.batch.append(self.ahead, *fact, bytes, self.recorded_at)?
            }
            Decided::Known(receipt) => receipt,
        };
        self.receipts.push(receipt);
        Ok(())
    }

    /// Answers with a fact that is in the record, where the same is said once more.
    pub fn say_again(&mut self, fact: &FactHash) {
        self.receipts.extend(known(self.ahead, fact));
    }
}

/// Why a fact of this node's own was not taken in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OwnError {
    #[error(transparent)]
    Submit(#[from] SubmitError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What one transaction appends.
struct Batch {
    before: log::Edge,
    touched: BTreeSet<PersonId>,
    entries: Vec<NewEntry>,
    postings: Vec<ledger::Posting>,
}

impl Batch {
    fn begin(ahead: &State) -> Self {
        let before = ahead.tree.edge();
        Self { before, touched: BTreeSet::new(), entries: Vec::new(), postings: Vec::new() }
    }

    fn append(
        &mut self,
        ahead: &mut State,
        fact: Fact,
        bytes: Vec<u8>,
        recorded_at: Timestamp,
    ) -> Result<Receipt, StoreError> {
        let (position, hash, leaf) = (ahead.position(), fact.hash, leaf_hash(&bytes));
        self.entries.push(NewEntry::of(position, &fact, bytes, recorded_at));
        let folded =
            ahead.fold(fact, leaf, recorded_at).map_err(|e| StoreError::Damaged(e.to_string()))?;
        self.postings.extend(folded.postings);
        self.touched.extend(folded.changes.iter().map(|change| change.person));
        Ok(Receipt { position, hash, recorded_at, already: false })
    }

    fn write(self, turn: &dyn Turn, ahead: &State) -> Result<(), StoreError> {
        append::entries(turn, &self.entries)?;
        append::postings(turn, &self.postings)?;
        let standing = |person: PersonId| Some((person, ahead.record.standing(person)?));
        let standings: Vec<_> = self.touched.into_iter().filter_map(standing).collect();
        append::custody(turn, &standings)?;
        let after = ahead.tree.edge();
        if after != self.before {
            append::swap_head(turn, &self.before, &after)?;
        }
        Ok(())
    }
}

enum Decided {
    Append(Box<Fact>),
    Known(Receipt),
}

/// How many facts of one device may wait for one before them on its chain.
pub const PARKED_MAX: usize = 256;

/// The number of a device's facts that wait already, when this one would wait too and may not.
fn over_parked(state: &State, fact: &Fact) -> Option<usize> {
    let parked = state.record.device(&fact.device).map_or(0, |d| d.parked().len());
    let waits = || fact.previous.is_some_and(|p| state.record.fact(&p).is_none());
    (parked >= PARKED_MAX && waits()).then_some(parked)
}

fn known(state: &State, hash: &FactHash) -> Option<Receipt> {
    let position = state.position_of(hash)?;
    let recorded_at = state.recorded_at(hash)?;
    Some(Receipt { position, hash: *hash, recorded_at, already: true })
}
