//! What the two parties sign, and how a node reads what it holds of it.

use crate::world::{Pen, authority, hash, links, movement, person, unit};
use domain::*;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

pub const NAMES: [&str; 2] = ["giver", "receiver"];
pub const GIVER: usize = 0;
pub const RECEIVER: usize = 1;
pub const PAIR: [usize; 2] = [0, 1];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Says {
    Registered,
    Offered,
    /// Who is accepted; whoever else is in the answer is refused.
    Answered([bool; 2]),
    Withdrawn,
}

/// A signed fact: who, as the how-manyeth of the device, what, and for each of the two, if it is about
/// them, the name of the fact that it follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Said {
    pub by: usize,
    pub sequence: u8,
    pub says: Says,
    pub after: [Option<u64>; 2],
}

impl Said {
    /// Equal facts have equal names, as with a hash.
    pub fn name(&self) -> u64 {
        use std::hash::{Hash, Hasher};
        let mut hasher = std::hash::DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish() >> 16
    }

    fn about(&self) -> impl Iterator<Item = (usize, u64)> {
        let after = self.after;
        PAIR.into_iter().filter_map(move |n| Some((n, after[n]?)))
    }

    fn fact(&self) -> Fact {
        let people = || self.about().map(|(n, _)| person(n as u32));
        let offer = || hash(self.about().map(|(_, after)| after).next().unwrap());
        let event = match self.says {
            Says::Registered => Event::Registered {
                unit: unit("north/w1"),
                people: people().map(|person| (person, Commitment([0; 32]))).collect(),
            },
            Says::Offered => {
                let people: Vec<_> = self.about().map(|(n, a)| (n as u32, hash(a))).collect();
                Event::HandoverOffered {
                    movement: movement(),
                    to: authority(NAMES[RECEIVER]),
                    site: SiteId::new("south").unwrap(),
                    people: links(&people),
                }
            }
            Says::Answered(accepted) => {
                let answer = |n: usize| match accepted[n] {
                    true => Answer::Accepted,
                    false => Answer::Refused(RefusalReason::PapersMissing),
                };
                let outcomes = self.about().map(|(n, _)| (person(n as u32), answer(n))).collect();
                Event::HandoverAnswered { offer: offer(), outcomes }
            }
            Says::Withdrawn => {
                Event::HandoverWithdrawn { offer: offer(), people: people().collect() }
            }
        };
        let fact = Pen::default().fact(NAMES[self.by], event);
        let (name, sequence) = (self.name(), u64::from(self.sequence));
        Fact { hash: hash(name), id: FactId(u128::from(name).to_be_bytes()), sequence, ..fact }
    }
}

pub type Facts = BTreeSet<Said>;

/// How a node reads what it holds: the real fold, or one with a planted mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reading {
    Fold,
    /// Whoever is accepted takes everybody in the answer along.
    OneAnswersForAll,
    /// Whoever is refused is nobody's.
    RefusedIsLost,
    /// Whoever is refused keeps everybody in the answer back.
    AllOrNobody,
}

thread_local! {
    /// The same few hundred sets of facts come up in all the worlds.
    static READ: RefCell<HashMap<(Reading, Facts), [Standing; 2]>> = RefCell::default();
}

impl Reading {
    /// The standing of each of the two.
    pub fn of(self, facts: &Facts) -> [Standing; 2] {
        let which = (self, facts.clone());
        if let Some(known) = READ.with_borrow(|read| read.get(&which).cloned()) {
            return known;
        }
        let standings = self.now(facts);
        READ.with_borrow_mut(|read| read.insert(which, standings.clone()));
        standings
    }

    fn now(self, facts: &Facts) -> [Standing; 2] {
        let read = |said: &Said| {
            let says = match (self, said.says) {
                (Reading::OneAnswersForAll, Says::Answered(accepted)) => {
                    Says::Answered([accepted.contains(&true); 2])
                }
                (Reading::AllOrNobody, Says::Answered(accepted)) => {
                    Says::Answered([!accepted.contains(&false); 2])
                }
                (_, says) => says,
            };
            Fact { hash: hash(said.name()), ..Said { says, ..*said }.fact() }
        };
        let mut record = Record::new();
        for said in facts {
            record.insert(read(said));
        }
        PAIR.map(|n| {
            let mut standing = record.standing(person(n as u32)).cloned().unwrap_or_default();
            let last = standing.tip().and_then(|tip| find(facts, &tip));
            let refused = last.is_some_and(|s| matches!(s.says, Says::Answered(a) if !a[n]));
            if self == Reading::RefusedIsLost && refused {
                standing.custody = Custody::Outside;
            }
            standing
        })
    }
}

pub fn find<'a>(facts: &'a Facts, name: &FactHash) -> Option<&'a Said> {
    facts.iter().find(|said| hash(said.name()) == *name)
}

pub fn responsible(custody: &Custody) -> Option<&AuthorityId> {
    custody.responsible().map(|account| &account.authority)
}
