//! Each device's own chain of facts: every fact of a device names the one before it.

use super::{Nth, Record};
use crate::fact::Fact;
use crate::ids::{AuthorityId, DeviceId, FactHash};
use crate::silence::Spoken;
use imbl::{OrdSet, Vector};
use std::collections::VecDeque;
use std::sync::Arc;

/// What the record keeps of a device: its facts by sequence, and those that wait for one before them.
#[derive(Debug, Clone, Default)]
pub(super) struct Held {
    /// Of sequences 0, 1, 2 and so on as far as none lacks: all there is of an honest device in reach.
    /// Of several that bear one sequence, the one that came in first.
    straight: Vector<Nth>,
    /// The others, by sequence: beyond a gap, or another of the same.
    beside: OrdSet<(u64, Nth)>,
    pub parked: OrdSet<Nth>,
    /// How many are in the name of each authority; of an honest device, one.
    signed_for: Vec<(AuthorityId, usize)>,
    spoken: Option<Spoken>,
}

impl Held {
    pub fn insert(&mut self, fact: &Fact, nth: Nth) {
        let at = fact.occurred_at;
        self.spoken = Some(self.spoken.map_or(Spoken::at(at), |spoken| spoken.and_at(at)));
        match self.signed_for.iter_mut().find(|(authority, _)| *authority == fact.authority) {
            Some((_, count)) => *count += 1,
            None => self.signed_for.push((fact.authority.clone(), 1)),
        }
        if fact.sequence != self.straight.len() as u64 {
            self.beside.insert((fact.sequence, nth));
            return;
        }
        self.straight.push_back(nth);
        // What lay beyond a gap that is closed now.
        let due = |held: &Self| held.beside_at(held.straight.len() as u64).next().copied();
        while let Some(next) = due(self) {
            self.beside.remove(&next);
            self.straight.push_back(next.1);
        }
    }

    fn beside_at(&self, sequence: u64) -> impl DoubleEndedIterator<Item = &(u64, Nth)> {
        self.beside.range((sequence, Nth::FIRST)..=(sequence, Nth::LAST))
    }

    /// What bears a sequence, in order of arrival but for the first, which may be any.
    fn at(&self, sequence: u64) -> impl Iterator<Item = Nth> {
        let straight = usize::try_from(sequence).ok().and_then(|n| self.straight.get(n));
        straight.into_iter().chain(self.beside_at(sequence).map(|(_, nth)| nth)).copied()
    }

    /// The highest sequence there is.
    fn highest(&self) -> Option<u64> {
        let straight = (self.straight.len() as u64).checked_sub(1);
        straight.max(self.beside.get_max().map(|(sequence, _)| *sequence))
    }

    /// The highest sequence there is below another.
    fn below(&self, sequence: u64) -> Option<u64> {
        let straight = sequence.min(self.straight.len() as u64).checked_sub(1);
        let beside = self.beside.range(..(sequence, Nth::FIRST)).next_back();
        straight.max(beside.map(|(sequence, _)| *sequence))
    }

    /// All there is, with its sequence, in order of sequence.
    fn in_order(&self) -> impl Iterator<Item = (u64, Nth)> {
        let mut straight = (0..).zip(self.straight.iter().copied()).peekable();
        let mut beside = self.beside.iter().copied().peekable();
        std::iter::from_fn(move || match (straight.peek(), beside.peek()) {
            (Some((due, _)), Some((other, _))) if other < due => beside.next(),
            (Some(_), _) => straight.next(),
            (None, _) => beside.next(),
        })
    }
}

/// A device's own chain of facts, as far as they are here.
#[derive(Clone, Copy)]
pub struct Device<'a> {
    pub(super) record: &'a Record,
    pub(super) held: &'a Held,
}

/// The facts that bear one sequence, by hash; more than one is equivocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    pub sequence: u64,
    pub facts: Vec<FactHash>,
}

impl Numbered {
    pub fn is_fork(&self) -> bool {
        self.facts.len() > 1
    }
    /// The first by hash: the only one of an honest device.
    pub fn first(&self) -> FactHash {
        self.facts[0]
    }
}

/// Facts of a chain that are not here, while a later one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The lowest sequence that lacks.
    pub first: u64,
    /// The highest that lacks.
    pub last: u64,
    /// What comes next.
    pub before: Numbered,
}

impl<'a> Device<'a> {
    /// What it signed, by sequence.
    pub fn chain(self) -> impl Iterator<Item = Numbered> + 'a {
        let mut facts = self.facts().peekable();
        std::iter::from_fn(move || {
            let first = facts.next()?;
            let mut signed = vec![first.hash];
            while let Some(other) = facts.next_if(|other| other.sequence == first.sequence) {
                signed.push(other.hash);
            }
            Some(Numbered { sequence: first.sequence, facts: signed })
        })
    }

    /// What it signed as one sequence.
    pub fn at(self, sequence: u64) -> Option<Numbered> {
        let mut facts: Vec<_> = self.held.at(sequence).map(|nth| self.record.hash(nth)).collect();
        facts.sort_unstable();
        (!facts.is_empty()).then_some(Numbered { sequence, facts })
    }

    /// What it signed last, by sequence.
    pub fn head(self) -> Option<Numbered> {
        self.at(self.held.highest()?)
    }

    /// What its chain lacks, in order. Costs what lies beyond the first gap, not the chain.
    pub fn gaps(self) -> impl Iterator<Item = Gap> + 'a {
        let mut due = self.held.straight.len() as u64;
        let beyond = self.held.beside.range((due, Nth::FIRST)..).map(|(sequence, _)| *sequence);
        beyond.filter_map(move |sequence| {
            let first = std::mem::replace(&mut due, sequence.saturating_add(1));
            let last = sequence.checked_sub(1).filter(|last| first <= *last)?;
            Some(Gap { first, last, before: self.at(sequence)? })
        })
    }

    /// Sequences that more than one fact bears, in order. Costs those, not the chain.
    pub fn forks(self) -> impl Iterator<Item = Numbered> + 'a {
        let mut told = None;
        let beside = self.held.beside.iter().map(|(sequence, _)| *sequence);
        let once = beside.filter(move |sequence| told.replace(*sequence) != Some(*sequence));
        once.filter_map(move |sequence| self.at(sequence)).filter(Numbered::is_fork)
    }

    /// How many facts it signed in the name of an authority.
    pub fn signed_for(self, authority: &AuthorityId) -> usize {
        let mut all = self.held.signed_for.iter();
        all.find(|(of, _)| of == authority).map_or(0, |(_, count)| *count)
    }

    /// What it signed last in the name of an authority: by sequence, then hash.
    pub fn last_for(self, authority: &AuthorityId) -> Option<&'a Arc<Fact>> {
        if self.signed_for(authority) == 0 {
            return None;
        }
        let mut sequence = self.held.highest();
        std::iter::from_fn(|| {
            let this = sequence?;
            sequence = self.held.below(this);
            Some(this)
        })
        .find_map(|sequence| {
            let facts = self.held.at(sequence).map(|nth| self.record.nth(nth));
            facts.filter(|fact| fact.authority == *authority).max_by_key(|fact| fact.hash)
        })
    }

    /// When it said something, by its own clock.
    pub(crate) fn spoken(self) -> Option<Spoken> {
        self.held.spoken
    }

    /// Every fact it signed, by sequence, then hash.
    pub fn facts(self) -> impl Iterator<Item = &'a Arc<Fact>> {
        let mut rest = self.held.in_order().map(move |(_, nth)| self.record.nth(nth)).peekable();
        let mut forked: VecDeque<&Arc<Fact>> = VecDeque::new();
        std::iter::from_fn(move || {
            if let Some(next) = forked.pop_front() {
                return Some(next);
            }
            let first = rest.next()?;
            while let Some(other) = rest.next_if(|other| other.sequence == first.sequence) {
                forked.push_back(other);
            }
            if forked.is_empty() {
                return Some(first);
            }
            forked.push_back(first);
            forked.make_contiguous().sort_unstable_by_key(|fact| fact.hash);
            forked.pop_front()
        })
    }

    /// Of the facts with its highest sequence, the one that came in last.
    pub(super) fn last(self) -> Option<Nth> {
        self.held.at(self.held.highest()?).max()
    }

    /// How many facts it signed.
    pub fn len(self) -> usize {
        self.held.straight.len() + self.held.beside.len()
    }
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Its facts whose predecessor on the chain has not come in.
    pub fn parked(self) -> impl ExactSizeIterator<Item = FactHash> + 'a {
        self.held.parked.iter().map(move |nth| self.record.hash(*nth))
    }
}

impl Record {
    /// Every device that signed a fact here, in order.
    pub fn devices(&self) -> impl ExactSizeIterator<Item = (DeviceId, Device<'_>)> {
        self.devices.iter().map(|(id, held)| (*id, Device { record: self, held }))
    }

    /// What a device signed; `None` when nothing of it is here.
    pub fn device(&self, device: &DeviceId) -> Option<Device<'_>> {
        self.devices.get(device).map(|held| Device { record: self, held })
    }
}
