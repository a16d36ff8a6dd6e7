//! What a record tells of a device's chain without walking it, against walking all of it.

use crate::world::*;
use domain::*;
use jiff::Timestamp;
use proptest::prelude::*;
use std::collections::BTreeMap;

const DEVICE: DeviceId = DeviceId([9; 32]);

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_769_000_000 + second).unwrap()
}

/// A sequence, whether it is in the other authority's name, and when it happened.
type Signed = (u64, bool, i64);

/// One device's facts, as an honest one signs them or as no honest one does.
fn signed() -> impl Strategy<Value = Vec<Signed>> {
    let lying = proptest::collection::vec((0..24u64, prop::bool::weighted(0.1), 0..400i64), 0..40);
    let honest = (0..40u64).prop_map(|n| (0..n).map(|s| (s, false, 5 * s as i64)).collect());
    prop_oneof![lying, honest]
}

fn facts(signed: &[Signed]) -> Vec<Fact> {
    let mut pen = Pen::default();
    let fact = |(sequence, other, second): &Signed| {
        let by = if *other { "bravo" } else { "alpha" };
        let event = Event::IncidentReported {
            site: SiteId::new("north").unwrap(),
            kind: IncidentKind::Breakdown,
        };
        let mut fact = pen.by_device(DEVICE, by, event);
        (fact.sequence, fact.occurred_at) = (*sequence, at(*second));
        fact
    };
    signed.iter().map(fact).collect()
}

fn longest(facts: &[Fact], from: Timestamp, until: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let within = facts.iter().map(|f| f.occurred_at).filter(|at| (from..=until).contains(at));
    let mut instants: Vec<_> = within.chain([from, until]).collect();
    instants.sort();
    let spans = instants.windows(2).map(|pair| (pair[0], pair[1]));
    // The last of the longest when read backwards is the first.
    let longest = spans.rev().max_by_key(|(from, until)| until.duration_since(*from));
    longest.filter(|(from, until)| from < until)
}

proptest! {
    /// Whatever a device signed, in whatever order it came in.
    #[test]
    fn a_chain_tells_what_walking_it_tells(
        (signed, order) in signed().prop_flat_map(|s| {
            let order: Vec<_> = (0..s.len()).collect();
            (Just(s), prop_oneof![Just(order.clone()), Just(order).prop_shuffle()])
        }),
        from in -50..450i64,
        length in 0..600i64,
    ) {
        let facts = facts(&signed);
        let arrived: Vec<_> = order.iter().map(|n| facts[*n].clone()).collect();
        let record = record(&arrived);
        let mut by_sequence: BTreeMap<u64, Vec<&Fact>> = BTreeMap::new();
        facts.iter().for_each(|f| by_sequence.entry(f.sequence).or_default().push(f));
        by_sequence.values_mut().for_each(|facts| facts.sort_by_key(|f| f.hash));
        let chain: Vec<_> = by_sequence
            .iter()
            .map(|(s, facts)| (*s, facts.iter().map(|f| f.hash).collect::<Vec<_>>()))
            .collect();
        let told = |numbered: Numbered| (numbered.sequence, numbered.facts);
        let Some(device) = record.device(&DEVICE) else {
            prop_assert!(facts.is_empty());
            return Ok(());
        };
        prop_assert_eq!(device.chain().map(told).collect::<Vec<_>>(), chain.clone());
        prop_assert_eq!(device.len(), facts.len());
        prop_assert_eq!(device.head().map(told), chain.last().cloned());
        for sequence in 0..25 {
            let expected = chain.iter().find(|(s, _)| *s == sequence).cloned();
            prop_assert_eq!(device.at(sequence).map(told), expected);
        }
        let forks: Vec<_> = chain.iter().filter(|(_, facts)| facts.len() > 1).cloned().collect();
        prop_assert_eq!(device.forks().map(told).collect::<Vec<_>>(), forks);
        let (mut due, mut gaps) = (0, Vec::new());
        for (sequence, facts) in &chain {
            if *sequence > due {
                gaps.push((due, sequence - 1, *sequence, facts.clone()));
            }
            due = sequence + 1;
        }
        let found = device.gaps().map(|g| (g.first, g.last, g.before.sequence, g.before.facts));
        prop_assert_eq!(found.collect::<Vec<_>>(), gaps);
        for name in ["alpha", "bravo", "charlie"] {
            let of: Vec<_> = by_sequence
                .values()
                .flatten()
                .filter(|fact| fact.authority == authority(name))
                .collect();
            prop_assert_eq!(device.signed_for(&authority(name)), of.len());
            let last = device.last_for(&authority(name)).map(|fact| fact.hash);
            prop_assert_eq!(last, of.last().map(|fact| fact.hash));
        }
        let (from, until) = (at(from), at(from + length));
        prop_assert_eq!(
            longest_silence(&record, &DEVICE, from, until),
            longest(&facts, from, until)
        );
    }
}
