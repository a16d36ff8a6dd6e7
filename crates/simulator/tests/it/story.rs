use crate::by_hand::ByHand;
use domain::*;
use scenario::{Cohort, Scenario};
use simulator::{Act, Beginning, Play};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// The whole play, once for all tests.
fn told() -> &'static (Vec<Act>, Record, Cohort) {
    static TOLD: OnceLock<(Vec<Act>, Record, Cohort)> = OnceLock::new();
    TOLD.get_or_init(|| {
        let (acts, cohort) = play(7);
        let mut record = Record::new();
        for act in &acts {
            record.insert(log::decode(&act.entry.bytes).unwrap().into_claims());
        }
        (acts, record, cohort)
    })
}

fn play(seed: u64) -> (Vec<Act>, Cohort) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/hasakah-2026");
    let scenario = Arc::new(Scenario::read(&dir).unwrap());
    let cohort = scenario::cohort::generate(&scenario, seed);
    let commitments = cohort.people.iter().map(|p| (p.id, Commitment([7; 32]))).collect();
    let beginning = Beginning { origin: "test/hasakah".into(), seed, commitments };
    let mut play = Play::new(scenario.clone(), &cohort, beginning).unwrap();
    let mut planner = ByHand { scenario, cohort: cohort.clone() };
    let mut acts = Vec::new();
    while let Some(act) = play.next(&mut planner).unwrap() {
        acts.push(act);
    }
    (acts, cohort)
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let bytes = |acts: &[Act]| acts.iter().map(|a| a.entry.hash).collect::<Vec<_>>();
    assert_eq!(bytes(&told().0), bytes(&play(7).0));
}

#[test]
fn nothing_the_parties_sign_is_a_misfit_or_contested() {
    let (_, record, _) = told();
    for (person, standing) in record.people() {
        assert_eq!(standing.contest, None, "{person}");
        assert!(standing.misfits.is_empty(), "{person} {:?}", standing.misfits);
        assert!(standing.parked.is_empty(), "{person} {:?}", standing.parked);
    }
}

#[test]
fn nobody_boards_without_every_gate() {
    let (_, record, cohort) = told();
    let can_board: BTreeSet<_> =
        cohort.people.iter().filter(|p| p.can_board()).map(|p| p.id).collect();
    let mut boarded = BTreeSet::new();
    for fact in record.facts() {
        if let Event::Boarded { people, .. } = &fact.event {
            boarded.extend(people.iter().map(|l| l.person));
        }
    }
    assert!(boarded.len() > 1000, "{}", boarded.len());
    assert!(boarded.is_subset(&can_board));
    let missing =
        discrepancies(record).into_iter().filter(|d| d.code == DiscrepancyCode::GateMissing);
    assert_eq!(missing.count(), 0);
}

#[test]
fn the_first_night_offers_150_and_144_are_taken() {
    let (_, record, _) = told();
    let first = record.movements().next().unwrap();
    let mut counts = Vec::new();
    for fact in record.movement_facts(first) {
        if let Event::HandoverAnswered { outcomes, .. } = &fact.event {
            let taken = outcomes.iter().filter(|(_, a)| *a == Answer::Accepted).count();
            counts.push((fact.authority.to_string(), outcomes.len(), taken));
        }
    }
    assert_eq!(counts[0], ("escort-force".into(), 150, 150));
    assert_eq!(counts[1], ("justice".into(), 150, 144));
    let back: usize = counts[2..].iter().map(|(_, _, taken)| taken).sum();
    assert_eq!(back, 6, "{counts:?}");
    let short =
        discrepancies(record).into_iter().find(|d| d.code == DiscrepancyCode::HandoverShort);
    let short = short.unwrap();
    assert_eq!((short.people.len(), short.counts, short.is_open()), (6, Some((150, 144)), false));
}

#[test]
fn the_lost_night_moves_nobody() {
    let (_, record, _) = told();
    let lost: Night = "2026-02-03".parse().unwrap();
    let mut withdrawn = Vec::new();
    let mut moved: BTreeMap<Night, u32> = BTreeMap::new();
    for fact in record.facts() {
        match &fact.event {
            Event::CoverDecided { night, decision: CoverDecision::Withdrawn, reports } => {
                assert!(!reports.is_empty());
                withdrawn.push(*night);
            }
            Event::Departed { movement, aboard } => {
                *moved.entry(movement.night).or_default() += aboard;
            }
            _ => {}
        }
    }
    assert_eq!(withdrawn, [lost]);
    let partial = record.facts().find_map(|f| match &f.event {
        Event::CoverDecided { night, decision: CoverDecision::Stands { slots, .. }, .. } => {
            (night.to_string() == "2026-02-04").then_some(*slots)
        }
        _ => None,
    });
    assert_eq!(partial, Some(6), "fog from midnight, an hour's margin");
    assert!(!moved.contains_key(&lost));
    assert!(moved.len() >= 15, "{moved:?}");
}

#[test]
fn minors_are_found_separated_and_the_court_is_told() {
    let (_, record, cohort) = told();
    let admitted = |p: &scenario::Person| {
        let chain = &record.standing(p.id).unwrap().chain;
        chain
            .iter()
            .any(|(h, _)| matches!(record.fact(h).unwrap().event, Event::HandoverAnswered { .. }))
    };
    let minors: Vec<_> = cohort.people.iter().filter(|p| p.true_under18 && admitted(p)).collect();
    assert!(minors.len() > 20, "{}", minors.len());
    let found: BTreeSet<_> = discrepancies(record)
        .into_iter()
        .filter(|d| d.code == DiscrepancyCode::UnderAge)
        .flat_map(|d| d.people)
        .collect();
    for minor in minors {
        assert!(found.contains(&minor.id));
        let custody = &record.standing(minor.id).unwrap().custody;
        let place = &custody.responsible().unwrap().place;
        assert!(place.to_string().contains("juvenile"), "{} {place}", minor.id);
    }
}

/// Facts come out in the order in which they can be signed, and none is sent before it is signed.
#[test]
fn a_site_without_a_link_sends_later() {
    let (acts, ..) = told();
    assert!(acts.iter().all(|a| a.sent_at >= a.at));
    assert!(acts.iter().any(|a| a.sent_at > a.at));
}

#[test]
fn the_prison_that_lost_control_is_mustered_by_name() {
    let (_, record, cohort) = told();
    let escaped: BTreeSet<_> =
        cohort.people.iter().filter(|p| p.escape.is_some()).map(|p| p.id).collect();
    let mustered = record.facts().find_map(|f| match &f.event {
        Event::MusterTaken { count: Muster::ByName { absent, .. }, .. } if !absent.is_empty() => {
            Some(absent.iter().copied().collect::<BTreeSet<_>>())
        }
        _ => None,
    });
    assert_eq!(mustered, Some(escaped));
}
