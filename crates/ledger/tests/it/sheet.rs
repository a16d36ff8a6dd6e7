//! Balance sheets: each account adds up, one night's closing is the next one's opening.

use crate::story::*;
use domain::*;
use ledger::{Sheet, sheet};
use std::sync::Arc;

fn story() -> Story {
    use Answer::*;
    let mut s = Story::default();
    s.registered("north/w1", &[1, 2, 3, 4, 5]);
    s.boarded("custody", &[1, 2, 3]);
    s.handed_over("custody", "escort", "north", &[(1, Accepted), (2, Accepted), (3, NotPresent)]);
    s.exited("custody", ExitReason::Escaped, &[4]);
    let site = SiteId::new("north").unwrap();
    let by_number = Muster::ByNumber { expected: 1, counted: 2 };
    s.tell("custody", Event::MusterTaken { site: site.clone(), count: by_number });
    let by_name = Muster::ByName { present: vec![person(5), person(9)], absent: vec![] };
    s.tell("custody", Event::MusterTaken { site, count: by_name });
    let people = s.links(&[4]);
    s.tell("custody", Event::Recovered { unit: unit("north/w1"), people });
    s
}

fn of(story: &Story, from: u64, to: u64) -> Sheet {
    let facts: Vec<_> = story.facts.iter().cloned().map(Arc::new).collect();
    sheet(facts.iter(), from, to).unwrap()
}

#[test]
fn what_came_and_went_is_told_by_account() {
    let told = of(&story(), 1, 8);
    let rows: Vec<_> = told
        .accounts
        .iter()
        .map(|(account, l)| {
            format!(
                "{account}: {} +{} received +{} moved in +{} recovered -{} handed over -{} moved out -{} exits = {}",
                l.opening, l.received, l.moved_in, l.recovered, l.handed_over, l.moved_out,
                l.exits.values().sum::<u64>(), l.closing
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            "custody at north/w1: 5 +0 received +0 moved in +1 recovered -0 handed over -3 moved out -1 exits = 2",
            "custody at 2026-01-21/01 bus-1: 0 +0 received +3 moved in +0 recovered -2 handed over -0 moved out -0 exits = 1",
            "escort at 2026-01-21/01 bus-1: 0 +2 received +0 moved in +0 recovered -0 handed over -0 moved out -0 exits = 2",
        ]
    );
    assert_eq!((told.total.opening, told.total.closing), (5, 5));
    assert!(told.balances());
}

#[test]
fn musters_are_confronted_with_the_book() {
    let told = of(&story(), 0, 8);
    let [number, name] = &told.musters[..] else { panic!("{:?}", told.musters) };
    assert_eq!((number.expected, number.counted, number.book, number.agrees()), (1, 2, 1, false));
    assert!(name.by_name && !name.agrees());
    assert_eq!(name.not_in_book, [person(9)].into());
    assert!(name.not_found.is_empty());
}

/// However the record is cut, sheets follow on from each other and every account adds up.
#[test]
fn closing_is_the_next_opening() {
    let story = story();
    let end = story.facts.len() as u64;
    for cut in 0..=end {
        let (before, after) = (of(&story, 0, cut), of(&story, cut, end));
        assert!(before.balances() && after.balances(), "{cut}");
        assert_eq!(before.total.closing, after.total.opening, "{cut}");
        for (account, line) in &after.accounts {
            let closed = before.accounts.get(account).map_or(0, |l| l.closing);
            assert_eq!(closed, line.opening, "{account} at {cut}");
        }
    }
}
