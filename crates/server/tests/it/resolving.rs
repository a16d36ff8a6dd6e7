//! A difference in full: what was ruled, by whom, and who has yet to sign.

use crate::entitled::As;
use crate::world::{World, person};
use domain::*;
use serde_json::Value;

fn detail(world: &World, id: &str) -> Value {
    world.json(&format!("/api/v1/discrepancies/{id}"))
}

/// Two people were placed twice from the same fact, by the two desks of the receiver.
fn contested(world: &mut World) -> (String, [FactHash; 2]) {
    let people = world.register();
    world.depart(&people);
    world.arrive(&people);
    let links = world.links(&[1, 2]);
    let placed =
        |unit: &str| Event::Placed { unit: UnitId::parse(unit).unwrap(), people: links.clone() };
    let first = world.say("justice", "2026-01-22T07:00:00Z", placed("karkh/w2"));
    let mut other = world.keyholder("justice");
    let second = world.say_with(&mut other, "2026-01-22T07:05:00Z", placed("karkh/w3"));
    (format!("contested:{}", links[0].after), [first, second])
}

#[test]
fn contested_custody_waits_for_two_authorities() {
    let mut world = World::new();
    let (id, [first, second]) = contested(&mut world);
    let found = detail(&world, &id);
    let fork = &found["fork"];
    assert_eq!(fork["branches"].as_array().unwrap().len(), 2);
    assert_eq!((&fork["lacking"], fork["said"].as_array().unwrap().len()), (&"ruling".into(), 0));
    assert_eq!(fork["still_to_sign"], serde_json::json!(["judicial-council"]));
    assert_eq!(fork["people"][1]["person"], person(2).to_string());
    assert_eq!(found["line"]["open"], true);
    assert!(found["reasons"].as_array().unwrap().contains(&"double-report".into()));

    let at = Some(FactHash::parse(&id["contested:".len()..]).unwrap());
    let ruling = |n, stands, why| Event::ForkResolved { person: person(n), at, stands, why };
    let why = ResolutionReason::DoubleReport;
    // The receiver's word alone settles nothing: it is not entitled to rule.
    for n in [1, 2] {
        world.say("justice", "2026-01-22T08:00:00Z", ruling(n, first, why));
    }
    let fork = detail(&world, &id)["fork"].clone();
    assert_eq!((&fork["lacking"], &fork["said"][0]["entitled"]), (&"ruling".into(), &false.into()));
    assert_eq!(fork["said"][0]["people"], 2);
    // The court says otherwise for the first person, so nobody has said the same as the court.
    world.say("judicial-council", "2026-01-22T09:00:00Z", ruling(1, second, why));
    let fork = detail(&world, &id)["fork"].clone();
    let ruled = |fork: &Value, n: usize| fork["people"][n]["ruled"].clone();
    assert_eq!((ruled(&fork, 0), ruled(&fork, 1)), (false.into(), false.into()));
    world.say("judicial-council", "2026-01-22T09:01:00Z", ruling(2, first, why));
    let fork = detail(&world, &id)["fork"].clone();
    assert_eq!((ruled(&fork, 0), ruled(&fork, 1)), (false.into(), true.into()));
    assert_eq!(fork["lacking"], "second");
    assert_eq!(fork["still_to_sign"], serde_json::json!(["justice"]), "whose custody it is about");
    world.say("justice", "2026-01-22T10:00:00Z", ruling(1, second, why));
    let found = detail(&world, &id);
    let fork = &found["fork"];
    assert_eq!((ruled(fork, 0), &fork["lacking"]), (true.into(), &Value::Null));
    assert_eq!(
        (&found["line"]["open"], &fork["still_to_sign"]),
        (&false.into(), &serde_json::json!([]))
    );
    // Whom the officer may not see is not named here either.
    let (_, seen) =
        As(&world, "national-security/director").get(&format!("/api/v1/discrepancies/{id}"));
    assert_eq!(
        (&seen["line"]["withheld"], seen["fork"]["people"].as_array().unwrap().len()),
        (&2.into(), 0)
    );
}

#[test]
fn a_difference_that_is_no_fork_needs_one_signature() {
    let mut world = World::new();
    let people = world.register();
    world.depart(&people);
    world.arrive(&people);
    let lines = world.json("/api/v1/discrepancies");
    let id = lines[0]["id"].as_str().unwrap().to_owned();
    let found = detail(&world, &id);
    assert_eq!((&found["fork"], &found["line"]["open"]), (&Value::Null, &true.into()));
    let fact = FactHash::parse(lines[0]["fact"]["hash"].as_str().unwrap()).unwrap();
    let (code, why) = (DiscrepancyCode::HandoverShort, ResolutionReason::FoundAtOrigin);
    world.say("justice", "2026-01-22T12:00:00Z", Event::DiscrepancyResolved { code, fact, why });
    assert_eq!(detail(&world, &id)["line"]["open"], false);
    let (status, problem) = As(&world, "").get("/api/v1/discrepancies/misfit:00");
    assert_eq!((status, &problem["code"]), (404, &"unknown-discrepancy".into()));
}

#[test]
fn a_device_is_told_where_its_chain_stands() {
    let mut world = World::new();
    let desk = world.device("justice").device();
    let chain =
        |world: &World, device: DeviceId| world.json(&format!("/api/v1/devices/{device}/chain"));
    let told = chain(&world, desk);
    assert_eq!(
        (&told["next"], &told["last"], &told["twice"]),
        (&0.into(), &Value::Null, &false.into())
    );
    assert_eq!(
        (&told["origin"], &told["operation"]),
        (&"amana.test/server".into(), &"hasakah-2026".into())
    );
    assert_eq!(told["may_sign"][0]["authority"], "justice");
    assert_eq!(told["may_sign"][0]["counts"], true);
    let said = world.say("justice", "2026-01-21T10:00:00Z", Event::HeadsSeen { heads: vec![] });
    let told = chain(&world, desk);
    assert_eq!((&told["next"], &told["last"]), (&1.into(), &said.to_string().into()));
    let mut keyholder = world.keyholder("justice");
    let revoked = Event::DeviceRevoked { device: desk, last: None, why: RevocationReason::Copied };
    world.say_with(&mut keyholder, "2026-01-21T11:00:00Z", revoked);
    assert_eq!(chain(&world, desk)["may_sign"][0]["counts"], false);
    assert_eq!(chain(&world, DeviceId([7; 32]))["may_sign"], serde_json::json!([]));
}
