//! What is still to be done, by time.

use crate::cast::Signatory;
use domain::*;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Things to do, earliest first; of one instant, in the order they were put in.
#[derive(Debug, Default)]
pub struct Agenda {
    items: BTreeMap<(Timestamp, u64), Item>,
    put: u64,
    now: Option<Timestamp>,
}

/// One thing that a party does, or that the staff looks at.
#[derive(Debug, Clone)]
pub enum Item {
    /// A fact whose content does not depend on what happens before it is signed.
    Say(Signatory, Event),
    /// People leave custody; links are read when it is signed.
    Exit {
        by: Signatory,
        why: ExitReason,
        people: Vec<PersonId>,
    },
    Recover {
        by: Signatory,
        unit: UnitId,
        people: Vec<PersonId>,
    },
    Place {
        by: Signatory,
        unit: UnitId,
        people: Vec<PersonId>,
    },
    /// The afternoon's look at the plan for the night.
    Plan(Night),
    /// The evening's decision on air cover.
    Cover(Night),
    Freeze(MovementId),
    Board(MovementId, usize),
    OfferAtGate(MovementId),
    TakeAtGate(MovementId),
    Depart(MovementId),
    Pass(MovementId, usize),
    Arrive(MovementId),
    OfferAtDestination(MovementId),
    Receive(MovementId),
    /// Beds in the receiving units, one unit after another.
    Settle(MovementId),
    /// Those whom the receiver did not take go back.
    TakeBack(MovementId, Vec<PersonId>),
    Count(SiteId, CountKind),
    /// Reception's medical examination of one person.
    Examine(PersonId),
    /// A desk's daily work: an index into the scenario's desks.
    Desk(usize),
    /// A discrepancy of this code about this person is explained.
    Explain(DiscrepancyCode, PersonId, ResolutionReason),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountKind {
    /// By number; off by this many through a slip.
    Number(i32),
    /// By name, after a count that was off; explains it.
    NameAfterSlip,
    /// By name after control was lost: who is missing is found.
    NameAfterLoss,
}

impl Agenda {
    pub fn put(&mut self, at: Timestamp, item: Item) {
        self.items.insert((at, self.put), item);
        self.put += 1;
    }

    pub fn next(&mut self) -> Option<(Timestamp, Item)> {
        let ((at, _), item) = self.items.pop_first()?;
        self.now = Some(at);
        Some((at, item))
    }

    /// The instant of the last thing taken; nothing earlier is still to come.
    pub fn now(&self) -> Option<Timestamp> {
        self.now
    }
}
