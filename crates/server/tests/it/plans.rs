//! The plan in force: what it promises, and where its movements should be.

use crate::world::{MOVEMENT, World, at, person};
use domain::*;
use planner::plan::{
    Cost, Limits, MovementKind, PlanDocument, PlanMovement, PlanVehicle, Unplaced,
};
use server::play::{plan_hash, plan_name};
use store::Document;

/// Six people in one convoy, or all but the last two.
fn plan(revision: u32, parent: Option<PlanHash>, people: &[u32]) -> PlanDocument {
    let numbers: Vec<String> = people.iter().map(|n| person(*n).to_string()).collect();
    PlanDocument {
        format: PlanDocument::FORMAT.to_owned(),
        operation: "hasakah-2026".to_owned(),
        revision,
        since: None,
        parent: parent.map(|p| p.to_string()),
        problem: None,
        why: "a test".to_owned(),
        seed: 1,
        limits: Limits::default(),
        version: "0".to_owned(),
        nights: 23,
        cost: Cost { waiting: 900, road: 100, ..Cost::default() },
        total: 1000,
        bound: 900,
        gap_basis_points: 1000,
        certificate: None,
        movements: vec![PlanMovement {
            number: 1,
            night: 0,
            kind: MovementKind::Convoy,
            route: "hasakah-karkh-road".to_owned(),
            orbit: Some(0),
            vehicles: vec![PlanVehicle {
                id: "hasakah-bus-01".to_owned(),
                vehicle_type: "bus".to_owned(),
                load: Default::default(),
                persons: numbers.clone(),
            }],
            teams: Vec::new(),
        }],
        repositions: Vec::new(),
        housing: Vec::new(),
        beds: numbers.into_iter().map(|n| (n, "karkh/w1".to_owned())).collect(),
        unplaced: (people.len() as u32 + 1..=6)
            .map(|n| Unplaced {
                person: person(n).to_string(),
                reason: "intake: binds class x in 3 route-nights".to_owned(),
            })
            .collect(),
        unmet: Vec::new(),
    }
}

fn adopt(world: &mut World, when: &str, plan: &PlanDocument, parent: Option<PlanHash>) -> PlanHash {
    let hash = plan_hash(plan);
    let document = Document {
        name: plan_name(&hash),
        media_type: "application/json".to_owned(),
        bytes: plan.canonical_bytes(),
    };
    world.node.put_document(&document).unwrap();
    let why = if parent.is_some() { AdoptionReason::GatesDecided } else { AdoptionReason::First };
    let event = Event::PlanAdopted { plan: hash, revision: plan.revision, parent, why };
    world.say("judicial-council", when, event);
    hash
}

#[test]
fn the_last_revision_is_in_force_and_the_first_is_remembered() {
    let mut world = World::new();
    let people = world.register();
    let first = plan(1, None, &people);
    let parent = adopt(&mut world, "2026-01-20T15:00:00Z", &first, None);
    let second = plan(2, Some(parent), &people[..4]);
    adopt(&mut world, "2026-01-21T12:00:00Z", &second, Some(parent));

    let shown = world.json("/api/v1/plan");
    let revisions = shown["revisions"].as_array().unwrap();
    assert_eq!(revisions.len(), 2);
    assert_eq!((&revisions[0]["revision"], &revisions[0]["people"]), (&2.into(), &4.into()));
    assert_eq!(revisions[0]["changed"], 2);
    assert_eq!(revisions[0]["gap"], 0.1);
    assert_eq!(shown["unplaced"][0]["key"], "intake");
    assert_eq!(shown["unplaced"][0]["value"], 2);
    assert_eq!(shown["cost_parts"][0]["key"], "waiting");
    let night = &world.json("/api/v1/nights")[0];
    assert_eq!((&night["planned"], &night["first_planned"]), (&4.into(), &6.into()));

    let seated = world.json(&format!("/api/v1/people/{}", person(1)));
    assert_eq!(seated["plan"]["movement"], MOVEMENT);
    assert_eq!(seated["plan"]["unit"], "karkh/w1");
    let left = world.json(&format!("/api/v1/people/{}", person(6)));
    assert!(left["plan"]["unplaced"].as_str().unwrap().starts_with("intake"));
    assert_eq!(world.json("/api/v1/people")["people"][0]["planned_night"], "2026-01-21");

    // A plan made after the night began does not change what the night was planned by.
    let third = plan(3, Some(plan_hash(&second)), &people[..1]);
    adopt(&mut world, "2026-01-22T12:00:00Z", &third, Some(plan_hash(&second)));
    assert_eq!(world.json("/api/v1/nights")[0]["planned"], 4);
    assert_eq!(world.json("/api/v1/plan")["revisions"][0]["revision"], 3);
}

/// A plan whose document has not come in is named, and the one before it goes on being shown.
#[test]
fn a_plan_without_its_document_does_not_blind_the_room() {
    let mut world = World::new();
    let people = world.register();
    let first = plan(1, None, &people);
    let parent = adopt(&mut world, "2026-01-20T15:00:00Z", &first, None);
    let event = Event::PlanAdopted {
        plan: PlanHash([5; 32]),
        revision: 2,
        parent: Some(parent),
        why: AdoptionReason::Evening,
    };
    world.say("judicial-council", "2026-01-21T12:00:00Z", event);
    let shown = world.json("/api/v1/plan");
    assert_eq!(shown["revisions"][0]["people"], 0);
    assert_eq!(shown["revisions"][1]["people"], 6);
    assert_eq!(world.json("/api/v1/nights")[0]["planned"], 6);
}

/// A peer may send anything under the name of an adopted plan.
#[test]
fn another_document_under_a_plans_name_is_not_the_plan() {
    let mut world = World::new();
    let people = world.register();
    let parent = adopt(&mut world, "2026-01-20T15:00:00Z", &plan(1, None, &people), None);
    let second = plan(2, Some(parent), &people);
    let forged = Document {
        name: plan_name(&plan_hash(&second)),
        media_type: "application/json".to_owned(),
        bytes: plan(2, Some(parent), &people[..1]).canonical_bytes(),
    };
    world.node.put_document(&forged).unwrap();
    let event = Event::PlanAdopted {
        plan: plan_hash(&second),
        revision: 2,
        parent: Some(parent),
        why: AdoptionReason::Evening,
    };
    world.say("judicial-council", "2026-01-21T12:00:00Z", event);
    let shown = world.json("/api/v1/plan");
    assert_eq!(
        (&shown["revisions"][0]["revision"], &shown["revisions"][0]["people"]),
        (&2.into(), &0.into())
    );
    assert_eq!(world.json("/api/v1/nights")[0]["planned"], 6);
}

/// From the revocation on, whoever holds the key adopts no plan, moves no convoy on the map and names
/// nobody who is to come.
#[test]
fn what_a_revoked_key_says_changes_no_plan() {
    let mut world = World::new();
    let people = world.register();
    let first = plan(1, None, &people);
    let parent = adopt(&mut world, "2026-01-20T15:00:00Z", &first, None);
    world.depart(&people);
    let before = world.json("/api/v1/picture")["movements"][0].clone();
    for party in ["judicial-council", "escort-force"] {
        let device = world.device(party).device();
        let chain = world.json(&format!("/api/v1/devices/{device}/chain"));
        let last = chain["next"].as_u64().unwrap() - 1;
        let revoked =
            Event::DeviceRevoked { device, last: Some(last), why: RevocationReason::Copied };
        let mut keyholder = world.keyholder(party);
        world.say_with(&mut keyholder, "2026-01-21T17:30:00Z", revoked);
    }
    adopt(&mut world, "2026-01-21T18:00:00Z", &plan(2, Some(parent), &people[..1]), Some(parent));
    let movement = MovementId::parse(MOVEMENT).unwrap();
    let waypoint = WaypointId::new("tell-hamis").unwrap();
    let passed = Event::WaypointPassed { movement, waypoint, aboard: Some(5) };
    world.say("escort-force", "2026-01-21T18:15:00Z", passed);

    let shown = world.json("/api/v1/plan");
    assert_eq!(shown["revisions"].as_array().unwrap().len(), 1);
    assert_eq!(world.json("/api/v1/picture")["movements"][0]["last_report"], before["last_report"]);
    let codes = world.json("/api/v1/discrepancies");
    let after = codes.as_array().unwrap().iter().filter(|d| d["code"] == "after-revocation");
    assert_eq!(after.count(), 2, "they are told");
}

#[test]
fn a_convoy_is_where_its_last_report_and_its_pace_put_it() {
    let mut world = World::new();
    let people = world.register();
    adopt(&mut world, "2026-01-20T15:00:00Z", &plan(1, None, &people), None);
    let line = |world: &World| world.json("/api/v1/picture")["movements"][0].clone();
    assert_eq!(line(&world)["status"], "planned");
    assert_eq!(line(&world)["position"], serde_json::Value::Null);
    world.depart(&people);
    assert_eq!(line(&world)["status"], "under-way");
    assert_eq!(line(&world)["position"], serde_json::json!([40.75, 36.5]));
    let movement = MovementId::parse(MOVEMENT).unwrap();
    let waypoint = WaypointId::new("tell-hamis").unwrap();
    let passed = Event::WaypointPassed { movement, waypoint, aboard: Some(5) };
    world.say("escort-force", "2026-01-21T18:15:00Z", passed);
    let there = line(&world);
    assert_eq!(there["last_report"]["names"]["en"], "Tell Hamis");
    assert_eq!(there["last_report"]["aboard"], 5);
    assert!(there["progress"].as_f64().unwrap() > 0.09);
    assert_ne!(there["position"], serde_json::json!([40.75, 36.5]));
    assert_eq!(world.json("/api/v1/discrepancies")[0]["code"], "count-differs");
    world.arrive(&people);
    let detail = world.json(&format!("/api/v1/movements/{MOVEMENT}"));
    assert_eq!(detail["line"]["progress"], 1.0);
    assert_eq!(detail["line"]["arrived_at"], at("2026-01-22T05:00:00Z").to_string());
    assert_eq!(detail["line"]["planned"], 6);
}
