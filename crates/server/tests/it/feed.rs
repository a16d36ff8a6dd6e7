//! Heads as they come.

use crate::world::World;
use domain::*;

fn incident() -> Event {
    Event::IncidentReported { site: SiteId::new("hasakah").unwrap(), kind: IncidentKind::Medical }
}

#[test]
fn a_fact_posted_is_told_to_who_listens() {
    let mut world = World::new();
    let before = world.node.position();
    let mut feed = world.feed(None);
    let (name, id, _) = feed.next().unwrap();
    assert_eq!((name.as_str(), id), ("head", before));
    world.say("sender", "2026-01-19T12:00:00Z", incident());
    let (_, id, head) = feed.next().unwrap();
    assert_eq!(id, before + 1);
    assert_eq!(head["position"], before + 1);
    assert_eq!(head["play"], serde_json::Value::Null);
}

#[test]
fn a_listener_who_has_seen_the_head_waits_for_the_next() {
    let mut world = World::new();
    let seen = world.node.position();
    let _ = world.feed(None).next();
    let mut feed = world.feed(Some(seen));
    world.say("sender", "2026-01-19T12:00:00Z", incident());
    assert_eq!(feed.next().unwrap().1, seen + 1);
}

#[test]
fn facts_of_another_process_are_noticed() {
    let mut world = World::new();
    let before = world.node.position();
    let mut feed = world.feed(None);
    feed.next().unwrap();
    let entry = world.sign("sender", "2026-01-19T12:00:00Z", incident());
    let other = world.other_process();
    other.submit(&entry.bytes, crate::world::at("2026-01-19T12:01:00Z")).unwrap();
    assert_eq!(feed.next().unwrap().1, before + 1);
    assert_eq!(world.json("/api/v1/picture")["position"], before + 1);
}
