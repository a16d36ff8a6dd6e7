//! Whatever is asked wrongly gets its problem, with a code, a cause and a next step.

use crate::world::{World, person};
use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use domain::*;

fn muster(found: u32) -> Event {
    Event::MusterTaken {
        site: SiteId::new("hasakah").unwrap(),
        count: Muster::ByNumber { expected: 6, counted: found },
    }
}

#[test]
fn reading_what_is_not_there() {
    let mut world = World::new();
    world.register();
    let wrong_digit = {
        let good = person(1).to_string();
        let digit = good.as_bytes()[9] - b'0';
        format!("{}{}", &good[..9], (digit + 1) % 10)
    };
    let cases = [
        ("/api/v1/sites/atlantis", 404, "unknown-site"),
        ("/api/v1/sites/NOT%20A%20SITE", 404, "unknown-site"),
        ("/api/v1/people?site=atlantis", 404, "unknown-site"),
        ("/api/v1/people?state=lost", 400, "not-understood"),
        ("/api/v1/people?gate=heaven", 400, "not-understood"),
        ("/api/v1/people?discrepancy=odd", 400, "not-understood"),
        ("/api/v1/people?limit=501", 400, "not-understood"),
        ("/api/v1/people?limit=many", 400, "not-understood"),
        ("/api/v1/people?colour=red", 400, "not-understood"),
        ("/api/v1/people/nobody", 400, "bad-person-number"),
        (&format!("/api/v1/people/{wrong_digit}"), 400, "bad-person-number"),
        (&format!("/api/v1/people/{}", person(999)), 404, "unknown-person"),
        (&format!("/api/v1/people/{}/particulars", person(999)), 404, "unknown-person"),
        ("/api/v1/movements/2026-01-21/09", 404, "unknown-movement"),
        ("/api/v1/movements/2026-01-21/9", 400, "not-understood"),
        ("/api/v1/movements/someday/01", 400, "not-understood"),
        ("/api/v1/facts/abc", 400, "not-understood"),
        (&format!("/api/v1/facts/{}", "0".repeat(64)), 404, "unknown-fact"),
        ("/api/v1/figures?at=0", 422, "position-ahead"),
        ("/api/v1/figures?at=100000", 422, "position-ahead"),
        ("/api/v1/figures?at=now", 400, "not-understood"),
        ("/api/v1/map/provinces", 404, "no-such-address"),
        ("/api/v1/play", 409, "not-an-exercise"),
        ("/api/v1/nothing", 404, "no-such-address"),
        ("/elsewhere", 404, "no-such-address"),
    ];
    for (path, status, code) in cases {
        let answer = world.get(path);
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{path}");
    }
    // The digit that would be right is told.
    let expected = person(1).to_string()[9..].to_owned();
    let detail = world.get(&format!("/api/v1/people/{wrong_digit}")).json()["detail"].clone();
    assert!(detail.as_str().unwrap().contains(&format!("should be {expected}")), "{detail}");
    let answer = world.post_as("application/json", b"{}", "/api/v1/picture");
    assert_eq!((answer.status, answer.problem().as_str()), (405, "no-such-method"));
    let answer = world.post_as("application/json", b"{\"speed\":1}", "/api/v1/play");
    assert_eq!((answer.status, answer.problem().as_str()), (409, "not-an-exercise"));
}

#[test]
fn facts_that_cannot_be_believed_are_refused() {
    let mut world = World::new();
    world.register();
    let sound = world.sign("sender", "2026-01-20T04:00:00Z", muster(6));

    let mut forged = sound.bytes.clone();
    *forged.last_mut().unwrap() ^= 1;
    let answer = world.post(&forged);
    assert_eq!((answer.status, answer.problem().as_str()), (401, "bad-signature"));

    let answer = world.post(&sound.bytes[..40]);
    assert_eq!((answer.status, answer.problem().as_str()), (400, "bad-encoding"));

    let answer = world.post(&vec![0; log::ENTRY_MAX + 1]);
    assert_eq!((answer.status, answer.problem().as_str()), (413, "oversize"));
    let answer = world.post(&vec![0; 200_000]);
    assert_eq!((answer.status, answer.problem().as_str()), (413, "body-too-large"));

    let mut stranger = world.device("sender");
    stranger.key = log::SigningKey::from_bytes(&[77; 32]);
    (stranger.sequence, stranger.previous) = (0, None);
    let id = log::fact_id(9, [1; 10]);
    let entry = stranger.sign(id, crate::world::at("2026-01-20T05:00:00Z"), muster(6)).unwrap();
    let answer = world.post(&entry.bytes);
    assert_eq!((answer.status, answer.problem().as_str()), (401, "unknown-device"));

    let mut posing = world.device("sender");
    posing.authority = AuthorityId::new("justice").unwrap();
    let id = log::fact_id(9, [2; 10]);
    let entry = posing.sign(id, crate::world::at("2026-01-20T05:00:00Z"), muster(6)).unwrap();
    let answer = world.post(&entry.bytes);
    assert_eq!((answer.status, answer.problem().as_str()), (401, "wrong-authority"));

    let mut elsewhere = world.device("sender");
    elsewhere.operation = OperationId::new("another").unwrap();
    let id = log::fact_id(9, [3; 10]);
    let entry = elsewhere.sign(id, crate::world::at("2026-01-20T05:00:00Z"), muster(6)).unwrap();
    let answer = world.post(&entry.bytes);
    assert_eq!((answer.status, answer.problem().as_str()), (422, "wrong-operation"));

    let answer = world.post_as("text/plain", &sound.bytes, "/api/v1/facts");
    assert_eq!((answer.status, answer.problem().as_str()), (400, "not-understood"));
    let answer = world.post_as("application/json", b"{\"entry\":\"%\"}", "/api/v1/facts");
    assert_eq!((answer.status, answer.problem().as_str()), (400, "not-understood"));
}

#[test]
fn a_repeat_gets_its_receipt_and_a_used_id_does_not() {
    let mut world = World::new();
    world.register();
    let entry = world.sign("sender", "2026-01-20T04:00:00Z", muster(6));
    let body = format!("{{\"entry\":\"{}\"}}", BASE64.encode(&entry.bytes));
    let first = world.post_as("application/json", body.as_bytes(), "/api/v1/facts");
    assert_eq!(first.status, 201, "{}", first.text);
    let again = world.post(&entry.bytes);
    assert_eq!(again.status, 200);
    let (first, again) = (first.json(), again.json());
    assert_eq!((&first["hash"], &first["position"]), (&again["hash"], &again["position"]));
    assert_eq!(first["position"], world.node.position());
    assert_eq!((&first["already"], &again["already"]), (&false.into(), &true.into()));

    let id = log::decode(&entry.bytes).unwrap().claims().id;
    let mut device = world.device("justice");
    let copied = device.sign(id, crate::world::at("2026-01-20T04:30:00Z"), muster(5)).unwrap();
    assert_eq!(world.post(&copied.bytes).status, 201, "an id is its device's own word for a fact");
}

#[test]
fn only_this_machine_is_listened_on() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let refused = runtime.block_on(server::bind("0.0.0.0:0".parse().unwrap(), None)).err().unwrap();
    assert!(refused.to_string().contains("--tls-cert"), "{refused}");
    let world = World::new();
    assert!(world.address().ip().is_loopback());
    let taken = runtime.block_on(server::bind(world.address(), None));
    assert!(matches!(taken, Err(server::ServeError::Listen { .. })));
}
