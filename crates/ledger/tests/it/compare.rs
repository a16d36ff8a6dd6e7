//! Two figures that differ, person by person.

use crate::story::*;
use domain::*;
use ledger::{Cause, Context, Nationalities, Side, SiteKind, Sites, compare, definition, figure};
use std::collections::BTreeSet;
use std::sync::Arc;

fn sites() -> Sites {
    let kinds = [("north", SiteKind::Origin), ("karkh", SiteKind::Destination)];
    kinds.into_iter().map(|(s, kind)| (SiteId::new(s).unwrap(), kind)).collect()
}

/// 1 and 2 claim to be Iraqi, the state concerned confirms 1.
fn nationality(p: PersonId) -> Nationalities {
    let claimed = Some(if p == person(1) || p == person(2) { "IRQ" } else { "SYR" }.to_owned());
    let verified = (p == person(1)).then(|| "IRQ".to_owned());
    Nationalities { claimed, documented: None, verified }
}

/// Four leave; 4 is refused on arrival. 3 is placed one fact after the others.
fn story() -> Story {
    use Answer::*;
    let mut s = Story::default();
    s.registered("north/w1", &[1, 2, 3, 4]);
    s.boarded("custody", &[1, 2, 3, 4]);
    s.handed_over("custody", "escort", "north", &[1, 2, 3, 4].map(|n| (n, Accepted)));
    let refused = Refused(RefusalReason::PapersMissing);
    let answers = [(1, Accepted), (2, Accepted), (3, Accepted), (4, refused)];
    s.handed_over("escort", "justice", "karkh", &answers);
    s.placed("justice", "karkh/w1", &[1, 2]);
    s.placed("justice", "karkh/w1", &[3]);
    s
}

fn side<'a>(name: &str, position: u64, part: Option<&'a str>) -> Side<'a> {
    Side { definition: definition(name).unwrap(), position, part }
}

fn told(first: Side, second: Side) -> ledger::Difference {
    let (story, sites) = (story(), sites());
    let facts: Vec<_> = story.facts.iter().cloned().map(Arc::new).collect();
    let context = Context { sites: &sites, nationality: &nationality };
    compare(facts.iter(), first, second, &context)
}

fn numbers<'a>(people: impl Iterator<Item = &'a PersonId>) -> BTreeSet<PersonId> {
    people.copied().collect()
}

#[test]
fn a_later_position_is_explained_by_the_fact_between() {
    let late = Cause::Position { fact: hash(7), at: 8 };
    let forward = told(side("admitted@1", 7, None), side("admitted@1", 8, None));
    assert_eq!(forward.in_both, 2);
    assert_eq!(forward.only_second, [(person(3), late)].into());
    assert!(forward.only_first.is_empty());
    let back = told(side("admitted@1", 8, None), side("admitted@1", 7, None));
    assert_eq!(back.only_first, [(person(3), late)].into());
    assert!(back.only_second.is_empty());
}

#[test]
fn another_definition_is_explained_by_the_custody_then() {
    let difference = told(side("departed@1", 8, None), side("admitted@1", 8, None));
    let refused = Cause::Definition { tip: Some(hash(5)) };
    assert_eq!(difference.only_first, [(person(4), refused)].into());
    assert_eq!((difference.in_both, difference.only_second.len()), (3, 0));
}

#[test]
fn both_at_once_are_told_apart() {
    let difference = told(side("departed@1", 8, None), side("admitted@1", 7, None));
    assert_eq!(numbers(difference.only_first.keys()), [person(3), person(4)].into());
    // Under `departed` both positions count 3: what leaves them out of the second is its definition.
    assert!(matches!(difference.only_first[&person(3)], Cause::Definition { .. }));
}

#[test]
fn one_nationality_by_two_definitions() {
    let iraqi = |name| side(name, 8, Some("IRQ"));
    let difference = told(iraqi("nationality/claimed@1"), iraqi("nationality/verified@1"));
    assert_eq!(numbers(difference.only_first.keys()), [person(2)].into());
    assert_eq!(difference.in_both, 1);
    let all = told(side("nationality/claimed@1", 8, None), side("nationality/verified@1", 8, None));
    assert_eq!(numbers(all.coded.keys()), [person(2), person(3)].into());
    assert_eq!(all.coded[&person(2)].0, ["IRQ"]);
    assert_eq!(all.coded[&person(2)].1, ["unknown"]);
}

/// The difference accounts for every person: first less only-first is second less only-second.
#[test]
fn nobody_is_left_unexplained() {
    let (story, sites) = (story(), sites());
    let context = Context { sites: &sites, nationality: &nationality };
    let names = ["registered@1", "departed@1", "offered-at-destination@1", "admitted@1"];
    for first in names {
        for second in names {
            for (a, b) in [(4, 8), (8, 4), (8, 8), (7, 8), (1, 8)] {
                let people = |name: &str, position: usize| {
                    let mut record = Record::new();
                    for fact in &story.facts[..position] {
                        record.insert(fact.clone());
                    }
                    figure(&record, definition(name).unwrap(), &context).people
                };
                let (x, y) = (people(first, a), people(second, b));
                let told = told(side(first, a as u64, None), side(second, b as u64, None));
                let only = |from: &BTreeSet<_>, other: &BTreeSet<_>| -> BTreeSet<PersonId> {
                    from.difference(other).copied().collect()
                };
                assert_eq!(
                    numbers(told.only_first.keys()),
                    only(&x, &y),
                    "{first} {a} {second} {b}"
                );
                assert_eq!(numbers(told.only_second.keys()), only(&y, &x));
                assert_eq!(told.in_both as usize, x.intersection(&y).count());
            }
        }
    }
}
