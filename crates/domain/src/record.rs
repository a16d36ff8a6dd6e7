//! The record: a set of facts and what they fold to. Any order of arrival gives the same answer.
//!
//! A clone shares everything with what it was cloned from and costs next to nothing; each then goes its
//! own way. So whoever reads keeps the record as it was while facts go on coming in (ADR 34).

mod device;
mod gates;
mod places;
mod walk;

pub use device::{Device, Gap, Numbered};
pub use gates::GateState;

use crate::fact::{Event, Fact, Party};
use crate::ids::*;
use crate::keys::Keys;
use crate::standing::Standing;
use device::Held;
use imbl::{OrdMap, OrdSet, Vector};
use places::{Mark, Places};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Facts in, folds out. Holds every fact it was given and, for each person, where custody stands.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// In order of arrival. Inside, a fact goes by its place here, which is an eighth of its hash;
    /// nothing that is told depends on the order.
    facts: Vector<Arc<Fact>>,
    by_hash: Places,
    by_kind: OrdMap<&'static str, Vector<Nth>>,
    lives: OrdMap<PersonId, Arc<Life>>,
    movements: OrdMap<MovementId, OrdSet<Nth>>,
    /// Answers and withdrawals by the offer they name, whether or not it is here.
    answers: OrdSet<(FactHash, Nth)>,
    devices: OrdMap<DeviceId, Held>,
    /// Facts of devices that name one before them which is not here, by that one.
    awaiting: OrdSet<(FactHash, Nth)>,
    keys: Arc<Keys>,
}

/// A fact's place in the order of arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Nth(u32);

impl Nth {
    const FIRST: Self = Self(0);
    const LAST: Self = Self(u32::MAX);
}

/// Everything the record holds about one person.
#[derive(Debug, Clone, Default)]
struct Life {
    /// Facts that speak of the person, in order of arrival.
    mentions: Vec<Nth>,
    standing: Standing,
}

/// One person's custody before and after a fact came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub person: PersonId,
    pub before: Standing,
    pub after: Standing,
}

impl Record {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a fact in; a fact it holds already changes nothing. Returns each person whose
    /// standing changed, in order of person.
    pub fn insert(&mut self, fact: impl Into<Arc<Fact>>) -> Vec<Change> {
        let fact = fact.into();
        let nth = Nth(u32::try_from(self.facts.len()).expect("memory for 2^32 facts is not there"));
        if self.find(&fact.hash).is_some() {
            return Vec::new();
        }
        self.facts.push_back(fact.clone());
        self.by_hash.insert(Mark::from(&fact.hash), nth);
        self.by_kind.entry(fact.event.kind()).or_default().push_back(nth);
        self.link(&fact, nth);
        if let Some(movement) = self.movement_of(&fact) {
            self.movements.entry(movement).or_default().insert(nth);
        }
        let mut touched = BTreeSet::new();
        match &fact.event {
            Event::OperationOpened { .. } => {
                // Who may resolve is known only now: every fork is looked at again.
                let forked =
                    |l: &Life| l.standing.contest.is_some() || !l.standing.settled.is_empty();
                touched.extend(self.lives.iter().filter(|(_, l)| forked(l)).map(|(p, _)| *p));
            }
            Event::HandoverOffered { movement, .. } => {
                // Answers that came before their offer belong to its movement.
                let found = among(&self.answers, fact.hash);
                self.movements.entry(*movement).or_default().extend(found);
            }
            Event::HandoverAnswered { offer, .. } | Event::HandoverWithdrawn { offer, .. } => {
                self.answers.insert((*offer, nth));
            }
            _ => {}
        }
        if Keys::concerns(&fact) {
            for device in Arc::make_mut(&mut self.keys).insert(&fact) {
                touched.extend(self.spoken_of_by(&device));
            }
        }
        let moves = fact.bears_on_custody();
        for person in fact.people() {
            let life = Arc::make_mut(self.lives.entry(person).or_default());
            if life.mentions.last() != Some(&nth) {
                life.mentions.push(nth);
            }
            if moves {
                touched.insert(person);
            }
        }
        touched.into_iter().filter_map(|person| self.fold(person)).collect()
    }

    /// Works out where a person's custody stands now.
    fn fold(&mut self, person: PersonId) -> Option<Change> {
        let after = self.walk(person);
        let life = self.lives.get_mut(&person)?;
        if life.standing == after {
            return None;
        }
        // The clone has room for what is in it and no more.
        let before = std::mem::replace(&mut Arc::make_mut(life).standing, after.clone());
        Some(Change { person, before, after })
    }

    /// Ties a fact into its device's chain, and what waited for it.
    fn link(&mut self, fact: &Fact, nth: Nth) {
        let last = self.device(&fact.device).and_then(|device| device.last());
        // An honest device's fact mostly follows the one that came last: then nothing is searched.
        let follows_last = |p: &FactHash| last.is_some_and(|nth| self.hash(nth) == *p);
        let here = |p: &FactHash| follows_last(p) || self.find(p).is_some();
        let missing = fact.previous.filter(|p| !here(p));
        let device = self.devices.entry(fact.device).or_default();
        device.insert(fact, nth);
        if let Some(previous) = missing {
            device.parked.insert(nth);
            self.awaiting.insert((previous, nth));
        }
        for waiting in among(&self.awaiting, fact.hash) {
            self.awaiting.remove(&(fact.hash, waiting));
            let device = self.nth(waiting).device;
            if let Some(device) = self.devices.get_mut(&device) {
                device.parked.remove(&waiting);
            }
        }
    }

    /// Everyone whom facts of a device speak of.
    fn spoken_of_by(&self, device: &DeviceId) -> BTreeSet<PersonId> {
        self.device(device).into_iter().flat_map(|d| d.facts()).flat_map(|f| f.people()).collect()
    }

    fn find(&self, hash: &FactHash) -> Option<Nth> {
        self.by_hash.at(hash.into()).find(|nth| self.nth(*nth).hash == *hash)
    }
    fn nth(&self, nth: Nth) -> &Arc<Fact> {
        &self.facts[nth.0 as usize]
    }
    fn hash(&self, nth: Nth) -> FactHash {
        self.nth(nth).hash
    }
    /// Every fact that speaks of the person, in order of arrival.
    fn about(&self, person: PersonId) -> impl Iterator<Item = &Arc<Fact>> {
        let mentions = self.lives.get(&person).into_iter().flat_map(|life| &life.mentions);
        mentions.map(|nth| self.nth(*nth))
    }

    pub fn len(&self) -> usize {
        self.facts.len()
    }
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }
    pub fn fact(&self, hash: &FactHash) -> Option<&Arc<Fact>> {
        self.find(hash).map(|nth| self.nth(nth))
    }
    /// How many facts had come in before this one.
    pub fn arrival(&self, hash: &FactHash) -> Option<usize> {
        self.find(hash).map(|nth| nth.0 as usize)
    }
    /// The fact that came in when so many had.
    pub fn arrived(&self, before: usize) -> Option<&Arc<Fact>> {
        self.facts.get(before)
    }
    /// All facts, in order of arrival: sort what is told by something else.
    pub fn facts(&self) -> impl Iterator<Item = &Arc<Fact>> {
        self.facts.iter()
    }
    /// All facts of a kind, in order of arrival: sort what is told by something else.
    pub fn of_kind(&self, kind: &str) -> impl DoubleEndedIterator<Item = &Arc<Fact>> {
        self.arrivals_of_kind(kind).map(|(_, fact)| fact)
    }
    /// Of those of a kind, the ones that count as their authority's word ([`Keys::counts`]) and are
    /// theirs to say ([`Keys::entitled`]): what the others say is shown, and decides nothing.
    pub fn counted(&self, kind: &str) -> impl DoubleEndedIterator<Item = &Arc<Fact>> {
        self.of_kind(kind).filter(|fact| self.keys.counts(fact) && self.keys.entitled(fact))
    }
    /// As [`Record::of_kind`], each with how many facts had come in before it.
    pub fn arrivals_of_kind(
        &self,
        kind: &str,
    ) -> impl DoubleEndedIterator<Item = (usize, &Arc<Fact>)> {
        let of_it = self.by_kind.get(kind).into_iter().flatten();
        of_it.map(|nth| (nth.0 as usize, self.nth(*nth)))
    }
    pub fn people(&self) -> impl Iterator<Item = (PersonId, &Standing)> {
        self.lives.iter().map(|(person, life)| (*person, &life.standing))
    }
    pub fn standing(&self, person: PersonId) -> Option<&Standing> {
        self.lives.get(&person).map(|l| &l.standing)
    }
    /// Every fact that speaks of the person, in order of the field's time, then hash.
    pub fn mentions(&self, person: PersonId) -> Vec<&Arc<Fact>> {
        let mut facts: Vec<_> = self.about(person).collect();
        facts.sort_unstable_by_key(|f| (f.occurred_at, f.hash));
        facts
    }
    /// Of those, the ones that count as their authority's word.
    pub fn counted_mentions(&self, person: PersonId) -> Vec<&Arc<Fact>> {
        let mut facts = self.mentions(person);
        facts.retain(|fact| self.keys.counts(fact));
        facts
    }
    pub fn parties(&self) -> &BTreeMap<AuthorityId, Party> {
        self.keys.parties()
    }
    /// Which keys speak for whom.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }
    pub fn movements(&self) -> impl Iterator<Item = MovementId> {
        self.movements.keys().copied()
    }
    /// The facts of a movement, in order of the field's time, then hash.
    pub fn movement_facts(&self, movement: MovementId) -> Vec<&Arc<Fact>> {
        let of_it = self.movements.get(&movement).into_iter().flatten();
        let mut facts: Vec<_> = of_it.map(|nth| self.nth(*nth)).collect();
        facts.sort_unstable_by_key(|f| (f.occurred_at, f.hash));
        facts
    }

    /// The movement a fact belongs to; an answer or withdrawal belongs to its offer's.
    pub fn movement_of(&self, fact: &Fact) -> Option<MovementId> {
        match &fact.event {
            Event::ManifestFrozen { movement, .. }
            | Event::Boarded { movement, .. }
            | Event::Departed { movement, .. }
            | Event::WaypointPassed { movement, .. }
            | Event::Arrived { movement, .. }
            | Event::MovementCancelled { movement, .. }
            | Event::HandoverOffered { movement, .. } => Some(*movement),
            Event::HandoverAnswered { offer, .. } | Event::HandoverWithdrawn { offer, .. } => {
                match &self.fact(offer)?.event {
                    Event::HandoverOffered { movement, .. } => Some(*movement),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// The facts that one is paired with.
fn among(pairs: &OrdSet<(FactHash, Nth)>, hash: FactHash) -> Vec<Nth> {
    pairs.range((hash, Nth::FIRST)..=(hash, Nth::LAST)).map(|(_, nth)| *nth).collect()
}
