//! Obligations and statements over HTTP.

use crate::world::{World, at, person};
use domain::*;
use log::{LogKey, Statement};
use serde_json::Value;
use std::collections::BTreeMap;

fn counts(world: &World, authority: &str) -> Value {
    let told = world.json("/api/v1/obligations?state=all");
    let list = told["authorities"].as_array().unwrap();
    list.iter().find(|a| a["authority"] == authority).cloned().unwrap_or_default()
}

/// Four are admitted at Karkh: their clocks run, are met, or pass their deadline.
#[test]
fn clocks_run_from_admission_until_proof() {
    let mut world = World::new();
    let people = world.register();
    world.depart(&people);
    world.arrive(&people);
    let told = world.json("/api/v1/obligations?rule=family-told");
    let line = &told["lines"][0];
    assert_eq!(line["state"], "running");
    assert_eq!(line["authority"], "foreign-ministry");
    assert_eq!(line["people"].as_array().unwrap().len(), 4);
    assert_eq!(line["fact"]["kind"], "placed");
    let rule = told["rules"].as_array().unwrap().iter().find(|r| r["code"] == "family-told");
    assert_eq!(rule.unwrap()["within_h"], 72.0);
    assert!(rule.unwrap()["source"].as_str().unwrap().contains("Mandela"));
    assert_eq!(counts(&world, "foreign-ministry")["running"], 8, "family and consulate");

    let told = |n: &[u32]| n.iter().map(|n| person(*n)).collect::<Vec<_>>();
    let family = Event::Notified { whom: Notified::Family, people: told(&[1, 2]) };
    world.say("justice", "2026-01-22T10:00:00Z", family);
    let whom = Notified::Consulate;
    let why = DeferralReason::PersonDeclines;
    let declined = Event::NoticeDeferred { whom, why, until: None, people: told(&[1]) };
    world.say("justice", "2026-01-22T11:00:00Z", declined);
    let ministry = counts(&world, "foreign-ministry");
    assert_eq!((&ministry["met"], &ministry["waived"]), (&2.into(), &1.into()));

    // Ten days later nothing more has been proved.
    let late = Event::IncidentReported {
        site: SiteId::new("karkh").unwrap(),
        kind: IncidentKind::Medical,
    };
    world.say("justice", "2026-02-01T10:00:00Z", late);
    let ministry = counts(&world, "foreign-ministry");
    assert_eq!((&ministry["overdue"], &ministry["running"]), (&5.into(), &0.into()));
    let one = world.json(&format!("/api/v1/obligations?state=overdue&person={}", person(1)));
    assert!(one["lines"].as_array().unwrap().iter().all(|l| l["rule"] != "family-told"));
    assert_eq!(world.get("/api/v1/obligations?state=soon").problem(), "not-understood");
}

/// Issues a statement as an office does: the document beside the record, then the fact.
fn issue(world: &mut World, definition: &str, position: u64) -> String {
    let found = ledger::definition(definition).unwrap();
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/hasakah-2026");
    let scenario = scenario::Scenario::read(&dir).unwrap();
    let known: BTreeMap<_, _> = server::nationalities(&world.node).unwrap();
    let figure = world
        .node
        .read(|state| server::recompute(state, &scenario, &known, found, position))
        .unwrap();
    let device = world.device("justice");
    let key = LogKey::new("justice", device.key.clone()).unwrap();
    let text = found.text;
    let statement = Statement {
        origin: world.node.origin().to_owned(),
        operation: world.node.operation().clone(),
        definition: DefinitionId::parse(definition).unwrap(),
        text: [("en", text.en), ("ar", text.ar), ("ckb", text.ckb)]
            .map(|(l, t)| (l.to_owned(), t.to_owned()))
            .to_vec(),
        position,
        root: figure.root,
        recorded_until: figure.recorded_until,
        value: figure.value,
        parts: figure.parts,
        people: figure.people,
        authority: device.authority.clone(),
        officer: device.officer,
        issued_at: at("2026-01-23T09:00:00Z"),
        key: key.verifier().vkey(),
        log: world.node.vkey().unwrap(),
    };
    let signed = statement.sign(&key, world.node.signing_key().unwrap()).unwrap();
    world.node.put_document(&server::statement_document(&signed)).unwrap();
    let definition = DefinitionId::parse(definition).unwrap();
    let document = signed.hash();
    world.say(
        "justice",
        "2026-01-23T09:00:00Z",
        Event::StatementIssued { definition, position, document },
    );
    document.to_string()
}

#[test]
fn two_statements_are_laid_side_by_side() {
    let mut world = World::new();
    let people = world.register();
    world.depart(&people);
    world.arrive(&people);
    let head = world.node.position();
    let departed = issue(&mut world, "departed@1", head);
    let admitted = issue(&mut world, "admitted@1", head);
    let before = issue(&mut world, "admitted@1", 3);

    let list = world.json("/api/v1/statements");
    let hashes: Vec<_> = list.as_array().unwrap().iter().map(|s| s["hash"].clone()).collect();
    assert_eq!(hashes, [before.as_str(), &admitted, &departed]);
    let one = world.json(&format!("/api/v1/statements/{admitted}"));
    assert_eq!(one["findings"].as_array().unwrap().len(), 0, "{one}");
    assert_eq!((&one["line"]["value"], &one["line"]["position"]), (&4.into(), &head.into()));
    assert!(log::SignedStatement::open(one["document"].as_str().unwrap()).is_ok());
    assert_eq!(one["line"]["fact"]["kind"], "statement-issued");

    let told = world.json(&format!("/api/v1/statements/{departed}/against/{admitted}"));
    assert_eq!((&told["first_people"], &told["second_people"]), (&6.into(), &4.into()));
    let cause = &told["causes"][0];
    assert_eq!((&cause["side"], &cause["cause"]), (&"first".into(), &"definition".into()));
    assert_eq!((&cause["discrepancy"], &cause["people"]), (&"handover-short".into(), &2.into()));
    let told = world.json(&format!("/api/v1/statements/{before}/against/{admitted}"));
    let people = told["people"].as_array().unwrap();
    assert_eq!(people.len(), 4);
    assert!(people.iter().all(|p| p["cause"] == "position" && p["fact"]["kind"] == "placed"));

    let nobody = "0".repeat(64);
    let answer = world.get(&format!("/api/v1/statements/{nobody}"));
    assert_eq!((answer.status, answer.problem().as_str()), (404, "unknown-statement"));
}
