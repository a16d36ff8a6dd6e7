//! The conditions before boarding, as the facts about a person decide them.

use super::Record;
use crate::fact::{Event, Gate, GateOutcome};
use crate::ids::{FactHash, PersonId};
use std::collections::{BTreeMap, BTreeSet};

/// Where a gate stands for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateState {
    Pending,
    Passed,
    Failed,
    Overridden,
}

impl GateState {
    pub fn opens(self) -> bool {
        matches!(self, GateState::Passed | GateState::Overridden)
    }
    pub fn code(self) -> &'static str {
        match self {
            GateState::Pending => "pending",
            GateState::Passed => "passed",
            GateState::Failed => "failed",
            GateState::Overridden => "overridden",
        }
    }
}

impl Record {
    /// Where each gate stands. A decision counts unless another names it as replaced; of several
    /// that count, a failure closes the gate.
    pub fn gates(&self, person: PersonId) -> BTreeMap<Gate, GateState> {
        let mut decisions: BTreeMap<Gate, Vec<(FactHash, GateOutcome)>> = BTreeMap::new();
        let mut replaced: BTreeSet<&FactHash> = BTreeSet::new();
        for fact in self.about(person).filter(|fact| self.keys.counts(fact)) {
            if let Event::GateDecided { gate, outcome, replaces, .. } = &fact.event {
                decisions.entry(*gate).or_default().push((fact.hash, *outcome));
                replaced.extend(replaces);
            }
        }
        let state = |gate: &Gate| {
            let standing = decisions.get(gate).into_iter().flatten();
            standing.filter(|(hash, _)| !replaced.contains(hash)).fold(
                GateState::Pending,
                |state, (_, outcome)| match (state, outcome) {
                    (GateState::Failed, _) | (_, GateOutcome::Failed) => GateState::Failed,
                    (GateState::Overridden, _) | (_, GateOutcome::Overridden) => {
                        GateState::Overridden
                    }
                    (_, GateOutcome::Passed) => GateState::Passed,
                },
            )
        };
        Gate::ALL.iter().map(|g| (*g, state(g))).collect()
    }

    /// Whether every gate is open: nobody boards otherwise.
    pub fn cleared(&self, person: PersonId) -> bool {
        self.gates(person).values().all(|g| g.opens())
    }
}
