//! Taking facts in: checked outside any lock ([`crate::judge`]), appended many to a transaction.

use crate::append::{self, NewEntry};
use crate::backend::Turn;
use crate::error::StoreError;
use crate::judge::{Decided, Door, Examined, SubmitError, known};
use crate::node::{Node, Writer, catch_up};
use crate::refusal::{self, Keeping, Refused};
use crate::state::State;
use domain::{Fact, FactHash, PersonId};
use jiff::Timestamp;
use log::merkle::leaf_hash;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

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

/// What one caller handed in, waiting for a transaction.
pub(crate) struct Job {
    entries: Vec<(Vec<u8>, Examined)>,
    door: Door,
    recorded_at: Timestamp,
    answer: Answer,
}

type Answer = Arc<Mutex<Option<Vec<Result<Receipt, SubmitError>>>>>;

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
