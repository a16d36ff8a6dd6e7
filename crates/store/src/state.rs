//! What the entries fold to, in memory.

use domain::{Change, DeviceId, Event, Fact, FactHash, PublicKey, Record};
use jiff::Timestamp;
use ledger::{Books, BooksError, Posting};
use log::{Tree, VerifyingKey, merkle::Hash};
use std::collections::HashMap;
use std::sync::Arc;

/// The record at a position: everything a screen shows is a function of it.
#[derive(Clone, Default)]
pub struct State {
    pub record: Record,
    pub books: Books,
    /// The Merkle tree over the entries.
    pub tree: Tree,
    entries: Vec<(FactHash, Timestamp)>,
    positions: HashMap<FactHash, u64>,
    /// Unpacked keys of the devices that an authority enrolled; weak ones are left out.
    unpacked: HashMap<DeviceId, VerifyingKey>,
}

/// An entry by its place in the record.
#[derive(Debug, Clone)]
pub struct Entry {
    /// From 0.
    pub position: u64,
    pub recorded_at: Timestamp,
    pub fact: Arc<Fact>,
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
        self.positions.get(hash).copied()
    }
    /// When this node first took the fact in.
    pub fn recorded_at(&self, hash: &FactHash) -> Option<Timestamp> {
        let position = self.position_of(hash)?;
        self.entries.get(position as usize).map(|(_, at)| *at)
    }
    /// The entry at a position, `None` at or after [`State::position`].
    pub fn at(&self, position: u64) -> Option<Entry> {
        let (hash, recorded_at) = self.entries.get(usize::try_from(position).ok()?)?;
        let fact = self.record.fact(hash)?.clone();
        Some(Entry { position, recorded_at: *recorded_at, fact })
    }
    /// When the newest entry was recorded; the epoch while there is none.
    pub fn recorded_until(&self) -> Timestamp {
        self.entries.last().map_or(Timestamp::UNIX_EPOCH, |(_, at)| *at)
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
    pub(crate) fn fold_unreadable(&mut self, hash: FactHash, leaf: Hash, recorded_at: Timestamp) {
        let position = self.tree.append(leaf);
        self.entries.push((hash, recorded_at));
        self.positions.entry(hash).or_insert(position);
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
        self.entries.push((fact.hash, recorded_at));
        self.positions.entry(fact.hash).or_insert(position);
        let named = keys_named(&fact);
        let changed = matches!(fact.event, Event::KeyChanged { .. });
        let changes = self.record.insert(fact);
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

    /// Folds in what `ahead`, which began with the same entries, has beyond this one. The facts
    /// themselves are shared between the two.
    pub(crate) fn follow(&mut self, ahead: &State) -> Result<(), BooksError> {
        for entry in ahead.entries(self.position()..ahead.position()) {
            if let Some(leaf) = ahead.tree.node(0, entry.position) {
                self.fold(entry.fact, *leaf, entry.recorded_at)?;
            }
        }
        Ok(())
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
        Event::OperationOpened { authorities } => authorities.iter().map(|p| p.key).collect(),
        Event::DeviceEnrolled { key, .. } | Event::KeyChanged { key, .. } => vec![*key],
        _ => Vec::new(),
    }
}
