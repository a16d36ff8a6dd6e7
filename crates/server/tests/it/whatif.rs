//! Resources by night and what-if, about a small plan whose problem is kept beside it.

use crate::world::World;
use domain::*;
use planner::bound;
use planner::persons::Seating;
use planner::plan::{Heading, PlanDocument};
use planner::problem::Problem;
use planner::solve::{Flow, Options, solve};
use serde_json::{Value, json};
use server::PlannedProblem;
use server::play::{plan_hash, plan_name};
use store::Document;

/// One bus of ten places and fifteen people, over the nights of the operation.
pub fn problem() -> Problem {
    let nights = 23;
    let every = |n: i64| vec![n; nights];
    let problem = json!({
        "format": "muster-v1", "name": "small", "nights": nights, "seps": ["A"],
        "vehicles": [{"id": "bus", "places": 10, "needs": ["seat"], "guards": 2, "cost": 100}],
        "max_vehicles": 3, "team_cost": 150, "orbit_cost": 300, "reposition_cost": 40, "left_cost": 9000,
        "origins": [{"id": "hasakah", "depot": 0, "out_limit": 100, "bays": 2, "safe": 99,
            "wait_cost": every(100), "over_cost": 0}],
        "classes": [{"id": "k0", "origin": 0, "count": 15, "security": "low", "health": "fit", "nat": "n0",
            "sep": "A", "need": "seat", "vuln": 100}],
        "crossings": [{"id": "rabia", "slots": every(2)}],
        "cover": vec![json!({"orbits": 1, "slots": 12}); nights],
        "facilities": [{"id": "karkh", "accepts": ["n0"], "intake": 100}],
        "wings": [{"id": "karkh/w1", "facility": 0, "cap": 100, "rating": "high", "medical": true}],
        "routes": [{"id": "hasakah-karkh-road", "kind": "road", "origin": 0, "dest": 0, "crossing": 0,
            "hours": 5.0, "risk": [], "road_cost": every(0), "expo": 3, "cycle": 1, "team_cycle": 1, "teams": 1}],
        "air": {"places": 1, "litters": 0, "cost": 1, "sorties": every(0)},
        "depots": [{"id": "hasakah", "fleet": {"bus": 1}, "park": {"bus": 1}, "teams": 4, "guards": 9}],
    });
    Problem::from_json(&problem.to_string()).unwrap()
}

/// A world with the plan of [`problem`] in force.
fn world(keep_problem: bool) -> World {
    let mut world = World::new();
    let problem = problem();
    let options = Options { max_iterations: Some(500), ..Options::default() };
    let found = solve(&problem, &options, &mut |_| Flow::Continue).unwrap();
    let proof = bound::prove(&problem, std::time::Duration::from_secs(20));
    let heading = Heading { operation: "hasakah-2026".into(), revision: 1, ..Heading::default() };
    let seating = Seating::of_classes(found.plan);
    let plan = PlanDocument::compose(&problem, &seating, &proof, heading).unwrap();
    let hash = plan_hash(&plan);
    let keep = |name: String, bytes: Vec<u8>| {
        let media_type = "application/json".to_owned();
        world.node.put_document(&Document { name, media_type, bytes }).unwrap();
    };
    keep(plan_name(&hash), plan.canonical_bytes());
    if keep_problem {
        keep(server::problem_name(&hash), PlannedProblem { from: 0, problem }.to_bytes());
    }
    let why = AdoptionReason::First;
    let adopted = Event::PlanAdopted { plan: hash, revision: 1, parent: None, why };
    world.say("judicial-council", "2026-01-20T15:00:00Z", adopted);
    world
}

fn ask(world: &World, body: Value) -> crate::world::Answer {
    world.post_as("application/json", body.to_string().as_bytes(), "/api/v1/plan/whatif")
}

#[test]
fn resources_say_what_is_used_and_what_holds_people_back() {
    let world = world(true);
    let known = world.json("/api/v1/plan/resources");
    assert_eq!(known["nights"][0], "2026-01-21");
    let rows = known["rows"].as_array().unwrap();
    let bus = rows.iter().find(|r| r["what"] == "bus").unwrap();
    assert_eq!(
        (&bus["where"], &bus["used"][0], &bus["available"][0]),
        (&json!("hasakah"), &json!(1), &json!(1))
    );
    let held = &known["holding"][0];
    assert_eq!(
        (&held["what"], &held["vehicle"], &held["rule"]),
        (&json!("vehicles"), &json!("bus"), &json!("R28"))
    );
    assert_eq!(held["person_nights"], 5);
    assert_eq!(world.json("/api/v1/plan/resources"), known, "the second answer is the first");
}

#[test]
fn a_change_is_planned_beside_the_plan_in_force_and_adopts_nothing() {
    let world = world(true);
    let answer = ask(&world, json!({"add": ["bus@hasakah=1"], "seconds": 0.5}));
    assert_eq!(answer.status, 200, "{}", answer.text);
    let found = answer.json();
    assert_eq!(found["changes"][0], "1 more bus at hasakah");
    assert_eq!(found["moves"]["earlier"], 5, "{found}");
    assert_eq!(
        (&found["base"]["leaving"][0], &found["changed"]["leaving"][0]),
        (&json!(10), &json!(15))
    );
    assert_eq!(found["base"]["last_night"], "2026-01-22");
    let lost = ask(&world, json!({"lose": ["night=2026-01-21"], "seconds": 0.5})).json();
    assert_eq!(lost["changed"]["leaving"][0], 0, "{lost}");
    assert_eq!(world.json("/api/v1/plan")["revisions"].as_array().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_tried_is_refused_with_what_there_is() {
    let with = world(true);
    for (body, word, said) in [
        (json!({"add": ["bsu@hasakah=1"]}), "change-near", "no thing 'bsu'; is bus meant?"),
        (json!({"add": ["bus@tokyo=1"]}), "change-unknown", "no depot 'tokyo'; there is hasakah"),
        (
            json!({"lose": ["night=2026-05-01"]}),
            "change-no-night",
            "they are 2026-01-21 to 2026-02-12",
        ),
        (json!({"lose": ["night"]}), "change-night", "for example --lose night=7"),
        (json!({"add": ["night=2"]}), "change-night-added", "a night cannot be added"),
        (json!({"add": ["bus=1"]}), "change-place", "it does not say where"),
        (json!({"add": ["bus@hasakah=0"]}), "change-amount", "a whole number above 0"),
        (json!({"intake": ["karkh@7=many"]}), "change-people", "a number of people"),
        (json!({"lose": ["crossing@rabia:9..3"]}), "change-backwards", "end before they begin"),
        (json!({}), "changes", "0 changes"),
        (json!({"add": ["bus@hasakah=1"], "seconds": 3600}), "seconds", "seconds 3600"),
    ] {
        let answer = ask(&with, body);
        assert_eq!((answer.status, answer.problem().as_str()), (422, "plan.change"));
        let found = answer.json();
        assert_eq!(found["said"]["id"], word, "{found}");
        assert!(found["detail"].as_str().unwrap().contains(said), "{found}");
    }
    let without = ask(&world(false), json!({"add": ["bus@hasakah=1"]}));
    assert_eq!((without.status, without.problem().as_str()), (409, "no-plan"));
}
