//! What one person's change of custody does to the books.

use domain::{Account, Change, Custody, ExitReason, PersonId, Standing};
use std::collections::BTreeMap;

/// One person moved from one account to another, at a position of the record.
///
/// A late fact may move somebody over several steps at once, or back to the last undisputed
/// custodian when it opens a contest; the posting is then the whole way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// The entry that caused it, counted from 0.
    pub position: u64,
    pub person: PersonId,
    /// Who answered before; `None` when nobody here did.
    pub from: Option<Account>,
    /// Who answers now.
    pub to: Option<Account>,
    /// What it adds to the totals; taken back, as by a contest over a registration, is negative.
    pub counts: Counts,
}

/// How often people came under the record's care and left it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    pub registered: i64,
    /// Escaped and held again.
    pub recovered: i64,
    /// By reason; a reason that never occurred is absent.
    pub exits: BTreeMap<ExitReason, i64>,
}

impl Posting {
    /// `None` when the change moves nobody, as an offer does.
    pub fn of(position: u64, change: &Change) -> Option<Self> {
        let from = change.before.custody.responsible().cloned();
        let to = change.after.custody.responsible().cloned();
        let mut counts = Counts::of(&change.after);
        counts.add(&Counts::of(&change.before), -1);
        if from == to && counts.is_zero() {
            return None;
        }
        Some(Self { position, person: change.person, from, to, counts })
    }
}

impl Counts {
    /// Over the undisputed chain of one person.
    pub fn of(standing: &Standing) -> Self {
        let mut counts = Self::default();
        let mut before = &Custody::Outside;
        for (_, after) in &standing.chain {
            match (before, after) {
                (Custody::Outside, _) => counts.registered += 1,
                (Custody::Ended { .. }, Custody::Held { .. }) => counts.recovered += 1,
                (_, Custody::Ended { why, .. }) => *counts.exits.entry(*why).or_default() += 1,
                _ => {}
            }
            before = after;
        }
        counts
    }
    /// Adds `other`, `times` over; -1 takes it away.
    pub fn add(&mut self, other: &Counts, times: i64) {
        self.registered += times * other.registered;
        self.recovered += times * other.recovered;
        for (why, n) in &other.exits {
            *self.exits.entry(*why).or_default() += times * n;
        }
        self.exits.retain(|_, n| *n != 0);
    }
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }
    /// All who left, whatever the reason.
    pub fn exits_total(&self) -> i64 {
        self.exits.values().sum()
    }
    /// Who must be answered for: registered - exits + recovered.
    pub fn answered_for(&self) -> i64 {
        self.registered - self.exits_total() + self.recovered
    }
}
