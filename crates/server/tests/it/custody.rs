//! A person's custody with its proof, and what is kept of the register so that reading stays cheap.

use crate::world::{World, at, person};
use domain::{ErasureGround, Event};
use log::LogProof;
use serde_json::Value;
use store::ErasureRule;

fn custody(world: &World, number: u32) -> Value {
    world.json(&format!("/api/v1/people/{}/custody", person(number)))
}

/// The proof of an answer, checked against the log's key with what the answer itself brings.
fn checked(world: &World, answer: &Value) -> LogProof {
    let proof = LogProof::parse(answer["proof"].as_str().unwrap()).unwrap();
    let entry = proof.extra.clone().unwrap();
    assert_eq!(log::hash_of(&entry).to_string(), answer["fact"].as_str().unwrap());
    proof.verify(&entry, &world.node.verifier().unwrap()).unwrap();
    proof
}

#[test]
fn custody_comes_with_the_fact_and_its_proof() {
    let mut world = World::new();
    let people = world.register();
    let first = custody(&world, 1);
    assert_eq!(first["custody"]["authority"], "sender");
    assert_eq!(first["position"], world.node.position());
    let size = |proof: &LogProof| log::Checkpoint::parse(&proof.checkpoint.text).unwrap().size;
    let under = size(&checked(&world, &first));
    let offer = world.depart(&people);
    let after = custody(&world, 1);
    assert_eq!(after["custody"]["authority"], "escort-force");
    assert_ne!(after["fact"], offer.to_string(), "the answer to the offer made it so");
    assert!(size(&checked(&world, &after)) > under, "the old head does not reach the new fact");
    // A head that is at hand and reaches the fact is not signed anew.
    world.say("sender", "2026-01-21T18:00:00Z", Event::Examined { people: vec![person(1)] });
    assert_eq!(size(&checked(&world, &custody(&world, 2))), size(&checked(&world, &after)));
}

#[test]
fn custody_is_for_who_may_see_the_person() {
    let mut world = World::new();
    world.register();
    let path = format!("/api/v1/people/{}/custody", person(1));
    let ask = |who: &str| world.get_as(who, &path);
    assert_eq!(ask("sender/registrar").status, 200);
    assert_eq!(ask("justice/reception").problem(), "unknown-person");
    // Six were registered by one fact: a consulate sees three of them, so not the bytes.
    let seen = ask("foreign-ministry/consular").json();
    let proof = LogProof::parse(seen["proof"].as_str().unwrap()).unwrap();
    assert_eq!(proof.extra, None);
    assert!(ask("sender/registrar").json()["proof"].as_str().unwrap().contains("\nextra "));
    let nobody = world.get(&format!("/api/v1/people/{}/custody", person(9)));
    assert_eq!(nobody.problem(), "unknown-person");
}

/// What a consulate sees hangs on nationalities in the register, which are not read for each request.
#[test]
fn a_consulate_sees_nobody_whose_nationality_was_erased() {
    let mut world = World::new();
    world.register();
    let seen = |world: &World| {
        world.get_as("foreign-ministry/consular", "/api/v1/people").json()["total"].clone()
    };
    assert_eq!(seen(&world), 3);
    world.node.allow_erasure(Some(ErasureRule { after_days: 0 })).unwrap();
    let ground = ErasureGround::CourtOrder;
    for by in ["sender", "judicial-council"] {
        let sections = world.node.to_erase(person(1), None).unwrap();
        let approved = Event::ErasureApproved { person: person(1), sections, ground };
        world.say(by, "2026-01-21T18:00:00Z", approved);
    }
    assert_eq!(seen(&world), 3, "approved, and not yet erased");
    // By another process, as the command line is one.
    let now = at("2026-01-22T06:00:00Z");
    world.other_process().erase_particulars(person(1), None, ground, now).unwrap();
    assert_eq!(seen(&world), 2);
}
