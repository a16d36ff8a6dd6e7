//! Each device's own chain of facts: every fact of a device names the one before it.

use super::{Nth, Record};
use crate::fact::Fact;
use crate::ids::{DeviceId, FactHash};
use imbl::OrdSet;
use std::collections::VecDeque;
use std::sync::Arc;

/// What the record keeps of a device: its facts by sequence, and those that wait for one before them.
#[derive(Debug, Clone, Default)]
pub(super) struct Held {
    pub chain: OrdSet<(u64, Nth)>,
    pub parked: OrdSet<Nth>,
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
        let all = self.held.chain.range((sequence, Nth::FIRST)..=(sequence, Nth::LAST));
        let mut facts: Vec<_> = all.map(|(_, nth)| self.record.hash(*nth)).collect();
        facts.sort_unstable();
        (!facts.is_empty()).then_some(Numbered { sequence, facts })
    }

    /// What it signed last, by sequence.
    pub fn head(self) -> Option<Numbered> {
        self.at(self.held.chain.get_max()?.0)
    }

    /// Every fact it signed, by sequence, then hash.
    pub fn facts(self) -> impl Iterator<Item = &'a Arc<Fact>> {
        let mut rest = self.held.chain.iter().map(move |(_, nth)| self.record.nth(*nth)).peekable();
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
        self.held.chain.get_max().map(|(_, nth)| *nth)
    }

    /// How many facts it signed.
    pub fn len(self) -> usize {
        self.held.chain.len()
    }
    pub fn is_empty(self) -> bool {
        self.held.chain.is_empty()
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
