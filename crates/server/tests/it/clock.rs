//! A device that says what it likes about the time.

use crate::sign_in::{PASSWORD, Visitor, let_in};
use crate::world::{World, at};
use domain::{Event, Muster, Role, SiteId};
use jiff::Timestamp;

fn muster(counted: u32) -> Event {
    let site = SiteId::new("hasakah").unwrap();
    Event::MusterTaken { site, count: Muster::ByNumber { expected: counted, counted } }
}

#[test]
fn a_fact_from_the_year_9999_is_kept_and_shown_and_takes_no_clock_there() {
    let mut world = World::new();
    world.say("sender", "2026-01-12T06:00:00Z", muster(4));
    let ahead = world.say("sender", "9999-01-01T00:00:00Z", muster(4));
    let kept = world.node.read(|state| state.recorded_at(&ahead));
    let recorded = kept.expect("it is kept");
    assert!(recorded <= Timestamp::now() && recorded < at("2026-06-01T00:00:00Z"), "{recorded}");
    let devices = world.json("/api/v1/devices");
    let now: Timestamp = devices["at"].as_str().unwrap().parse().unwrap();
    assert_eq!(now, recorded, "the operation's clock went no further");
    let lines = devices["devices"].as_array().unwrap();
    let told: Vec<_> = lines.iter().filter(|line| !line["ahead"].is_null()).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["ahead"]["facts"], 1);
    assert_eq!(told[0]["ahead"]["furthest"]["hash"], ahead.to_string());
    assert!(told[0]["ahead"]["seconds"].as_u64().unwrap() > 7_900 * 365 * 86_400);
    // Whoever comes after is recorded no later.
    let next = world.say("justice", "2026-01-20T04:30:00Z", muster(2));
    assert_eq!(world.node.read(|state| state.recorded_at(&next)), Some(recorded));
}

/// Long after its last night, as musters, appeals and statements go on: the clock has not stood still.
#[test]
fn an_operation_in_earnest_goes_by_this_machine_however_long_it_lasts() {
    let mut world = World::in_earnest();
    for said in ["2026-01-20T06:00:00Z", "9999-01-01T00:00:00Z"] {
        let before = Timestamp::now();
        let fact = world.say("sender", said, muster(4));
        let recorded = world.node.read(|state| state.recorded_at(&fact)).unwrap();
        assert!(recorded.as_millisecond() >= before.as_millisecond(), "{recorded} {before}");
        assert!(recorded <= Timestamp::now(), "{recorded}");
    }
    // Its room is open to nobody, account or none.
    let mut visitor = Visitor::new(&world);
    assert_eq!(visitor.ask("GET", "/api/v1/devices", None).status, 401);
    assert_eq!(visitor.ask("GET", "/api/v1/session", None).body["open"], false);
    let_in(&world, "salma", Role::Keyholder);
    visitor.sign_in("salma", PASSWORD);
    let devices = visitor.ask("GET", "/api/v1/devices", None).body;
    let shown: Timestamp = devices["at"].as_str().unwrap().parse().unwrap();
    assert!(shown <= Timestamp::now());
}
