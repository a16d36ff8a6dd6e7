//! What the entries fold to, in memory.

use domain::{Change, DeviceId, Event, Fact, FactHash, PublicKey, Record};
use imbl::{OrdMap, Vector};
use jiff::{SignedDuration, Timestamp};
use ledger::{Books, BooksError, Posting};
use log::{Tree, VerifyingKey, merkle::Hash};
use std::sync::Arc;

/// The record at a position: everything a screen shows is a function of it. A clone shares everything
/// with what it was cloned from, and stays as it is while that goes on.
#[derive(Clone, Default)]
pub struct State {
    pub record: Record,
    pub books: Books,
    /// The Merkle tree over the entries.
    pub tree: Tree,
    recorded_at: Vector<Timestamp>,
    /// Positions that brought no fact, in order: entries that cannot be read, or that were there
    /// before. None but in a damaged record, so a fact's position is its place in order of arrival.
    without_fact: Vec<u64>,
    /// Devices whose word was ahead of this node's clock.
    ahead: OrdMap<DeviceId, Ahead>,
    /// Unpacked keys of the devices that an authority enrolled; weak ones are left out.
    unpacked: OrdMap<DeviceId, VerifyingKey>,
}

/// An entry by its place in the record.
#[derive(Debug, Clone)]
pub struct Entry {
    /// From 0.
    pub position: u64,
    pub recorded_at: Timestamp,
    pub fact: Arc<Fact>,
}

/// How far a device's word may be ahead of the clock that received it before it is told: clocks of phones
/// and servers differ by minutes.
pub const AHEAD_ALLOWED: SignedDuration = SignedDuration::from_mins(10);

/// Facts of a device that had not happened yet, by this node's clock, when they came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ahead {
    pub facts: u32,
    /// The one that was furthest ahead.
    pub furthest: FactHash,
    pub by: SignedDuration,
}

/// What folding one entry did.
pub(crate) struct Folded {
    pub changes: Vec<Change>,
    pub postings: Vec<Posting>,
}

impl State {
    /// The number of entries folded; the next one gets this position.
    pub fn position(&self) -> u64 {
        self.tree.size()
    }
    /// Root of the Merkle tree over the entries.
    pub fn root(&self) -> Hash {
        self.tree.root()
    }
    pub fn position_of(&self, hash: &FactHash) -> Option<u64> {
        self.record.arrival(hash).map(|arrival| self.place_of(arrival))
    }
    /// The facts of a kind with their positions, in order.
    pub(crate) fn of_kind(&self, kind: &str) -> impl Iterator<Item = (u64, &Arc<Fact>)> {
        self.record.arrivals_of_kind(kind).map(|(arrival, fact)| (self.place_of(arrival), fact))
    }
    /// The position of the fact that came in after so many.
    fn place_of(&self, arrival: usize) -> u64 {
        // Each position before it that brought no fact moves it on by one.
        self.without_fact.iter().fold(arrival as u64, |at, other| at + u64::from(*other <= at))
    }
    /// When this node first took the fact in.
    pub fn recorded_at(&self, hash: &FactHash) -> Option<Timestamp> {
        self.recorded_at.get(self.position_of(hash)? as usize).copied()
    }
    /// The entry at a position, `None` at or after [`State::position`].
    pub fn at(&self, position: u64) -> Option<Entry> {
        let recorded_at = *self.recorded_at.get(usize::try_from(position).ok()?)?;
        let before = self.without_fact.binary_search(&position).err()?;
        let fact = self.record.arrived(position as usize - before)?.clone();
        Some(Entry { position, recorded_at, fact })
    }
    /// When the newest entry was recorded; the epoch while there is none.
    pub fn recorded_until(&self) -> Timestamp {
        self.recorded_at.last().copied().unwrap_or(Timestamp::UNIX_EPOCH)
    }
    /// Entries of those positions, in order.
    pub fn entries(&self, range: std::ops::Range<u64>) -> impl Iterator<Item = Entry> {
        (range.start..range.end.min(self.position())).filter_map(|position| self.at(position))
    }

    /// The key to check a device's signatures with, once any authority enrolled it.
    pub(crate) fn key(&self, device: &DeviceId) -> Option<&VerifyingKey> {
        self.unpacked.get(device)
    }

    /// Takes a place in the record without a fact: only for an entry that cannot be read.
    pub(crate) fn fold_unreadable(&mut self, leaf: Hash, recorded_at: Timestamp) {
        let position = self.tree.append(leaf);
        self.recorded_at.push_back(recorded_at);
        self.without_fact.push(position);
    }

    /// Folds the next entry in and checks the balance of the books after it.
    pub(crate) fn fold(
        &mut self,
        fact: impl Into<Arc<Fact>>,
        leaf: Hash,
        recorded_at: Timestamp,
    ) -> Result<Folded, BooksError> {
        let fact = fact.into();
        let position = self.tree.append(leaf);
        self.recorded_at.push_back(recorded_at);
        self.note_ahead(&fact, recorded_at);
        let named = keys_named(&fact);
        let changed = matches!(fact.event, Event::KeyChanged { .. });
        let before = self.record.len();
        let changes = self.record.insert(fact);
        if self.record.len() == before {
            self.without_fact.push(position);
        }
        for key in named {
            self.unpack(&key);
        }
        if changed {
            // A key that enrolled others before it was an own key may be one now.
            let enrolled = self.record.keys().devices().filter_map(|(_, e)| e.first());
            let keys: Vec<_> = enrolled.map(|e| e.key).collect();
            keys.iter().for_each(|key| self.unpack(key));
        }
        let mut postings = Vec::new();
        for posting in changes.iter().filter_map(|change| Posting::of(position, change)) {
            self.books.apply(&posting)?;
            postings.push(posting);
        }
        Ok(Folded { changes, postings })
    }

    fn note_ahead(&mut self, fact: &Fact, recorded_at: Timestamp) {
        let by = fact.occurred_at.duration_since(recorded_at);
        if by <= AHEAD_ALLOWED || self.record.fact(&fact.hash).is_some() {
            return;
        }
        let first = Ahead { facts: 0, furthest: fact.hash, by };
        let ahead = self.ahead.entry(fact.device).or_insert(first);
        ahead.facts += 1;
        if by > ahead.by {
            (ahead.furthest, ahead.by) = (fact.hash, by);
        }
    }

    /// What a device signed ahead of this node's clock, by more than [`AHEAD_ALLOWED`].
    pub fn ahead(&self, device: &DeviceId) -> Option<&Ahead> {
        self.ahead.get(device)
    }

    /// A weak key is not let in: under it a signature would prove nothing.
    fn unpack(&mut self, key: &PublicKey) {
        let device = DeviceId::of(key);
        if self.record.keys().enrolments(&device).next().is_none() {
            return;
        }
        if let Ok(key) = log::verifying_key(key) {
            self.unpacked.insert(device, key);
        }
    }
}

/// The keys that a fact may let sign; the record decides whether it does.
fn keys_named(fact: &Fact) -> Vec<PublicKey> {
    match &fact.event {
        Event::OperationOpened { authorities, .. } => authorities.iter().map(|p| p.key).collect(),
        Event::DeviceEnrolled { key, .. } | Event::KeyChanged { key, .. } => vec![*key],
        _ => Vec::new(),
    }
}
