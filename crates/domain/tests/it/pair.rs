//! Every interleaving of handing two people over at once, explored by stateright over the real fold.
//!
//! A giver offers both or one of them, and the receiver answers person by person: what is said of one must
//! change nothing for the other. Each has a node; the nodes exchange facts late, in any order, or never. The
//! receiver's device may be set back to an old backup once, and answer the same offer again.

mod said;

use crate::checked::{holds, is_found_out};
use crate::world::authority;
use domain::{Custody, Standing};
use said::{Facts, GIVER, NAMES, PAIR, RECEIVER, Reading, Said, Says, find, responsible};
use stateright::{Model, Property};

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct World {
    /// Of the giver's node and of the receiver's.
    nodes: [Facts; 2],
    /// What the receiver's device has no memory of any more.
    forgotten: Option<Said>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Act {
    Say(Said),
    /// A fact of the other node comes in at this one.
    Deliver(Said, usize),
    /// The receiver's device comes back from a backup that lacks its newest fact.
    Restore,
}

struct Batch {
    reading: Reading,
    facts_at_most: usize,
}

impl Batch {
    /// What a party may say next, by what its device holds.
    fn sayable(&self, world: &World, by: usize, acts: &mut Vec<Act>) {
        let mut held = world.nodes[by].clone();
        if let Some(forgotten) = world.forgotten.filter(|_| by == RECEIVER) {
            held.remove(&forgotten);
        }
        let mine = held.iter().filter(|said| said.by == by);
        let sequence = mine.map(|said| said.sequence + 1).max().unwrap_or(0);
        let standings = Reading::Fold.of(&held);
        let tip = |n: usize| standings[n].tip().and_then(|tip| find(&held, &tip)).map(Said::name);
        let mut say = |says, after| acts.push(Act::Say(Said { by, sequence, says, after }));
        let undisputed = |n: usize| standings[n].contest.is_none();
        let is_held = |n: usize| {
            let by_giver = matches!(&standings[n].custody,
                Custody::Held { by } if by.authority == authority(NAMES[GIVER]));
            by == GIVER && by_giver && undisputed(n)
        };
        for who in [[true, true], [true, false], [false, true]] {
            if PAIR.iter().all(|n| !who[*n] || is_held(*n)) {
                say(Says::Offered, PAIR.map(|n| tip(n).filter(|_| who[n])));
            }
        }
        for offer in held.iter().filter(|said| said.says == Says::Offered) {
            let waits = |n: usize| tip(n) == Some(offer.name()) && undisputed(n);
            let after = PAIR.map(|n| Some(offer.name()).filter(|_| waits(n)));
            match (after, by) {
                ([None, None], _) => {}
                (_, GIVER) => say(Says::Withdrawn, after),
                _ => {
                    let outcomes = [[true, true], [true, false], [false, true], [false, false]];
                    let apart = |a: &[bool; 2]| PAIR.iter().all(|n| after[*n].is_some() || !a[*n]);
                    outcomes.into_iter().filter(apart).for_each(|a| say(Says::Answered(a), after));
                }
            }
        }
    }
}

impl Model for Batch {
    type State = World;
    type Action = Act;

    fn init_states(&self) -> Vec<World> {
        let after = [Some(0), Some(0)];
        let first = Said { by: GIVER, sequence: 0, says: Says::Registered, after };
        vec![World { nodes: [Facts::from([first]), Facts::new()], forgotten: None }]
    }

    fn actions(&self, world: &World, acts: &mut Vec<Act>) {
        let all: Facts = world.nodes.iter().flatten().copied().collect();
        if all.len() < self.facts_at_most {
            [GIVER, RECEIVER].iter().for_each(|by| self.sayable(world, *by, acts));
        }
        for (from, to) in [(0, 1), (1, 0)] {
            let missing = world.nodes[from].difference(&world.nodes[to]);
            acts.extend(missing.map(|said| Act::Deliver(*said, to)));
        }
        if world.forgotten.is_none() && world.nodes[RECEIVER].iter().any(|s| s.by == RECEIVER) {
            acts.push(Act::Restore);
        }
    }

    fn next_state(&self, world: &World, act: Act) -> Option<World> {
        let mut next = world.clone();
        match act {
            Act::Say(said) => _ = next.nodes[said.by].insert(said),
            Act::Deliver(said, node) => _ = next.nodes[node].insert(said),
            Act::Restore => {
                let own = world.nodes[RECEIVER].iter().filter(|said| said.by == RECEIVER);
                next.forgotten = Some(*own.max_by_key(|said| said.sequence)?);
            }
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("never two undisputed custodians", |model: &Self, world: &World| {
                let [a, b] = world.nodes.each_ref().map(|facts| model.reading.of(facts));
                let all = world.nodes.iter().flatten().copied().collect();
                let whole = model.reading.of(&all);
                PAIR.iter().all(|n| {
                    let mut both = a[*n].chain.iter().zip(&b[*n].chain);
                    both.all(|(x, y)| x == y) || whole[*n].contest.is_some()
                })
            }),
            Property::always("no person lost", |model: &Self, world: &World| {
                let knowing = |facts: &&Facts| facts.iter().any(|s| s.says == Says::Registered);
                world.nodes.iter().filter(knowing).all(|facts| {
                    let standings = model.reading.of(facts);
                    standings.iter().all(|s| responsible(&s.custody).is_some())
                })
            }),
            Property::always("no silent change", |model: &Self, world: &World| {
                world.nodes.iter().all(|facts| {
                    let standings = model.reading.of(facts);
                    PAIR.iter().all(|n| changes_are_signed_twice(facts, *n, &standings[*n]))
                })
            }),
            Property::always("each is answered for alone", |model: &Self, world: &World| {
                world.nodes.iter().all(|facts| answered_alone(facts, &model.reading.of(facts)))
            }),
            Property::sometimes("one taken, one refused", |model: &Self, world: &World| {
                let [one, other] = model.reading.of(&world.nodes[GIVER]);
                let by = |s: &Standing| responsible(&s.custody).cloned();
                by(&one) == Some(authority("receiver")) && by(&other) == Some(authority("giver"))
            }),
            Property::sometimes("one contested, one not", |model: &Self, world: &World| {
                let [one, other] = model.reading.of(&world.nodes[GIVER]);
                one.contest.is_some() && other.contest.is_none()
            }),
        ]
    }
}

/// The person's custodian changed only where an offer of them was followed by an acceptance of them.
fn changes_are_signed_twice(facts: &Facts, n: usize, standing: &Standing) -> bool {
    standing.chain.windows(2).all(|pair| {
        let [(offer, before), (answer, after)] = pair else { return false };
        let accepted = |said: &Said| matches!(said.says, Says::Answered(accepted) if accepted[n]);
        responsible(before) == responsible(after)
            || find(facts, offer).is_some_and(|s| s.says == Says::Offered && s.after[n].is_some())
                && find(facts, answer).is_some_and(accepted)
    })
}

/// An answer that stands in the chain of one has done for them what it says of them, whatever it says of
/// the other.
fn answered_alone(facts: &Facts, standings: &[Standing; 2]) -> bool {
    PAIR.iter().all(|n| {
        standings[*n].chain.iter().all(|(name, custody)| match find(facts, name).map(|s| s.says) {
            Some(Says::Answered(accepted)) => {
                let by = NAMES[if accepted[*n] { RECEIVER } else { GIVER }];
                responsible(custody) == Some(&authority(by))
            }
            _ => true,
        })
    })
}

#[test]
fn what_is_said_of_one_changes_nothing_for_the_other() {
    holds(Batch { reading: Reading::Fold, facts_at_most: 6 });
}

/// The model sees a fault: each planted reading breaks the rule it should.
#[test]
fn planted_mistakes_are_found() {
    for (reading, broken) in [
        (Reading::OneAnswersForAll, "no silent change"),
        (Reading::RefusedIsLost, "no person lost"),
        (Reading::AllOrNobody, "each is answered for alone"),
    ] {
        is_found_out(Batch { reading, facts_at_most: 4 }, broken);
    }
}
