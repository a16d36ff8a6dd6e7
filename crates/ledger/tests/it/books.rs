use crate::story::*;
use domain::*;
use ledger::{Books, Counts, Posting, site_books};
use proptest::collection::vec;
use proptest::prelude::*;

const PEOPLE: u32 = 4;
const AUTHORITIES: [&str; 3] = ["custody", "escort", "justice"];

/// A fact in the making: who, what, about whom, following which earlier fact.
type Seed = (usize, u8, u32, prop::sample::Index, u8);

fn event(kind: u8, person_n: u32, after: FactHash, detail: u8) -> Event {
    let person = person(person_n);
    let link = vec![Link { person, after }];
    let units = ["north/w1", "north/w2", "base/t1", "karkh/w1"];
    let unit = unit(units[usize::from(detail % 4)]);
    let movement = MovementId::parse("2026-01-21/01").unwrap();
    match kind {
        0 | 1 => Event::Registered { unit, people: vec![(person, Commitment([0; 32]))] },
        2 => Event::Boarded { movement, vehicle: VehicleId::new("bus-1").unwrap(), people: link },
        3 | 4 => Event::HandoverOffered {
            movement,
            to: AuthorityId::new(AUTHORITIES[usize::from(detail % 3)]).unwrap(),
            site: SiteId::new("north").unwrap(),
            people: link,
        },
        5 | 6 => {
            let answers =
                [Answer::Accepted, Answer::NotPresent, Answer::Refused(RefusalReason::NoSpace)];
            let answer = answers[usize::from(detail % 3)];
            Event::HandoverAnswered { offer: after, outcomes: vec![(person, answer)] }
        }
        7 => Event::HandoverWithdrawn { offer: after, people: vec![person] },
        8 => Event::Placed { unit, people: link },
        9 => {
            let why = ExitReason::ALL[usize::from(detail) % ExitReason::ALL.len()];
            Event::Exited { why, people: link }
        }
        10 => Event::Recovered { unit, people: link },
        _ => Event::ForkResolved {
            person,
            at: (!detail.is_multiple_of(4)).then_some(after),
            stands: hash(u32::from(detail) % 20),
            why: ResolutionReason::LateReport,
        },
    }
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let seed = (0usize..3, 0u8..12, 1..=PEOPLE, any::<prop::sample::Index>(), any::<u8>());
    vec(seed, 1..40).prop_map(|seeds: Vec<Seed>| {
        let parties = AUTHORITIES
            .iter()
            .map(|name| Party {
                authority: AuthorityId::new(name).unwrap(),
                key: PublicKey([0; 32]),
                resolves: *name == "justice",
            })
            .collect();
        let mut facts = vec![fact(
            0,
            "custody",
            Event::OperationOpened { authorities: parties, deciders: None },
        )];
        for (n, (who, kind, person_n, after, detail)) in (1..).zip(seeds) {
            // Mostly the latest fact about the person, at times any, so that forks happen.
            let about: Vec<_> =
                facts.iter().filter(|f| f.people().contains(&person(person_n))).collect();
            let after = match (about.last(), detail % 3) {
                (None, _) => facts[after.index(facts.len())].hash,
                (Some(last), 0 | 1) => last.hash,
                (Some(_), _) => about[after.index(about.len())].hash,
            };
            facts.push(fact(n, AUTHORITIES[who], event(kind, person_n, after, detail)));
        }
        facts
    })
}

/// Posts facts in that order and checks the balance after each.
fn post(facts: &[Fact]) -> Result<(Record, Books), TestCaseError> {
    let mut record = Record::new();
    let mut books = Books::new();
    for (position, fact) in (0..).zip(facts) {
        for change in record.insert(fact.clone()) {
            if let Some(posting) = Posting::of(position, &change) {
                books.apply(&posting).map_err(|e| TestCaseError::fail(e.to_string()))?;
            }
        }
        prop_assert_eq!(books.check(), Ok(()));
    }
    Ok((record, books))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// In any order of arrival the books balance at every position, and end the same.
    #[test]
    fn the_books_balance_in_any_order(
        (facts, shuffled) in facts().prop_flat_map(|f| (Just(f.clone()), Just(f).prop_shuffle())),
    ) {
        let (record, books) = post(&facts)?;
        let (_, other) = post(&shuffled)?;
        prop_assert_eq!(&books, &other);
        // Each account holds exactly those whom the fold says it answers for.
        let mut held = std::collections::BTreeMap::<&Account, u64>::new();
        let mut counts = Counts::default();
        for (_, standing) in record.people() {
            counts.add(&Counts::of(standing), 1);
            if let Some(account) = standing.custody.responsible() {
                *held.entry(account).or_default() += 1;
            }
        }
        prop_assert!(books.accounts().eq(held));
        prop_assert_eq!(books.counts(), &counts);
        prop_assert_eq!(books.by_authority().into_values().sum::<u64>(), books.answered_for());
        let by_site = books.by_site();
        for (site, book) in site_books(&record) {
            prop_assert_eq!(book.entered - book.left, book.balance);
            prop_assert_eq!(by_site.get(&site).copied().unwrap_or(0), book.balance);
        }
    }

    /// Where nobody disputes and nothing comes late, only three kinds move the totals.
    #[test]
    fn totals_move_only_by_registration_exit_and_recovery(
        seeds in vec((0usize..3, 0u8..11, 1..=PEOPLE, any::<u8>()), 1..60),
    ) {
        let mut story = Story::default();
        for (who, kind, n, detail) in seeds {
            let after = story.links(&[n])[0].after;
            let event = event(kind, n, after, detail);
            let registered = story.record.standing(person(n)).is_some_and(|s| s.tip().is_some());
            if matches!(event, Event::Registered { .. }) && registered {
                // A second registration is a dispute over the first.
                continue;
            }
            let moves = matches!(
                event,
                Event::Registered { .. } | Event::Exited { .. } | Event::Recovered { .. }
            );
            let (_, changes) = story.tell(AUTHORITIES[who], event);
            for posting in changes.iter().filter_map(|c| Posting::of(0, c)) {
                prop_assert_eq!(posting.counts.is_zero(), !moves, "{:?}", posting);
                prop_assert_eq!(moves, posting.from.is_some() != posting.to.is_some());
            }
        }
    }
}

#[test]
fn an_overdrawn_account_is_refused() {
    let mut books = Books::new();
    let account = Account {
        authority: AuthorityId::new("custody").unwrap(),
        place: Place::Unit(unit("north/w1")),
    };
    let posting = Posting {
        position: 3,
        person: person(1),
        from: Some(account),
        to: None,
        counts: Counts::default(),
    };
    let message = books.apply(&posting).unwrap_err().to_string();
    assert!(
        message.starts_with("posting at 3 takes A-000001-3 from custody at north/w1"),
        "{message}"
    );
    let appeared = Posting { to: posting.from.clone(), from: None, ..posting };
    assert!(books.apply(&appeared).is_err(), "nobody appears without being registered");
}
