//! Who decides what: each kind said by each authority, and what becomes of it.

use crate::world::*;
use domain::*;
use proptest::prelude::*;
use proptest::sample::Index;

const PARTIES: [&str; 5] = ["chief", "flyers", "north-prison", "south-prison", "judges"];

fn site(name: &str) -> SiteId {
    SiteId::new(name).unwrap()
}

/// The chief adopts plans, the flyers decide cover, each prison promises for its own site.
fn opening(pen: &mut Pen, says_who: bool) -> Fact {
    let party = |(n, name): (usize, &&str)| Party {
        authority: authority(name),
        key: PublicKey([n as u8; 32]),
        resolves: *name == "judges",
    };
    let deciders = Deciders {
        plans: authority("chief"),
        cover: vec![authority("flyers")],
        intake: ["north", "south"].map(|s| (site(s), authority(&format!("{s}-prison")))).into(),
    };
    let event = Event::OperationOpened {
        authorities: PARTIES.iter().enumerate().map(party).collect(),
        deciders: says_who.then(|| Box::new(deciders)),
    };
    pen.fact("chief", event)
}

/// Every decision that one authority takes for all, and the one that takes it; for a site that nobody
/// promises for, nobody.
fn decisions() -> Vec<(Event, Option<&'static str>)> {
    let night: Night = "2026-01-21".parse().unwrap();
    let (plan, why) = (PlanHash([7; 32]), AdoptionReason::First);
    let promised = |at| Event::IntakePromised { site: site(at), nights: vec![(night, 100)] };
    let cover = |decision| Event::CoverDecided { night, decision, reports: vec![] };
    vec![
        (Event::PlanAdopted { plan, revision: 1, parent: None, why }, Some("chief")),
        (cover(CoverDecision::Stands { orbits: 2, slots: 4 }), Some("flyers")),
        (cover(CoverDecision::Withdrawn), Some("flyers")),
        (promised("north"), Some("north-prison")),
        (promised("south"), Some("south-prison")),
        (promised("elsewhere"), None),
    ]
}

fn shown(record: &Record, fact: &Fact) -> bool {
    let code = DiscrepancyCode::NotEntitled;
    discrepancies(record).iter().any(|d| d.code == code && d.fact == fact.hash && d.is_open())
}

#[test]
fn a_decision_counts_when_its_own_authority_takes_it_and_is_shown_when_another_does() {
    for (event, whose) in decisions() {
        for by in PARTIES {
            let mut pen = Pen::default();
            let opening = opening(&mut pen, true);
            let said = pen.fact(by, event.clone());
            let record = record(&[opening, said.clone()]);
            let its_own = whose == Some(by);
            let counted = record.counted(event.kind()).count() == 1;
            assert_eq!(counted, its_own, "{} by {by}", event.kind());
            assert_eq!(shown(&record, &said), !its_own, "{} by {by}", event.kind());
            assert!(record.fact(&said.hash).is_some(), "it is kept");
        }
    }
}

#[test]
fn whatever_else_happens_is_reported_by_anybody() {
    let mut pen = Pen::default();
    let opening = opening(&mut pen, true);
    let kind = IncidentKind::LostControl;
    for by in PARTIES {
        let said = pen.fact(by, Event::IncidentReported { site: site("north"), kind });
        let record = record(&[opening.clone(), said.clone()]);
        assert_eq!(record.counted(said.event.kind()).count(), 1);
        assert!(discrepancies(&record).is_empty());
    }
}

/// The first form of the opening names nobody: what was read of such a record is read of it still.
#[test]
fn where_the_opening_does_not_say_every_authority_decides() {
    for (event, _) in decisions() {
        let mut pen = Pen::default();
        let opening = opening(&mut pen, false);
        let said = pen.fact("judges", event.clone());
        let record = record(&[opening, said]);
        assert_eq!(record.counted(event.kind()).count(), 1);
        assert!(discrepancies(&record).is_empty());
    }
}

proptest! {
    /// The opening may come in last: until then nobody knows whose the decision is.
    #[test]
    fn the_order_of_arrival_decides_nothing(order in prop::collection::vec(any::<Index>(), 32)) {
        let mut pen = Pen::default();
        let mut facts = vec![opening(&mut pen, true)];
        for (event, _) in decisions() {
            facts.extend(PARTIES.map(|by| pen.fact(by, event.clone())));
        }
        let straight = record(&facts);
        for (n, index) in order.iter().enumerate() {
            facts.swap(n % 31, index.index(31));
        }
        let shuffled = record(&facts);
        prop_assert_eq!(discrepancies(&straight), discrepancies(&shuffled));
        for (event, _) in decisions() {
            let counted = |record: &Record| {
                let mut hashes: Vec<_> = record.counted(event.kind()).map(|f| f.hash).collect();
                hashes.sort();
                hashes
            };
            prop_assert_eq!(counted(&straight), counted(&shuffled));
        }
    }
}
