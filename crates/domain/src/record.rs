//! The record: a set of facts and what they fold to. Any order of arrival gives the same answer.

use crate::custody::{Custody, Misfit, Step, apply};
use crate::fact::{Event, Fact, Gate, GateOutcome, Party};
use crate::hearing::Hearing;
use crate::ids::*;
use crate::keys::Keys;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Facts in, folds out. Holds every fact it was given and, for each person, where custody stands.
#[derive(Debug, Clone, Default)]
pub struct Record {
    facts: BTreeMap<FactHash, Arc<Fact>>,
    // A set of pairs: nearly every id has one fact, and a set for each would cost more than the fact.
    by_id: BTreeSet<(FactId, FactHash)>,
    lives: BTreeMap<PersonId, Life>,
    movements: BTreeMap<MovementId, BTreeSet<FactHash>>,
    /// Answers and withdrawals by the offer they name, whether or not it is here.
    answers: BTreeMap<FactHash, BTreeSet<FactHash>>,
    devices: BTreeMap<DeviceId, Device>,
    /// Facts of devices that name one before them which is not here, by that one.
    awaiting: BTreeMap<FactHash, BTreeSet<FactHash>>,
    keys: Keys,
}

/// A device's own chain of facts.
#[derive(Debug, Clone, Default)]
pub struct Device {
    /// Facts by device sequence; more than one at a sequence is equivocation.
    pub chain: BTreeMap<u64, BTreeSet<FactHash>>,
    /// Facts whose predecessor on the chain has not come in.
    pub parked: BTreeSet<FactHash>,
}

impl Device {
    /// The highest sequence here, with the facts that bear it.
    pub fn head(&self) -> Option<(u64, &BTreeSet<FactHash>)> {
        self.chain.last_key_value().map(|(sequence, hashes)| (*sequence, hashes))
    }
}

/// Everything the record holds about one person.
#[derive(Debug, Clone, Default)]
struct Life {
    steps: BTreeMap<FactHash, (Option<FactHash>, Step)>,
    /// Facts that speak of the person without moving custody.
    mentions: BTreeSet<FactHash>,
    standing: Standing,
}

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
        if self.facts.contains_key(&fact.hash) {
            return Vec::new();
        }
        self.facts.insert(fact.hash, fact.clone());
        self.by_id.insert((fact.id, fact.hash));
        let device = self.devices.entry(fact.device).or_default();
        device.chain.entry(fact.sequence).or_default().insert(fact.hash);
        self.link(&fact);
        if let Some(movement) = self.movement_of(&fact) {
            self.movements.entry(movement).or_default().insert(fact.hash);
        }
        let mut touched = BTreeSet::new();
        match &fact.event {
            Event::OperationOpened { .. } => {
                // Who may resolve is known only now: every fork is looked at again.
                touched.extend(
                    self.lives
                        .iter()
                        .filter(|(_, l)| {
                            l.standing.contest.is_some() || !l.standing.settled.is_empty()
                        })
                        .map(|(p, _)| *p),
                );
            }
            Event::HandoverOffered { movement, .. } => {
                // Answers that came before their offer belong to its movement.
                let found = self.answers.get(&fact.hash).into_iter().flatten();
                self.movements.entry(*movement).or_default().extend(found);
            }
            Event::HandoverAnswered { offer, .. } | Event::HandoverWithdrawn { offer, .. } => {
                self.answers.entry(*offer).or_default().insert(fact.hash);
            }
            _ => {}
        }
        for device in self.keys.insert(&fact) {
            touched.extend(self.spoken_of_by(&device));
        }
        for person in fact.people() {
            self.lives.entry(person).or_default().mentions.insert(fact.hash);
            touched.insert(person);
        }
        for (person, after, step) in fact.steps() {
            self.lives.entry(person).or_default().steps.insert(fact.hash, (after, step));
        }
        let mut changes = Vec::new();
        for person in touched {
            let after = self.walk(person);
            let life = self.lives.entry(person).or_default();
            if life.standing != after {
                let before = std::mem::replace(&mut life.standing, after.clone());
                changes.push(Change { person, before, after });
            }
        }
        changes
    }

    /// Ties a fact into its device's chain, and what waited for it.
    fn link(&mut self, fact: &Fact) {
        if let Some(previous) = fact.previous.filter(|p| !self.facts.contains_key(p)) {
            self.awaiting.entry(previous).or_default().insert(fact.hash);
            self.devices.entry(fact.device).or_default().parked.insert(fact.hash);
        }
        for waiting in self.awaiting.remove(&fact.hash).into_iter().flatten() {
            let device = self.facts.get(&waiting).map(|f| f.device);
            if let Some(device) = device.and_then(|d| self.devices.get_mut(&d)) {
                device.parked.remove(&waiting);
            }
        }
    }

    /// Everyone whom facts of a device speak of.
    fn spoken_of_by(&self, device: &DeviceId) -> BTreeSet<PersonId> {
        let chain = self.devices.get(device).into_iter().flat_map(|d| d.chain.values().flatten());
        chain.filter_map(|hash| self.facts.get(hash)).flat_map(|f| f.people()).collect()
    }

    pub fn len(&self) -> usize {
        self.facts.len()
    }
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }
    pub fn fact(&self, hash: &FactHash) -> Option<&Arc<Fact>> {
        self.facts.get(hash)
    }
    /// All facts, by hash.
    pub fn facts(&self) -> impl Iterator<Item = &Arc<Fact>> {
        self.facts.values()
    }
    /// More than one when an id was used twice with different content.
    pub fn facts_with_id(&self, id: &FactId) -> impl Iterator<Item = &Arc<Fact>> {
        let all = (*id, FactHash([0; 32]))..=(*id, FactHash([255; 32]));
        self.by_id.range(all).filter_map(|(_, hash)| self.facts.get(hash))
    }
    pub fn people(&self) -> impl Iterator<Item = (PersonId, &Standing)> {
        self.lives.iter().map(|(person, life)| (*person, &life.standing))
    }
    pub fn standing(&self, person: PersonId) -> Option<&Standing> {
        self.lives.get(&person).map(|l| &l.standing)
    }
    /// Every fact that speaks of the person, in order of the field's time, then hash.
    pub fn mentions(&self, person: PersonId) -> Vec<&Arc<Fact>> {
        let hashes = self.lives.get(&person).map(|l| &l.mentions);
        let mut facts: Vec<_> =
            hashes.into_iter().flatten().filter_map(|h| self.facts.get(h)).collect();
        facts.sort_by_key(|f| (f.occurred_at, f.hash));
        facts
    }
    pub fn parties(&self) -> &BTreeMap<AuthorityId, Party> {
        self.keys.parties()
    }
    /// Which keys speak for whom.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }
    pub fn devices(&self) -> &BTreeMap<DeviceId, Device> {
        &self.devices
    }
    pub fn movements(&self) -> impl Iterator<Item = MovementId> {
        self.movements.keys().copied()
    }
    /// The facts of a movement, in order of the field's time, then hash.
    pub fn movement_facts(&self, movement: MovementId) -> Vec<&Arc<Fact>> {
        let hashes = self.movements.get(&movement);
        let mut facts: Vec<_> =
            hashes.into_iter().flatten().filter_map(|h| self.facts.get(h)).collect();
        facts.sort_by_key(|f| (f.occurred_at, f.hash));
        facts
    }

    /// Where each gate stands. A decision counts unless another names it as replaced; of several
    /// that count, a failure closes the gate.
    pub fn gates(&self, person: PersonId) -> BTreeMap<Gate, GateState> {
        let mut decisions: BTreeMap<Gate, Vec<(FactHash, GateOutcome)>> = BTreeMap::new();
        let mut replaced: BTreeSet<&FactHash> = BTreeSet::new();
        for hash in self.lives.get(&person).into_iter().flat_map(|l| &l.mentions) {
            let Some(fact) = self.facts.get(hash).filter(|f| self.keys.counts(f)) else { continue };
            if let Event::GateDecided { gate, outcome, replaces, .. } = &fact.event {
                decisions.entry(*gate).or_default().push((*hash, *outcome));
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
            _ => match &self.facts.get(&answered_offer(fact)?)?.event {
                Event::HandoverOffered { movement, .. } => Some(*movement),
                _ => None,
            },
        }
    }

    /// Follows the person's chain from the first fact as far as it is undisputed.
    fn walk(&self, person: PersonId) -> Standing {
        let mut standing = Standing::default();
        let Some(life) = self.lives.get(&person) else { return standing };
        let mut after: BTreeMap<Option<FactHash>, Vec<FactHash>> = BTreeMap::new();
        for (hash, (follows, _)) in &life.steps {
            match follows {
                Some(f) if !life.steps.contains_key(f) => {
                    standing.parked.insert(*hash);
                }
                _ => after.entry(*follows).or_default().push(*hash),
            }
        }
        let mut at = None;
        loop {
            let mut fitting = BTreeMap::new();
            for hash in after.get(&at).into_iter().flatten() {
                let step = &life.steps[hash].1;
                if !self.stands(life, &after, hash, step) {
                    standing.misfits.insert(*hash, Misfit::SignerRevoked);
                    continue;
                }
                match apply(&standing.custody, step) {
                    Ok(custody) => {
                        fitting.insert(*hash, custody);
                    }
                    Err(misfit) => {
                        standing.misfits.insert(*hash, misfit);
                    }
                }
            }
            if fitting.len() > 1 {
                let branches: BTreeSet<_> = fitting.keys().copied().collect();
                let contest = Contest { at, branches };
                match Hearing::of(self, life.mentions.iter(), &contest, &standing.custody).ruling()
                {
                    Some(ruling) => {
                        fitting.retain(|hash, _| *hash == ruling.stands);
                        standing.settled.push((contest, ruling));
                    }
                    // Registered twice: nobody answered undisputed before, yet the person counts
                    // once. The registration that most facts build on is followed meanwhile.
                    None if at.is_none() => {
                        let followed = contest
                            .branches
                            .iter()
                            .max_by_key(|b| (descendants(&after, **b), std::cmp::Reverse(**b)));
                        fitting.retain(|hash, _| Some(hash) == followed);
                        standing.contest = Some(contest);
                    }
                    None => {
                        standing.contest.get_or_insert(contest);
                        break;
                    }
                }
            }
            let Some((hash, custody)) = fitting.pop_first() else { break };
            standing.custody = custody.clone();
            standing.chain.push((hash, custody));
            at = Some(hash);
        }
        let on_chain: BTreeSet<_> = standing.chain.iter().map(|(h, _)| *h).collect();
        let branches: BTreeSet<_> =
            standing.contest.iter().flat_map(|c| &c.branches).copied().collect();
        let shown = [&on_chain, &branches, &standing.parked];
        standing.set_aside = life
            .steps
            .keys()
            .filter(|h| !standing.misfits.contains_key(h) && !shown.iter().any(|s| s.contains(h)))
            .copied()
            .collect();
        standing
    }

    /// Whether a step may move custody although its device was revoked: a registration always, so
    /// that nobody vanishes with a key, and a step that another authority built on, so that a
    /// handover of two signatures is not undone by one.
    fn stands(
        &self,
        life: &Life,
        after: &BTreeMap<Option<FactHash>, Vec<FactHash>>,
        hash: &FactHash,
        step: &Step,
    ) -> bool {
        if self.facts.get(hash).is_none_or(|fact| self.keys.counts(fact)) {
            return true;
        }
        let built_on = |f: &FactHash| {
            let counts = self.facts.get(f).is_some_and(|fact| self.keys.counts(fact));
            counts && life.steps.get(f).is_some_and(|(_, next)| next.by() != step.by())
        };
        matches!(step, Step::Registered { .. })
            || after.get(&Some(*hash)).into_iter().flatten().any(built_on)
    }
}

/// How many facts build on `root`, directly or through others. The links form a tree.
fn descendants(after: &BTreeMap<Option<FactHash>, Vec<FactHash>>, root: FactHash) -> usize {
    let followers = after.get(&Some(root)).into_iter().flatten();
    followers.map(|f| 1 + descendants(after, *f)).sum()
}

fn answered_offer(fact: &Fact) -> Option<FactHash> {
    match &fact.event {
        Event::HandoverAnswered { offer, .. } | Event::HandoverWithdrawn { offer, .. } => {
            Some(*offer)
        }
        _ => None,
    }
}
