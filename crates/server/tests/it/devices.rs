//! Devices as they are shown: who sees which, and what of each.

use crate::entitled::As;
use crate::world::{World, at};
use domain::*;
use log::{DeviceChain, SigningKey};
use serde_json::Value;

fn seen() -> Event {
    Event::HeadsSeen { heads: Vec::new() }
}

/// The device's line as that officer sees it.
fn line(world: &World, who: &'static str, device: DeviceId) -> Option<Value> {
    let (status, page) = As(world, who).get("/api/v1/devices");
    assert_eq!(status, 200, "{page}");
    let lines = page["devices"].as_array().unwrap();
    lines.iter().find(|line| line["device"] == device.to_string()).cloned()
}

#[test]
fn an_order_is_drawn_for_keyholders_as_long_as_it_goes_into_a_picture() {
    let world = World::new();
    let draw = |who, order: &str| {
        let asked = serde_json::json!({ "order": order });
        As(&world, who).ask("POST", "/api/v1/devices/orders/picture", Some(asked))
    };
    let (status, drawn) = draw("justice/keyholder", &"x".repeat(2_331));
    assert_eq!(status, 200, "{drawn}");
    assert!(drawn["qr"].as_str().unwrap().contains("<svg"));
    let (status, refused) = draw("justice/keyholder", &"x".repeat(2_332));
    assert_eq!((status, &refused["code"]), (422, &"order-too-long".into()));
    assert_eq!(refused["said"]["values"], serde_json::json!({ "bytes": 2_332, "most": 2_331 }));
    assert_eq!(draw("justice/director", "{}").0, 403);
}

#[test]
fn an_authority_sees_its_own_devices_and_an_overseer_all() {
    let world = World::new();
    let (justice, sender) = (world.device("justice").device(), world.device("sender").device());
    for (who, own, other) in [
        ("justice/keyholder", true, false),
        ("justice/director", true, false),
        ("sender/keyholder", false, true),
        ("icrc/monitor", true, true),
        ("", true, true),
    ] {
        assert_eq!(line(&world, who, justice).is_some(), own, "{who}");
        assert_eq!(line(&world, who, sender).is_some(), other, "{who}");
    }
    for who in ["justice/physician", "escort-force/escort", "air-cover/air-cover"] {
        assert_eq!(As(&world, who).get("/api/v1/devices").0, 403, "{who}");
    }
    let own = line(&world, "justice/keyholder", world.keyholder("justice").device()).unwrap();
    assert_eq!(
        (&own["own"], &own["role"], &own["enrolled"]),
        (&true.into(), &"keyholder".into(), &Value::Null)
    );
    let desk = line(&world, "justice/keyholder", justice).unwrap();
    assert_eq!(
        (&desk["own"], &desk["facts"], &desk["last"]),
        (&false.into(), &0.into(), &Value::Null)
    );
    assert_eq!(desk["enrolled"]["authority"], "justice");
    assert_eq!(desk["silence_allowed_s"], Value::Null);
}

#[test]
fn gaps_waiting_facts_and_second_signatures_are_shown() {
    let mut world = World::new();
    let mut twin = world.device("justice");
    let device = twin.device();
    world.say("justice", "2026-01-21T10:00:00Z", seen());
    let lost = world.sign("justice", "2026-01-21T11:00:00Z", seen());
    let waits = world.say("justice", "2026-01-21T12:00:00Z", seen());
    let shown = line(&world, "icrc/monitor", device).unwrap();
    assert_eq!((&shown["facts"], &shown["last"]["sequence"]), (&2.into(), &2.into()));
    let missing = &shown["missing"][0];
    assert_eq!((&missing["first"], &missing["last"]), (&1.into(), &1.into()));
    assert_eq!(missing["before"]["hash"], waits.to_string());
    let waiting = &shown["waiting"][0];
    assert_eq!(waiting["fact"]["hash"], waits.to_string());
    assert_eq!(waiting["missing"], lost.hash.to_string(), "what it waits for, by name");
    assert_eq!(waiting["fact"]["recorded_at"], "2026-01-21T12:00:00Z", "since when");

    assert_eq!(world.post(&lost.bytes).status, 201);
    let shown = line(&world, "icrc/monitor", device).unwrap();
    for what in ["missing", "waiting", "twice"] {
        assert_eq!(shown[what].as_array().unwrap().len(), 0, "{what}");
    }
    let other =
        world.say_with(&mut twin, "2026-01-21T10:30:00Z", Event::Examined { people: vec![] });
    let shown = line(&world, "icrc/monitor", device).unwrap();
    let twice = &shown["twice"][0];
    assert_eq!((&twice["sequence"], twice["facts"].as_array().unwrap().len()), (&0.into(), 2));
    assert_eq!(twice["facts"][1]["hash"], other.to_string());
}

#[test]
fn silence_and_revocation_are_shown() {
    let mut world = World::new();
    let mut keyholder = world.keyholder("justice");
    let officer = Officer { role: Role::Gate, number: 3 };
    let (authority, operation) = (keyholder.authority.clone(), keyholder.operation.clone());
    let key = SigningKey::from_bytes(&[77; 32]);
    let term = Term {
        unit: Some(UnitId::parse("karkh/w1").unwrap()),
        from: at("2026-01-21T00:00:00Z"),
        until: at("2026-02-21T00:00:00Z"),
        silence_s: 3_600,
        replaces: None,
    };
    let enrolled = Event::DeviceEnrolled {
        key: log::public_key(&key),
        role: Role::Gate,
        site: Some(SiteId::new("karkh").unwrap()),
        term: Some(Box::new(term)),
    };
    world.say_with(&mut keyholder, "2026-01-21T00:00:00Z", enrolled);
    let mut gate = DeviceChain::new(key, authority, officer, operation, &keyholder.origin);
    world.say_with(&mut gate, "2026-01-21T02:00:00Z", seen());
    let device = gate.device();
    let shown = |world: &World| line(world, "justice/keyholder", device).unwrap();
    let now = shown(&world);
    assert_eq!((&now["silent_since"], &now["silence_allowed_s"]), (&Value::Null, &3_600.into()));
    assert_eq!((&now["site"], &now["unit"]), (&"karkh".into(), &"karkh/w1".into()));
    assert_eq!(now["longest_silence"]["seconds"], 7_200);
    // Somebody else goes on; the clock of the record with them.
    world.say("sender", "2026-01-21T05:00:00Z", seen());
    let now = shown(&world);
    assert_eq!(now["silent_since"], "2026-01-21T02:00:00Z");
    assert_eq!(now["longest_silence"]["seconds"], 10_800);

    let revoked = Event::DeviceRevoked { device, last: Some(0), why: RevocationReason::Lost };
    let fact = world.say_with(&mut keyholder, "2026-01-21T06:00:00Z", revoked);
    world.say_with(&mut gate, "2026-01-21T07:00:00Z", seen());
    let now = shown(&world);
    let revoked = &now["revoked"];
    assert_eq!((&revoked["why"], &revoked["last"]), (&"lost".into(), &0.into()));
    assert_eq!(
        (&revoked["beyond"], &revoked["fact"]["hash"]),
        (&1.into(), &fact.to_string().into())
    );
    assert_eq!(now["silent_since"], Value::Null, "nobody waits for a device out of use");
    assert_eq!(now["longest_silence"]["seconds"], 14_400, "counted until it went out of use");
}
