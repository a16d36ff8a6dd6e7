//! Where a person's custody stands: the chain that holds, and what stands beside it.

use crate::custody::{Custody, Misfit};
use crate::ids::FactHash;
use std::collections::{BTreeMap, BTreeSet};

/// Where a person's custody stands, computed from the set of facts alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// When contested: the last undisputed custody.
    pub custody: Custody,
    /// The facts that led here, first to last, each with the custody after it.
    pub chain: Vec<(FactHash, Custody)>,
    pub contest: Option<Contest>,
    /// Forks that an entitled authority settled, each with the resolution fact.
    pub settled: Vec<(Contest, Ruling)>,
    /// Facts that follow the chain but do not fit it.
    pub misfits: BTreeMap<FactHash, Misfit>,
    /// Facts that follow one the record does not hold for this person.
    pub parked: BTreeSet<FactHash>,
    /// Facts on a branch that does not stand, or that follow a misfit.
    pub set_aside: BTreeSet<FactHash>,
}

/// Two or more facts that fit and follow the same one: nobody may choose silently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contest {
    /// The fact they follow; `None` when the person was registered more than once.
    pub at: Option<FactHash>,
    pub branches: BTreeSet<FactHash>,
}

/// What two authorities say of a fork: the branch that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruling {
    /// An entitled authority's.
    pub by: FactHash,
    /// The same, said by another authority: entitled too, or one whose custody it is about.
    pub seconded: FactHash,
    pub stands: FactHash,
}

impl Default for Standing {
    fn default() -> Self {
        Self {
            custody: Custody::Outside,
            chain: Vec::new(),
            contest: None,
            settled: Vec::new(),
            misfits: BTreeMap::new(),
            parked: BTreeSet::new(),
            set_aside: BTreeSet::new(),
        }
    }
}

impl Standing {
    /// The fact that the next one about this person's custody must follow.
    pub fn tip(&self) -> Option<FactHash> {
        self.chain.last().map(|(hash, _)| *hash)
    }
}
