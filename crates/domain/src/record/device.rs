//! Each device's own chain of facts: every fact of a device names the one before it.

use super::{Nth, Record};
use crate::fact::Fact;
use crate::ids::{DeviceId, FactHash};
use imbl::OrdSet;
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
        let mut facts = self.held.chain.iter().peekable();
        std::iter::from_fn(move || {
            let (sequence, first) = facts.next()?;
            let mut signed = vec![self.record.hash(*first)];
            while let Some((_, other)) = facts.next_if(|(s, _)| s == sequence) {
                signed.push(self.record.hash(*other));
            }
            signed.sort_unstable();
            Some(Numbered { sequence: *sequence, facts: signed })
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
        self.chain().flat_map(|at| at.facts).filter_map(move |hash| self.record.fact(&hash))
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
