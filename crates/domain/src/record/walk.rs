//! Following one person's chain of custody through whatever facts there are.

use super::Record;
use crate::custody::{Misfit, Step, apply};
use crate::fact::Fact;
use crate::hearing::Hearing;
use crate::ids::{FactHash, PersonId};
use crate::standing::{Contest, Standing};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What one fact does to the person's custody, and the fact that it follows.
struct Told<'a> {
    fact: &'a Fact,
    follows: Option<FactHash>,
    step: Step,
}

/// Everything told of one person's custody, by what it follows, then by hash.
struct Steps<'a>(Vec<Told<'a>>);

impl<'a> Steps<'a> {
    fn of(facts: impl Iterator<Item = &'a Arc<Fact>>, person: PersonId) -> Self {
        let told = facts.filter_map(|fact| {
            let (follows, step) = fact.step_of(person)?;
            Some(Told { fact, follows, step })
        });
        let mut told: Vec<_> = told.collect();
        told.sort_unstable_by_key(|t| (t.follows, t.fact.hash));
        Self(told)
    }

    /// What follows one fact, or with `None` what begins a chain; in order of hash.
    fn after(&self, at: Option<FactHash>) -> &[Told<'a>] {
        let from = self.0.partition_point(|t| t.follows < at);
        let len = self.0[from..].partition_point(|t| t.follows == at);
        &self.0[from..from + len]
    }

    /// How many facts build on `root`, directly or through others. The links form a tree, which can be as
    /// deep as there are facts: whoever signs decides.
    fn descendants(&self, root: FactHash) -> usize {
        let mut found = 0;
        let mut waiting = vec![root];
        while let Some(at) = waiting.pop() {
            let after = self.after(Some(at));
            found += after.len();
            waiting.extend(after.iter().map(|told| told.fact.hash));
        }
        found
    }
}

impl Record {
    /// Follows the person's chain from the first fact as far as it is undisputed.
    pub(super) fn walk(&self, person: PersonId) -> Standing {
        let mut standing = Standing::default();
        let steps = Steps::of(self.about(person), person);
        let mut known: Vec<FactHash> = steps.0.iter().map(|t| t.fact.hash).collect();
        known.sort_unstable();
        let missing = |t: &&Told| t.follows.is_some_and(|f| known.binary_search(&f).is_err());
        standing.parked = steps.0.iter().filter(missing).map(|t| t.fact.hash).collect();
        let mut at = None;
        loop {
            let mut fitting = BTreeMap::new();
            for told in steps.after(at) {
                if !self.stands(&steps, told) {
                    standing.misfits.insert(told.fact.hash, Misfit::SignerRevoked);
                    continue;
                }
                match apply(&standing.custody, &told.step) {
                    Ok(custody) => {
                        fitting.insert(told.fact.hash, custody);
                    }
                    Err(misfit) => {
                        standing.misfits.insert(told.fact.hash, misfit);
                    }
                }
            }
            if fitting.len() > 1 {
                let branches: BTreeSet<_> = fitting.keys().copied().collect();
                let contest = Contest { at, branches };
                match Hearing::of(self, self.about(person), &contest, &standing.custody).ruling() {
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
                            .max_by_key(|b| (steps.descendants(**b), std::cmp::Reverse(**b)));
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
        let mut shown: BTreeSet<_> = standing.chain.iter().map(|(hash, _)| *hash).collect();
        shown.extend(standing.contest.iter().flat_map(|c| &c.branches));
        shown.extend(standing.misfits.keys().chain(&standing.parked));
        standing.set_aside = known.into_iter().filter(|hash| !shown.contains(hash)).collect();
        standing
    }

    /// Whether a step may move custody although its device was revoked: a registration always, so
    /// that nobody vanishes with a key, and a step that another authority built on, so that a
    /// handover of two signatures is not undone by one.
    fn stands(&self, steps: &Steps, told: &Told) -> bool {
        if self.keys.counts(told.fact) {
            return true;
        }
        let built_on =
            |next: &Told| self.keys.counts(next.fact) && next.step.by() != told.step.by();
        matches!(told.step, Step::Registered { .. })
            || steps.after(Some(told.fact.hash)).iter().any(built_on)
    }
}
