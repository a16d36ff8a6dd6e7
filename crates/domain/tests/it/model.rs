//! Every interleaving of a small handover, explored by stateright over the real fold.
//!
//! A giver, a carrier and a receiver report about one person. The giver and the carrier send to node
//! A, the receiver to node B; the nodes exchange facts. Any message may be late, come twice, come
//! before the one it builds on, or never come. The carrier's device may be set back to an old backup
//! once and sign again from there.

use crate::checked::{holds, is_found_out};
use crate::world::{Pen, authority, hash, links, movement, person, unit};
use domain::*;
use stateright::{Model, Property};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

const GIVER: usize = 0;
const CARRIER: usize = 1;
const RECEIVER: usize = 2;
const NAMES: [&str; 3] = ["giver", "carrier", "receiver"];
/// Which node each reports to.
const NODE: [usize; 3] = [0, 0, 1];

/// What a party says about the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Says {
    Registered,
    Offered { to: usize },
    Answered(bool),
    Withdrawn,
}

/// A signed fact: who, as the how-manyeth of the device, what, following which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Said {
    by: usize,
    sequence: u8,
    says: Says,
    /// Name of the fact it follows; 0 for none.
    after: u64,
}

impl Said {
    /// Equal facts have equal names, as with a hash.
    fn name(&self) -> u64 {
        let says = match self.says {
            Says::Registered => 0,
            Says::Offered { to } => 1 + to as u64,
            Says::Answered(accepted) => 4 + u64::from(accepted),
            Says::Withdrawn => 6,
        };
        let own = 1 + self.by as u64 + 4 * (says + 8 * u64::from(self.sequence));
        own.wrapping_add(self.after.wrapping_mul(0x9e37_79b9_7f4a_7c15)) % 0xffff_ffff_ffff
    }

    fn fact(&self) -> Fact {
        let me = NAMES[self.by];
        let after = hash(self.after);
        let event = match self.says {
            Says::Registered => Event::Registered {
                unit: unit("north/w1"),
                people: vec![(person(1), Commitment([0; 32]))],
            },
            Says::Offered { to } => Event::HandoverOffered {
                movement: movement(),
                to: authority(NAMES[to]),
                site: SiteId::new("south").unwrap(),
                people: links(&[(1, after)]),
            },
            Says::Answered(accepted) => Event::HandoverAnswered {
                offer: after,
                outcomes: vec![(
                    person(1),
                    if accepted { Answer::Accepted } else { Answer::NotPresent },
                )],
            },
            Says::Withdrawn => Event::HandoverWithdrawn { offer: after, people: vec![person(1)] },
        };
        let fact = Pen::default().fact(me, event);
        let (name, sequence) = (self.name(), u64::from(self.sequence));
        Fact { hash: hash(name), id: FactId(u128::from(name).to_be_bytes()), sequence, ..fact }
    }
}

type Facts = BTreeSet<Said>;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct World {
    /// What each party's device holds: its own facts and what its node showed it.
    seen: [Facts; 3],
    nodes: [Facts; 2],
    restored: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Act {
    Say(Said),
    /// A device's or the other node's fact comes in at a node, perhaps again.
    Deliver(Said, usize),
    /// A device looks at its node.
    Look(usize),
    /// The carrier's device comes back from a backup that lacks its newest fact.
    Restore,
}

/// How a node reads what it holds: the real fold, or one with a planted mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Fold,
    /// Of two facts that follow the same one, the later in some order counts and the other is
    /// dropped.
    LastWordWins,
    /// The offer alone moves responsibility, as if the receiver had signed.
    OfferIsEnough,
}

impl Reading {
    fn of(self, facts: &Facts) -> Standing {
        match self {
            Reading::Fold => fold(facts),
            Reading::LastWordWins => last_word_wins(facts),
            Reading::OfferIsEnough => offer_is_enough(facts),
        }
    }
}

struct Handover {
    reading: Reading,
    facts_at_most: usize,
}

fn folded(facts: &Facts) -> Record {
    let mut record = Record::new();
    for said in facts {
        record.insert(said.fact());
    }
    record
}

thread_local! {
    /// The same few thousand sets of facts come up in all the worlds.
    static FOLDED: RefCell<HashMap<Facts, Standing>> = RefCell::default();
    static ORDERLESS: RefCell<HashMap<Facts, bool>> = RefCell::default();
}

/// The standing that the real fold gives, whichever order the facts came in.
fn fold(facts: &Facts) -> Standing {
    if let Some(known) = FOLDED.with_borrow(|known| known.get(facts).cloned()) {
        return known;
    }
    let standing = folded(facts).standing(person(1)).cloned().unwrap_or_default();
    FOLDED.with_borrow_mut(|known| known.insert(facts.clone(), standing.clone()));
    standing
}

/// Whichever fact comes last, and twice, the standing is that of the set. By induction over sets,
/// every order of arrival gives it.
fn orderless(facts: &Facts) -> bool {
    if let Some(known) = ORDERLESS.with_borrow(|known| known.get(facts).copied()) {
        return known;
    }
    let whole = fold(facts);
    let orderless = facts.iter().all(|last| {
        let mut record = folded(&facts.iter().filter(|s| *s != last).copied().collect());
        record.insert(last.fact());
        record.insert(last.fact());
        record.standing(person(1)) == Some(&whole)
    });
    ORDERLESS.with_borrow_mut(|known| known.insert(facts.clone(), orderless));
    orderless
}

fn last_word_wins(facts: &Facts) -> Standing {
    let mut kept = facts.clone();
    for said in facts {
        let rival = |other: &&Said| other.after == said.after && other.name() > said.name();
        if facts.iter().any(|other| rival(&other)) {
            kept.remove(said);
        }
    }
    fold(&kept)
}

fn offer_is_enough(facts: &Facts) -> Standing {
    let mut standing = fold(facts);
    if let Custody::Offered { by, to } = standing.custody.clone() {
        let by = Account { authority: to, place: by.place };
        standing.custody = Custody::Held { by };
        if let Some((_, last)) = standing.chain.last_mut() {
            *last = standing.custody.clone();
        }
    }
    standing
}

fn responsible(custody: &Custody) -> Option<&AuthorityId> {
    custody.responsible().map(|account| &account.authority)
}

impl World {
    fn all(&self) -> Facts {
        self.seen.iter().chain(&self.nodes).flatten().copied().collect()
    }

    /// Every place that holds facts and reads them.
    fn readers(&self) -> impl Iterator<Item = &Facts> {
        self.nodes.iter().chain(&self.seen)
    }
}

impl Model for Handover {
    type State = World;
    type Action = Act;

    fn init_states(&self) -> Vec<World> {
        let first = Said { by: GIVER, sequence: 0, says: Says::Registered, after: 0 };
        let held = Facts::from([first]);
        let none = Facts::new();
        vec![World {
            seen: [held.clone(), none.clone(), none.clone()],
            nodes: [held, none],
            restored: false,
        }]
    }

    fn actions(&self, world: &World, acts: &mut Vec<Act>) {
        for by in [GIVER, CARRIER, RECEIVER] {
            if world.all().len() < self.facts_at_most {
                let standing = fold(&world.seen[by]);
                let me = authority(NAMES[by]);
                let mine = world.seen[by].iter().filter(|s| s.by == by);
                let sequence = mine.map(|s| s.sequence + 1).max().unwrap_or(0);
                let after = world.seen[by]
                    .iter()
                    .find(|s| Some(hash(s.name())) == standing.tip())
                    .map_or(0, Said::name);
                let mut say = |says| acts.push(Act::Say(Said { by, sequence, says, after }));
                match &standing.custody {
                    _ if standing.contest.is_some() => {}
                    Custody::Held { by: account } if account.authority == me && by < RECEIVER => {
                        say(Says::Offered { to: by + 1 });
                    }
                    Custody::Offered { to, .. } if *to == me => {
                        say(Says::Answered(true));
                        say(Says::Answered(false));
                    }
                    Custody::Offered { by: account, .. } if account.authority == me => {
                        say(Says::Withdrawn);
                    }
                    _ => {}
                }
            }
            let node = &world.nodes[NODE[by]];
            if !node.is_subset(&world.seen[by]) {
                acts.push(Act::Look(by));
            }
            let own = world.seen[by].iter().filter(|s| s.by == by && !node.contains(s));
            acts.extend(own.map(|s| Act::Deliver(*s, NODE[by])));
        }
        for (from, to) in [(0, 1), (1, 0)] {
            let missing = world.nodes[from].difference(&world.nodes[to]);
            acts.extend(missing.map(|s| Act::Deliver(*s, to)));
        }
        if !world.restored && world.seen[CARRIER].iter().any(|s| s.by == CARRIER) {
            acts.push(Act::Restore);
        }
    }

    fn next_state(&self, world: &World, act: Act) -> Option<World> {
        let mut next = world.clone();
        match act {
            Act::Say(said) => {
                next.seen[said.by].insert(said);
            }
            Act::Deliver(said, node) => {
                next.nodes[node].insert(said);
            }
            Act::Look(by) => next.seen[by].extend(&world.nodes[NODE[by]]),
            Act::Restore => {
                let newest = world.seen[CARRIER].iter().filter(|s| s.by == CARRIER);
                let newest = *newest.max_by_key(|s| s.sequence)?;
                next.seen[CARRIER].remove(&newest);
                next.restored = true;
            }
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("never two undisputed custodians", |model: &Self, world: &World| {
                let [a, b] = world.nodes.each_ref().map(|facts| model.reading.of(facts));
                let along =
                    |x: &Standing, y: &Standing| x.chain.iter().zip(&y.chain).all(|(x, y)| x == y);
                along(&a, &b) || model.reading.of(&world.all()).contest.is_some()
            }),
            Property::always("no person lost", |model: &Self, world: &World| {
                world
                    .readers()
                    .filter(|facts| facts.iter().any(|s| s.says == Says::Registered))
                    .all(|facts| responsible(&model.reading.of(facts).custody).is_some())
            }),
            Property::always("no silent change", |model: &Self, world: &World| {
                world
                    .readers()
                    .all(|facts| changes_are_signed_twice(facts, &model.reading.of(facts)))
            }),
            Property::always("every report is shown", |model: &Self, world: &World| {
                world.readers().all(|facts| all_shown(facts, &model.reading.of(facts)))
            }),
            Property::always("the order of arrival does not matter", |_: &Self, world: &World| {
                world.nodes.iter().all(orderless)
            }),
            Property::sometimes("handed over twice", |model: &Self, world: &World| {
                let receiver = authority("receiver");
                responsible(&model.reading.of(&world.nodes[0]).custody) == Some(&receiver)
            }),
            Property::sometimes("contested", |_: &Self, world: &World| {
                fold(&world.nodes[1]).contest.is_some()
            }),
            Property::sometimes("a fact waits for the one before", |_: &Self, world: &World| {
                !fold(&world.nodes[1]).parked.is_empty()
            }),
        ]
    }
}

/// Responsibility moved only where an offer by the one was accepted by the other.
fn changes_are_signed_twice(facts: &Facts, standing: &Standing) -> bool {
    let said = |name: &FactHash| facts.iter().find(|s| hash(s.name()) == *name);
    standing.chain.windows(2).all(|pair| {
        let [(offer, before), (answer, after)] = pair else { return false };
        let (from, to) = (responsible(before), responsible(after));
        from == to
            || matches!(
                (said(offer), said(answer)),
                (Some(Said { says: Says::Offered { to: asked }, by: giver, .. }),
                 Some(Said { says: Says::Answered(true), by: taker, .. }))
                    if asked == taker
                        && from == Some(&authority(NAMES[*giver]))
                        && to == Some(&authority(NAMES[*taker]))
            )
    })
}

fn all_shown(facts: &Facts, standing: &Standing) -> bool {
    let branches = standing.contest.iter().flat_map(|c| &c.branches);
    let shown: BTreeSet<_> = standing
        .chain
        .iter()
        .map(|(h, _)| h)
        .chain(branches)
        .chain(standing.misfits.keys())
        .chain(&standing.parked)
        .chain(&standing.set_aside)
        .collect();
    facts.iter().all(|s| shown.contains(&hash(s.name())))
}

#[test]
fn every_interleaving_keeps_one_custodian() {
    holds(Handover { reading: Reading::Fold, facts_at_most: 5 });
}

/// The model sees a fault: each planted reading breaks the rule it should.
#[test]
fn planted_mistakes_are_found() {
    for (reading, broken) in [
        (Reading::LastWordWins, "every report is shown"),
        (Reading::LastWordWins, "never two undisputed custodians"),
        (Reading::OfferIsEnough, "no silent change"),
    ] {
        is_found_out(Handover { reading, facts_at_most: 4 }, broken);
    }
}
