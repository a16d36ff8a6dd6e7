use crate::world::*;
use domain::obligation::*;
use domain::*;
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::BTreeSet;

/// A key and the device it makes: no signature is checked here.
fn key(n: u8) -> PublicKey {
    PublicKey([n; 32])
}
fn device(n: u8) -> DeviceId {
    DeviceId::of(&key(n))
}

/// Own keys: 1 of alpha, 2 of bravo, 3 of judges, who resolve.
fn opened(pen: &mut Pen) -> Fact {
    let party = |name, n| Party { authority: authority(name), key: key(n), resolves: n == 3 };
    let authorities = vec![party("alpha", 1), party("bravo", 2), party("judges", 3)];
    pen.by_device(device(1), "alpha", Event::OperationOpened { authorities, deciders: None })
}
fn enrol(pen: &mut Pen, own: u8, by: &str, n: u8) -> Fact {
    let event = Event::DeviceEnrolled { key: key(n), role: Role::Gate, site: None, term: None };
    pen.by_device(device(own), by, event)
}
fn change(pen: &mut Pen, from: u8, by: &str, to: u8) -> Fact {
    let event = Event::KeyChanged { key: key(to), proof: KeyProof([0; 64]) };
    pen.by_device(device(from), by, event)
}
fn revoke(pen: &mut Pen, own: u8, by: &str, n: u8, last: Option<u64>) -> Fact {
    let event = Event::DeviceRevoked { device: device(n), last, why: RevocationReason::Stolen };
    pen.by_device(device(own), by, event)
}
fn registered(pen: &mut Pen, n: u8, by: &str, who: u32) -> Fact {
    let people = vec![(person(who), Commitment([0; 32]))];
    pen.by_device(device(n), by, Event::Registered { unit: unit("north/w1"), people })
}
fn offered(pen: &mut Pen, n: u8, by: &str, to: &str, who: u32, after: FactHash) -> Fact {
    let to = authority(to);
    let site = SiteId::new("south").unwrap();
    let people = links(&[(who, after)]);
    pen.by_device(device(n), by, Event::HandoverOffered { movement: movement(), to, site, people })
}
fn placed(pen: &mut Pen, n: u8, by: &str, who: u32, after: FactHash) -> Fact {
    let people = links(&[(who, after)]);
    pen.by_device(device(n), by, Event::Placed { unit: unit("north/w2"), people })
}
fn codes(record: &Record) -> BTreeSet<&'static str> {
    discrepancies(record).iter().map(|d| d.code.code()).collect()
}
fn custodian(record: &Record, who: u32) -> Option<String> {
    let custody = &record.standing(person(who))?.custody;
    custody.responsible().map(|account| account.to_string())
}

/// The known defect of old: whoever enrolled first won. Now each fact speaks for whom it names.
#[test]
fn two_authorities_may_enrol_one_key_in_any_order() {
    let mut pen = Pen::default();
    let opening = opened(&mut pen);
    let by_alpha = enrol(&mut pen, 1, "alpha", 10);
    let by_bravo = enrol(&mut pen, 2, "bravo", 10);
    let one = registered(&mut pen, 10, "alpha", 1);
    let facts = [opening, by_alpha, by_bravo, one];
    for order in [[0, 1, 2, 3], [0, 2, 1, 3], [2, 3, 1, 0]] {
        let record = record(&order.map(|i| facts[i].clone()));
        for name in ["alpha", "bravo"] {
            assert!(record.keys().may_sign(&device(10), &authority(name)));
        }
        assert!(!record.keys().may_sign(&device(10), &authority("judges")));
        assert_eq!(custodian(&record, 1).as_deref(), Some("alpha at north/w1"));
        assert!(codes(&record).contains("key-shared"));
    }
}

#[test]
fn only_an_own_key_enrols_and_only_for_its_authority() {
    let mut pen = Pen::default();
    let facts = [
        opened(&mut pen),
        enrol(&mut pen, 1, "alpha", 10),
        enrol(&mut pen, 10, "alpha", 11),
        enrol(&mut pen, 1, "bravo", 12),
    ];
    let record = record(&facts);
    let known = |n, by| record.keys().may_sign(&device(n), &authority(by));
    assert!(known(10, "alpha"));
    assert!(!known(11, "alpha") && !known(12, "bravo") && !known(12, "alpha"));
}

#[test]
fn a_revocation_leaves_past_facts_standing() {
    let mut pen = Pen::default();
    let mut facts = vec![opened(&mut pen), enrol(&mut pen, 1, "alpha", 10)];
    let one = registered(&mut pen, 10, "alpha", 1);
    let moved = placed(&mut pen, 10, "alpha", 1, one.hash);
    facts.extend([one.clone(), moved.clone()]);
    // The thief offers the person to bravo, and writes somebody new into the book.
    let theft = offered(&mut pen, 10, "alpha", "bravo", 1, moved.hash);
    let two = registered(&mut pen, 10, "alpha", 2);
    facts.extend([theft.clone(), two]);
    let before = record(&facts);
    assert_eq!(before.standing(person(1)).unwrap().custody.state(), "offered");
    facts.push(revoke(&mut pen, 1, "alpha", 10, Some(1)));
    let after = record(&facts);
    let standing = after.standing(person(1)).unwrap();
    assert_eq!(standing.tip(), Some(moved.hash));
    assert_eq!(standing.misfits.get(&theft.hash), Some(&Misfit::SignerRevoked));
    // Nobody vanishes with a key: the registration stands, and is shown.
    assert_eq!(custodian(&after, 2).as_deref(), Some("alpha at north/w1"));
    assert!(codes(&after).contains("after-revocation"));
    // Another authority's own key, or a device, revokes nothing of alpha's.
    facts.pop();
    facts.push(revoke(&mut pen, 2, "bravo", 10, None));
    facts.push(revoke(&mut pen, 10, "alpha", 10, None));
    assert_eq!(record(&facts).standing(person(1)), before.standing(person(1)));
}

/// A thief who holds a revoked phone must not close what it opened, nor stop a clock, open a gate on
/// paper or promise room.
#[test]
fn what_a_revoked_key_says_decides_nothing() {
    let mut pen = Pen::default();
    let mut facts = vec![opened(&mut pen), enrol(&mut pen, 1, "alpha", 10)];
    let one = registered(&mut pen, 10, "alpha", 1);
    let stray = registered(&mut pen, 10, "alpha", 2);
    facts.extend([one.clone(), stray.clone()]);
    facts.push(revoke(&mut pen, 1, "alpha", 10, Some(0)));
    let say = |pen: &mut Pen, event| pen.by_device(device(10), "alpha", event);
    let closing = Event::DiscrepancyResolved {
        code: DiscrepancyCode::AfterRevocation,
        fact: stray.hash,
        why: ResolutionReason::ClerkError,
    };
    let told = Event::Notified { whom: Notified::Family, people: vec![person(1)] };
    let waived = Event::NoticeDeferred {
        whom: Notified::Counsel,
        why: DeferralReason::PersonDeclines,
        until: None,
        people: vec![person(1)],
    };
    let promise = Event::IntakePromised { site: SiteId::new("south").unwrap(), nights: vec![] };
    for event in [closing, told, waived, promise] {
        facts.push(say(&mut pen, event));
    }
    let record = record(&facts);
    let open: Vec<_> = discrepancies(&record)
        .into_iter()
        .filter(|d| d.code == DiscrepancyCode::AfterRevocation)
        .map(|d| d.is_open())
        .collect();
    assert_eq!(open, [true; 5]);
    assert_eq!(record.of_kind(kind::INTAKE_PROMISED).count(), 1);
    assert_eq!(record.counted(kind::INTAKE_PROMISED).count(), 0);
    let rule = |whom| ObligationRule {
        starts: Start::Registered,
        proof: Proof::Notified(whom),
        ..crate::obligations::family_told(1)
    };
    let rules = [rule(Notified::Family), rule(Notified::Counsel)];
    let of_one: Vec<_> =
        clocks(&record, &rules).into_iter().filter(|c| c.person == person(1)).collect();
    assert_eq!(of_one.len(), 2);
    assert!(of_one.iter().all(|clock| clock.end.is_none()), "{of_one:?}");
}

/// A phone signs its own changes of key: thousands of them must not cost the record hours at each start.
#[test]
fn a_phone_that_changes_its_key_again_and_again_costs_little() {
    let wide = |n: u32| {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&(1_000 + n).to_be_bytes());
        PublicKey(bytes)
    };
    let mut pen = Pen::default();
    let mut facts = vec![opened(&mut pen), enrol(&mut pen, 1, "alpha", 10)];
    let mut from = device(10);
    for n in 0..1_500 {
        let change = Event::KeyChanged { key: wide(n), proof: KeyProof([0; 64]) };
        facts.push(pen.by_device(from, "alpha", change));
        // Revokes nothing, since no own key says it.
        let of = Event::DeviceRevoked { device: from, last: None, why: RevocationReason::Lost };
        facts.push(pen.by_device(from, "alpha", of));
        from = DeviceId::of(&wide(n));
    }
    // Half a second where each costs as much as the first; where it costs what came before, this never ends.
    let forward = record(&facts);
    facts.reverse();
    let backward = record(&facts);
    for record in [forward, backward] {
        assert!(record.keys().may_sign(&from, &authority("alpha")));
    }
}

/// Two signatures made the handover; the giver's keyholder alone cannot take it back.
#[test]
fn a_revocation_does_not_undo_what_another_authority_built_on() {
    let mut pen = Pen::default();
    let opening = opened(&mut pen);
    let enrolled = enrol(&mut pen, 1, "alpha", 10);
    let one = registered(&mut pen, 10, "alpha", 1);
    let offer = offered(&mut pen, 10, "alpha", "bravo", 1, one.hash);
    let answer = pen.answered("bravo", offer.hash, &[(1, Answer::Accepted)]);
    let revoked = revoke(&mut pen, 1, "alpha", 10, None);
    let record = record(&[opening, enrolled, one, offer, answer.clone(), revoked]);
    assert_eq!(record.standing(person(1)).unwrap().tip(), Some(answer.hash));
    assert_eq!(custodian(&record, 1).as_deref(), Some("bravo at north/w1"));
}

#[test]
fn a_new_key_takes_over_what_the_old_one_was_for() {
    let mut pen = Pen::default();
    let mut facts = vec![opened(&mut pen), enrol(&mut pen, 1, "alpha", 10)];
    facts.extend([change(&mut pen, 10, "alpha", 11), change(&mut pen, 11, "alpha", 12)]);
    // Alpha's own key changes too, and the new one enrols.
    facts.extend([change(&mut pen, 1, "alpha", 4), enrol(&mut pen, 4, "alpha", 13)]);
    let record = record(&facts);
    for n in [11, 12, 13] {
        assert!(record.keys().may_sign(&device(n), &authority("alpha")), "{n}");
        assert_eq!(record.keys().enrolments(&device(n)).next().unwrap().role, Role::Gate);
    }
    assert!(record.keys().is_own(&device(4), &authority("alpha")));
    assert!(!record.keys().is_own(&device(12), &authority("alpha")));
}

#[test]
fn a_stolen_own_key_does_not_outlive_its_revocation() {
    let mut pen = Pen::default();
    let mut facts = vec![opened(&mut pen), change(&mut pen, 1, "alpha", 4)];
    let enrolled = enrol(&mut pen, 4, "alpha", 10);
    facts.push(enrolled);
    // The thief has key 1: it names a successor of its own, which enrols, and tries to revoke.
    facts.extend([change(&mut pen, 1, "alpha", 66), enrol(&mut pen, 66, "alpha", 67)]);
    facts.push(revoke(&mut pen, 1, "alpha", 4, None));
    let stolen = registered(&mut pen, 67, "alpha", 1);
    facts.push(stolen);
    facts.push(placed(&mut pen, 67, "alpha", 1, facts.last().unwrap().hash));
    let honest = registered(&mut pen, 10, "alpha", 2);
    facts.push(honest.clone());
    let counts =
        |record: &Record, hash: &FactHash| record.keys().counts(record.fact(hash).unwrap());
    // Sequence 1 of key 1 is the honest change; what came after does not count.
    facts.push(revoke(&mut pen, 3, "judges", 1, Some(1)));
    let record = record(&facts);
    assert!(counts(&record, &honest.hash));
    assert!(!counts(&record, &facts[7].hash));
    assert_eq!(custodian(&record, 1).as_deref(), Some("alpha at north/w1"));
    assert!(record.keys().revocation(&device(4), &authority("alpha")).is_none());
}

#[test]
fn a_chain_with_a_hole_parks_what_follows_it() {
    let mut pen = Pen::default();
    let mut facts: Vec<_> = (1..4).map(|n| registered(&mut pen, 10, "alpha", n)).collect();
    for n in 1..3 {
        facts[n].previous = Some(facts[n - 1].hash);
    }
    let parked =
        |record: &Record| record.device(&device(10)).unwrap().parked().collect::<BTreeSet<_>>();
    let mut holed = record(&[facts[2].clone(), facts[0].clone()]);
    assert_eq!(parked(&holed), BTreeSet::from([facts[2].hash]));
    holed.insert(facts[1].clone());
    assert_eq!(parked(&holed), BTreeSet::new());
}

#[test]
fn silence_terms_and_lost_tails_are_shown() {
    let mut pen = Pen::default();
    let at = |s: i64| jiff::Timestamp::from_second(1_769_000_000 + s).unwrap();
    let term = Term { unit: None, from: at(0), until: at(1_000), silence_s: 100, replaces: None };
    let (role, site) = (Role::Gate, None);
    let enrolled = Event::DeviceEnrolled { key: key(10), role, site, term: Some(Box::new(term)) };
    let mut facts = vec![opened(&mut pen)];
    facts.push(pen.by_device(device(1), "alpha", enrolled));
    let mut said = pen.by_device(device(10), "alpha", Event::HeadsSeen { heads: vec![] });
    said.occurred_at = at(50);
    facts.push(said);
    let quiet = |facts: &[Fact], s| silences(&record(facts), at(s)).len();
    assert_eq!([150, 151, 999, 1_000].map(|s| quiet(&facts, s)), [0, 1, 1, 0]);
    assert_eq!(codes(&record(&facts)), BTreeSet::new());

    let longest = |facts: &[Fact], from, until| {
        longest_silence(&record(facts), &device(10), at(from), at(until))
    };
    assert_eq!(longest(&facts, 0, 80), Some((at(0), at(50))));
    assert_eq!(longest(&facts, 0, 200), Some((at(50), at(200))));
    assert_eq!(longest(&facts, 0, 100), Some((at(0), at(50))), "of two as long, the first");
    assert_eq!(longest(&facts, 60, 80), Some((at(60), at(80))), "what was said before is over");
    assert_eq!(longest(&facts, 80, 80), None);

    let heads = vec![ChainHead { device: device(11), sequence: 4, hash: hash(999) }];
    let mut late = pen.by_device(device(10), "alpha", Event::HeadsSeen { heads });
    late.occurred_at = at(1_000);
    facts.push(late);
    assert_eq!(codes(&record(&facts)), BTreeSet::from(["out-of-term", "tail-missing"]));
    facts.push(revoke(&mut pen, 1, "alpha", 10, Some(9)));
    assert_eq!(quiet(&facts, 500), 0);
}

#[derive(Debug, Clone)]
struct Choice {
    kind: u8,
    signer: u8,
    by: u8,
    about: u8,
    last: Option<u64>,
    follows: Index,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Keys enrolled, changed and revoked at cross purposes by anybody: any order, one answer.
    #[test]
    fn keys_are_a_function_of_the_set(
        choices in prop::collection::vec(
            (0u8..6, 1u8..9, 0u8..3, 1u8..9, any::<Option<u8>>(), any::<Index>()), 0..40),
        order in Just((0..60usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let mut pen = Pen::default();
        let mut facts = vec![opened(&mut pen), registered(&mut pen, 1, "alpha", 1)];
        let mut about = vec![facts[1].hash];
        for (kind, signer, by, other, last, follows) in choices {
            let c = Choice { kind, signer, by, about: other, last: last.map(|n| u64::from(n % 4)), follows };
            let by = ["alpha", "bravo", "judges"][c.by as usize];
            let after = about[c.follows.index(about.len())];
            facts.push(match c.kind {
                0 => enrol(&mut pen, c.signer, by, c.about),
                1 => change(&mut pen, c.signer, by, c.about),
                2 => revoke(&mut pen, c.signer, by, c.about, c.last),
                3 => placed(&mut pen, c.signer, by, 1, after),
                4 => offered(&mut pen, c.signer, by, "bravo", 1, after),
                _ => {
                    let outcomes = vec![(person(1), Answer::Accepted)];
                    pen.by_device(device(c.signer), by, Event::HandoverAnswered { offer: after, outcomes })
                }
            });
            if c.kind > 2 {
                about.push(facts.last().unwrap().hash);
            }
        }
        let straight = record(&facts);
        let shuffled: Vec<_> =
            order.into_iter().filter_map(|i| facts.get(i).cloned()).collect();
        let shuffled = record(&shuffled);
        prop_assert_eq!(straight.standing(person(1)), shuffled.standing(person(1)));
        prop_assert_eq!(discrepancies(&straight), discrepancies(&shuffled));
        for n in 1..9 {
            let of = |r: &Record| r.keys().enrolments(&device(n)).cloned().collect::<Vec<_>>();
            prop_assert_eq!(of(&straight), of(&shuffled));
        }
        // Nobody is lost, whoever revoked what.
        prop_assert!(straight.standing(person(1)).unwrap().custody.responsible().is_some());
    }
}
