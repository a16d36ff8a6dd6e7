//! What has been said about a fork in somebody's custody, by whom, and who has yet to say it.

use crate::custody::Custody;
use crate::fact::{Event, Fact, ResolutionReason};
use crate::ids::*;
use crate::record::Record;
use crate::standing::{Contest, Ruling, Standing};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The rulings signed about one fork for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hearing {
    /// Authorities entitled to rule, by the operation's opening.
    pub entitled: BTreeSet<AuthorityId>,
    /// Whose custody it is about: those who signed the branches, and the last undisputed custodian.
    /// One of them may second a ruling.
    pub concerned: BTreeSet<AuthorityId>,
    /// In order of fact.
    pub said: Vec<Said>,
}

/// One authority's word on which branch stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub authority: AuthorityId,
    pub fact: FactHash,
    pub stands: FactHash,
    pub why: ResolutionReason,
}

/// What a fork waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacking {
    /// An entitled authority's word.
    Ruling,
    /// A second authority that says the same.
    Second,
    /// Entitled authorities say different things: one of them must be taken out of the record's
    /// count by revocation, or nobody rules.
    Agreement,
}

impl Lacking {
    pub fn code(self) -> &'static str {
        match self {
            Lacking::Ruling => "ruling",
            Lacking::Second => "second",
            Lacking::Agreement => "agreement",
        }
    }
}

impl Hearing {
    /// Of a fork after custody `before`, from the facts that speak of the person.
    pub(crate) fn of<'a>(
        record: &Record,
        mentions: impl Iterator<Item = &'a Arc<Fact>>,
        contest: &Contest,
        before: &Custody,
    ) -> Self {
        let mut said = Vec::new();
        for fact in mentions {
            if let Event::ForkResolved { at, stands, why, .. } = &fact.event
                && record.keys().counts(fact)
                && *at == contest.at
                && contest.branches.contains(stands)
            {
                let authority = fact.authority.clone();
                said.push(Said { authority, fact: fact.hash, stands: *stands, why: *why });
            }
        }
        said.sort_unstable_by_key(|said| said.fact);
        let parties = record.parties().values();
        let branches = contest.branches.iter().filter_map(|b| record.fact(b));
        Self {
            entitled: parties.filter(|p| p.resolves).map(|p| p.authority.clone()).collect(),
            concerned: branches
                .map(|fact| fact.authority.clone())
                .chain(before.responsible().map(|account| account.authority.clone()))
                .collect(),
            said,
        }
    }

    /// The branch that stands: an entitled authority says so, no other entitled one says otherwise,
    /// and a second authority signs the same, entitled too or one that the custody is about.
    pub fn ruling(&self) -> Option<Ruling> {
        let judge = self.judge()?;
        let seconded = self.said.iter().find(|s| self.seconds(judge, s))?;
        Some(Ruling { by: judge.fact, seconded: seconded.fact, stands: judge.stands })
    }

    /// What it still needs; `None` once it is ruled.
    pub fn lacking(&self) -> Option<Lacking> {
        match (self.ruling(), self.judge()) {
            (Some(_), _) => None,
            (None, Some(_)) => Some(Lacking::Second),
            (None, None) if self.words().next().is_some() => Some(Lacking::Agreement),
            (None, None) => Some(Lacking::Ruling),
        }
    }

    /// Authorities whose signature would bring the fork nearer to its end.
    pub fn still_to_sign(&self) -> BTreeSet<AuthorityId> {
        match (self.lacking(), self.judge()) {
            (None | Some(Lacking::Agreement), _) => BTreeSet::new(),
            (Some(Lacking::Second), Some(judge)) => {
                let others = self.entitled.union(&self.concerned);
                others.filter(|a| **a != judge.authority).cloned().collect()
            }
            (Some(_), _) => self.entitled.clone(),
        }
    }

    /// The first word of an entitled authority, when no other one contradicts it.
    fn judge(&self) -> Option<&Said> {
        let first = self.words().next()?;
        self.words().all(|other| other.stands == first.stands).then_some(first)
    }

    /// What entitled authorities said.
    fn words(&self) -> impl Iterator<Item = &Said> {
        self.said.iter().filter(|s| self.entitled.contains(&s.authority))
    }

    fn seconds(&self, judge: &Said, other: &Said) -> bool {
        other.stands == judge.stands
            && other.authority != judge.authority
            && (self.entitled.contains(&other.authority)
                || self.concerned.contains(&other.authority))
    }
}

impl Record {
    /// What was said about a fork in this person's custody, open or settled.
    pub fn hearing(&self, person: PersonId, contest: &Contest) -> Hearing {
        let Some(standing) = self.standing(person) else {
            return Hearing::of(self, [].iter(), contest, &Custody::Outside);
        };
        let mentions = self.mentions(person).into_iter();
        Hearing::of(self, mentions, contest, custody_at(standing, contest.at))
    }
}

/// Custody after that fact of the chain.
fn custody_at(standing: &Standing, at: Option<FactHash>) -> &Custody {
    let after =
        |at| standing.chain.iter().find(|(hash, _)| *hash == at).map(|(_, custody)| custody);
    at.and_then(after).unwrap_or(&Custody::Outside)
}
