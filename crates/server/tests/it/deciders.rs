//! Plans, promises and cover by whose they are to decide, and by everybody else.

use crate::world::{World, at};
use domain::*;
use std::collections::BTreeSet;

const PARTIES: [&str; 5] = ["sender", "escort-force", "justice", "judicial-council", "air-cover"];

fn night() -> Night {
    "2026-01-21".parse().unwrap()
}

/// Whether the room shows that something was decided.
type HasEffect = fn(&World) -> bool;

/// Each decision, the authority that the scenario names for it, and how its effect is seen.
fn decisions() -> [(Event, &'static str, HasEffect); 3] {
    let (plan, why) = (PlanHash([7; 32]), AdoptionReason::First);
    let site = SiteId::new("karkh").unwrap();
    [
        (
            Event::PlanAdopted { plan, revision: 1, parent: None, why },
            "judicial-council",
            |world| !world.json("/api/v1/plan")["revisions"].as_array().unwrap().is_empty(),
        ),
        (Event::IntakePromised { site, nights: vec![(night(), 300)] }, "justice", |world| {
            world.json("/api/v1/nights")[0]["promised"] != 0
        }),
        (
            Event::CoverDecided {
                night: night(),
                decision: CoverDecision::Withdrawn,
                reports: vec![],
            },
            "air-cover",
            |world| world.json("/api/v1/nights")[0]["cover"]["decision"] != "planned",
        ),
    ]
}

fn not_entitled(world: &World) -> BTreeSet<String> {
    let all = world.json("/api/v1/discrepancies");
    let of_it = all.as_array().unwrap().iter().filter(|d| d["code"] == "not-entitled");
    of_it.map(|d| d["fact"]["hash"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn who_may_not_decide_is_told_at_once_and_in_whose_hands_it_is() {
    for (event, whose, has_effect) in decisions() {
        let mut world = World::new();
        for by in PARTIES.into_iter().filter(|by| *by != whose) {
            let before = world.node.position();
            let entry = world.sign(by, "2026-01-20T15:00:00Z", event.clone());
            let answer = world.post(&entry.bytes);
            let told = (answer.status, answer.problem());
            assert_eq!(told, (403, "not-entitled".to_owned()), "{} by {by}", event.kind());
            let said = &answer.json()["said"];
            assert_eq!(said["id"], "not-its-decision");
            assert_eq!(said["values"]["entitled"], format!("'{whose}'"));
            assert_eq!(world.node.position(), before, "it is not in the record");
        }
        assert!(!has_effect(&world), "{}", event.kind());
        world.say(whose, "2026-01-20T16:00:00Z", event.clone());
        assert!(has_effect(&world), "{}", event.kind());
        assert!(not_entitled(&world).is_empty());
    }
}

/// Another node took it in: it is part of the record, as it is there, and decides nothing here or there.
#[test]
fn what_another_node_took_in_is_kept_and_shown_and_has_no_effect() {
    for (event, whose, has_effect) in decisions() {
        let mut world = World::new();
        let others = PARTIES.into_iter().filter(|by| *by != whose);
        let entries: Vec<_> =
            others.map(|by| world.sign(by, "2026-01-20T15:00:00Z", event.clone())).collect();
        let bytes: Vec<_> = entries.iter().map(|entry| &entry.bytes).collect();
        for answer in world.node.submit_all(&bytes, at("2026-01-20T15:05:00Z")) {
            answer.unwrap();
        }
        assert!(!has_effect(&world), "{}", event.kind());
        let shown: BTreeSet<_> = entries.iter().map(|entry| entry.hash.to_string()).collect();
        assert_eq!(not_entitled(&world), shown, "{}", event.kind());
    }
}
