use crate::world::*;
use domain::*;
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::{BTreeMap, BTreeSet};

/// One random choice of what is reported next: who signs, what, about whom, following what.
#[derive(Debug, Clone)]
struct Choice {
    kind: u8,
    by: u8,
    who: u32,
    /// Mostly the newest fact about the person; sometimes an older one or one never made.
    follows: Index,
    honest: bool,
}

fn choices() -> impl Strategy<Value = Vec<Choice>> {
    let choice = (0u8..8, 0u8..3, 0u32..4, any::<Index>(), prop::bool::weighted(0.8))
        .prop_map(|(kind, by, who, follows, honest)| Choice { kind, by, who, follows, honest });
    prop::collection::vec(choice, 0..60)
}

/// Facts as three authorities would report them: mostly in turn, now and then at cross purposes.
fn facts(choices: &[Choice]) -> Vec<Fact> {
    let mut pen = Pen::default();
    let mut facts = vec![
        pen.fact(
            "judges",
            Event::OperationOpened {
                authorities: vec![Party {
                    authority: authority("judges"),
                    key: PublicKey([1; 32]),
                    resolves: true,
                }],
                deciders: None,
            },
        ),
        pen.registered("alpha", "north/w1", &[0, 1, 2]),
    ];
    let mut about: BTreeMap<u32, Vec<FactHash>> =
        (0..3).map(|n| (n, vec![facts[1].hash])).collect();
    for (i, c) in choices.iter().enumerate() {
        let by = ["alpha", "bravo", "judges"][c.by as usize];
        let other = ["bravo", "alpha", "alpha"][c.by as usize];
        let known = about.entry(c.who).or_default();
        let after = match known.last() {
            Some(last) if c.honest => *last,
            Some(_) => known[c.follows.index(known.len())],
            None => hash(1_000_000 + i as u64),
        };
        let fact = match c.kind {
            0 => pen.registered(by, "north/w2", &[c.who]),
            1 => pen.boarded(by, &[(c.who, after)]),
            2 => pen.offered(by, other, &[(c.who, after)]),
            3 => pen.answered(by, after, &[(c.who, Answer::Accepted)]),
            4 => pen.answered(by, after, &[(c.who, Answer::NotPresent)]),
            5 => pen.placed(by, "south/w1", &[(c.who, after)]),
            6 => pen.exited(by, ExitReason::Escaped, &[(c.who, after)]),
            _ => {
                let person = person(c.who);
                let why = ResolutionReason::DoubleReport;
                let stands = known.last().copied().unwrap_or(after);
                pen.fact(by, Event::ForkResolved { person, at: Some(after), stands, why })
            }
        };
        if c.kind < 7 {
            known.push(fact.hash);
        }
        facts.push(fact);
    }
    facts
}

/// The links between reports are as deep as somebody signs: reading them must not end the process.
#[test]
fn a_long_chain_on_a_person_registered_twice_is_followed() {
    let mut pen = Pen::default();
    let first = pen.registered("alpha", "north/w1", &[1]);
    let second = pen.registered("bravo", "south/w1", &[1]);
    let mut chain = vec![first];
    for n in 0..2_000 {
        let (after, wing) = (chain[n].hash, ["north/w1", "north/w2"][n % 2]);
        chain.push(pen.placed("alpha", wing, &[(1, after)]));
    }
    // The registrations come last, so that the chain is walked once.
    chain.rotate_left(1);
    chain.push(second);
    let fold = move || record(&chain).standing(person(1)).cloned().unwrap();
    let small = std::thread::Builder::new().stack_size(96 * 1024);
    let standing = small.spawn(fold).unwrap().join().unwrap();
    assert_eq!(standing.chain.len(), 2_001);
    assert_eq!(standing.contest.map(|c| c.branches.len()), Some(2));
}

fn standings(record: &Record) -> BTreeMap<PersonId, Standing> {
    record.people().map(|(p, s)| (p, s.clone())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Any order of arrival, with repeats, on any node: the same custody and discrepancies.
    #[test]
    fn the_order_of_arrival_does_not_matter(
        choices in choices(),
        order in Just((0..62usize).collect::<Vec<_>>()).prop_shuffle(),
        again in any::<Index>(),
    ) {
        let facts = facts(&choices);
        let straight = record(&facts);
        let mut shuffled = Record::new();
        for i in order.into_iter().filter(|i| *i < facts.len()) {
            shuffled.insert(facts[i].clone());
            shuffled.insert(facts[again.index(facts.len())].clone());
        }
        prop_assert_eq!(standings(&straight), standings(&shuffled));
        prop_assert_eq!(discrepancies(&straight), discrepancies(&shuffled));
    }

    /// Two nodes that each hold a part agree once both hold the whole.
    #[test]
    fn two_halves_make_the_whole(choices in choices(), cut in any::<Index>()) {
        let facts = facts(&choices);
        let (left, right) = facts.split_at(cut.index(facts.len()));
        let (mut a, mut b) = (record(left), record(right));
        for fact in right { a.insert(fact.clone()); }
        for fact in left { b.insert(fact.clone()); }
        prop_assert_eq!(standings(&a), standings(&b));
    }

    /// Nothing reported about custody is ever lost: it moved custody, or it is shown beside.
    #[test]
    fn every_step_is_somewhere(choices in choices()) {
        let facts = facts(&choices);
        let record = record(&facts);
        for fact in &facts {
            for (person, _, _) in fact.steps() {
                let s = record.standing(person).unwrap();
                let branches: BTreeSet<_> =
                    s.contest.iter().flat_map(|c| c.branches.iter()).copied().collect();
                let on_chain = s.chain.iter().any(|(h, _)| *h == fact.hash);
                let places = [
                    on_chain,
                    s.misfits.contains_key(&fact.hash),
                    s.parked.contains(&fact.hash),
                    s.set_aside.contains(&fact.hash),
                    !on_chain && branches.contains(&fact.hash),
                ];
                prop_assert_eq!(places.iter().filter(|p| **p).count(), 1, "{:?} {:?}", fact, s);
            }
        }
    }

    /// A change in whether a person counts comes with a registration, an exit, a recovery or a
    /// fork of one of these; with nothing else.
    #[test]
    fn totals_move_only_by_registration_and_exit(choices in choices()) {
        let facts = facts(&choices);
        let mut record = Record::new();
        let mut held = 0i64;
        for fact in &facts {
            for change in record.insert(fact.clone()) {
                let (was, is) =
                    (change.before.custody.responsible(), change.after.custody.responsible());
                held += is.is_some() as i64 - was.is_some() as i64;
                if was.is_some() != is.is_some() {
                    let ends = |s: &Standing| matches!(s.custody, Custody::Ended { .. } | Custody::Outside);
                    prop_assert!(ends(&change.before) || ends(&change.after));
                }
            }
        }
        let counted = record.people().filter(|(_, s)| s.custody.responsible().is_some()).count();
        prop_assert_eq!(held, counted as i64);
    }
}

/// The whole of one person's journey, link by link.
#[test]
fn a_handover_is_two_signatures() {
    let mut pen = Pen::default();
    let registered = pen.registered("alpha", "north/w1", &[1]);
    let boarded = pen.boarded("alpha", &[(1, registered.hash)]);
    let offered = pen.offered("alpha", "bravo", &[(1, boarded.hash)]);
    let answered = pen.answered("bravo", offered.hash, &[(1, Answer::Accepted)]);
    let placed = pen.placed("bravo", "south/w1", &[(1, answered.hash)]);
    let all = [registered, boarded, offered, answered, placed];
    let told: Vec<_> = (1..=all.len())
        .map(|n| {
            let record = record(&all[..n]);
            let custody = &record.standing(person(1)).unwrap().custody;
            format!("{} by {}", custody.state(), custody.responsible().unwrap())
        })
        .collect();
    assert_eq!(
        told,
        [
            "held by alpha at north/w1",
            "held by alpha at 2026-01-21/01 bus-1",
            "offered by alpha at 2026-01-21/01 bus-1",
            "held by bravo at 2026-01-21/01 bus-1",
            "held by bravo at south/w1",
        ]
    );
}

/// Two receivers' devices both accept: contested, counted with the last undisputed custodian,
/// until an entitled authority says which stands. Nobody else can.
#[test]
fn a_second_acceptance_is_contested_until_resolved() {
    let mut pen = Pen::default();
    let opened = pen.fact(
        "judges",
        Event::OperationOpened {
            authorities: ["judges", "alpha", "bravo"]
                .map(|a| Party {
                    authority: authority(a),
                    key: PublicKey([1; 32]),
                    resolves: a == "judges",
                })
                .to_vec(),
            deciders: None,
        },
    );
    let registered = pen.registered("alpha", "north/w1", &[1]);
    let offered = pen.offered("alpha", "bravo", &[(1, registered.hash)]);
    let first = pen.answered("bravo", offered.hash, &[(1, Answer::Accepted)]);
    let second = pen.answered("bravo", offered.hash, &[(1, Answer::NotPresent)]);
    let mut record = record(&[opened, registered, offered.clone(), first.clone(), second.clone()]);
    let standing = record.standing(person(1)).unwrap();
    assert_eq!(standing.contest.as_ref().unwrap().branches.len(), 2);
    assert_eq!(standing.custody.responsible().unwrap().authority, authority("alpha"));

    let ruling = |stands| Event::ForkResolved {
        person: person(1),
        at: Some(offered.hash),
        stands,
        why: ResolutionReason::DoubleReport,
    };
    let contested = |record: &Record| record.standing(person(1)).unwrap().contest.is_some();
    let judges = pen.fact("judges", ruling(first.hash));
    let mut alone = record.clone();
    alone.insert(judges.clone());
    assert!(contested(&alone), "one authority alone settles nothing");
    alone.insert(pen.fact("charlie", ruling(first.hash)));
    assert!(contested(&alone), "a stranger seconds nothing");
    record.insert(pen.fact("bravo", ruling(first.hash)));
    assert!(contested(&record), "the receiver is no judge");
    record.insert(judges);
    let standing = record.standing(person(1)).unwrap();
    assert_eq!(standing.contest, None);
    assert_eq!(standing.custody.responsible().unwrap().authority, authority("bravo"));
    let contested: Vec<_> = discrepancies(&record)
        .into_iter()
        .filter(|d| d.code == DiscrepancyCode::Contested)
        .collect();
    assert_eq!(contested.len(), 1);
    assert!(!contested[0].is_open());

    // The two who said so disagree with a third that is entitled too: contested again.
    let opened = pen.fact(
        "second-court",
        Event::OperationOpened {
            authorities: vec![Party {
                authority: authority("second-court"),
                key: PublicKey([2; 32]),
                resolves: true,
            }],
            deciders: None,
        },
    );
    record.insert(opened);
    record.insert(pen.fact("second-court", ruling(second.hash)));
    assert!(record.standing(person(1)).unwrap().contest.is_some());
}

/// A stranger's report about somebody else's custody changes nothing and is shown.
#[test]
fn a_stranger_cannot_contest() {
    let mut pen = Pen::default();
    let registered = pen.registered("alpha", "north/w1", &[1]);
    let stranger = pen.boarded("charlie", &[(1, registered.hash)]);
    let boarded = pen.boarded("alpha", &[(1, registered.hash)]);
    let record = record(&[registered, stranger.clone(), boarded.clone()]);
    let standing = record.standing(person(1)).unwrap();
    assert_eq!(standing.tip(), Some(boarded.hash));
    assert_eq!(standing.misfits.get(&stranger.hash), Some(&Misfit::NotCustodian));
}

/// Registered again somewhere else after a journey: still one person, still where they were.
#[test]
fn a_second_registration_counts_once() {
    let mut pen = Pen::default();
    let registered = pen.registered("alpha", "north/w1", &[1]);
    let placed = pen.placed("alpha", "north/w2", &[(1, registered.hash)]);
    let again = pen.registered("charlie", "south/w1", &[1]);
    let record = record(&[again, registered, placed]);
    let standing = record.standing(person(1)).unwrap();
    assert!(standing.contest.is_some());
    assert_eq!(standing.custody.responsible().unwrap().to_string(), "alpha at north/w2");
}
