//! What a revision changes of the plan before it, and what forced it.

use crate::whatif::problem;
use crate::world::{World, person};
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

/// The plan of a problem, its people numbered in the order in which they leave.
pub fn planned(problem: &Problem, revision: u32) -> PlanDocument {
    let options = Options { max_iterations: Some(500), ..Options::default() };
    let found = solve(problem, &options, &mut |_| Flow::Continue).unwrap();
    let proof = bound::prove(problem, std::time::Duration::from_secs(20));
    let heading = Heading { operation: "hasakah-2026".into(), revision, ..Heading::default() };
    let seating = Seating::of_classes(found.plan);
    let mut plan = PlanDocument::compose(problem, &seating, &proof, heading).unwrap();
    let mut next = 1..;
    for vehicle in plan.movements.iter_mut().flat_map(|m| &mut m.vehicles) {
        let aboard = vehicle.load.values().sum::<i64>() as usize;
        vehicle.persons = next.by_ref().take(aboard).map(|n| person(n).to_string()).collect();
    }
    plan
}

pub fn adopt(
    world: &mut World,
    when: &str,
    plan: &PlanDocument,
    parent: Option<PlanHash>,
) -> PlanHash {
    let hash = plan_hash(plan);
    keep(world, plan_name(&hash), plan.canonical_bytes());
    let why = if parent.is_some() { AdoptionReason::NightLost } else { AdoptionReason::First };
    let adopted = Event::PlanAdopted { plan: hash, revision: plan.revision, parent, why };
    world.say("judicial-council", when, adopted);
    hash
}

pub fn keep(world: &World, name: String, bytes: Vec<u8>) {
    let media_type = "application/json".to_owned();
    world.node.put_document(&Document { name, media_type, bytes }).unwrap();
}

#[test]
fn a_lost_night_forces_those_who_had_it_and_moves_those_after_them() {
    let mut world = World::new();
    let (before, mut after) = (problem(), problem());
    after.cover[0].orbits = 0;
    let first = adopt(&mut world, "2026-01-20T15:00:00Z", &planned(&before, 1), None);
    let second = adopt(&mut world, "2026-01-21T12:00:00Z", &planned(&after, 2), Some(first));
    let address = format!("/api/v1/plan/{second}/changes");

    let untold = world.json(&address);
    assert_eq!((&untold["causes_known"], &untold["problem"]), (&json!(false), &json!([])));
    for (plan, problem) in [(first, before), (second, after)] {
        keep(&world, server::problem_name(&plan), PlannedProblem { from: 0, problem }.to_bytes());
    }

    let lost = json!({
        "what": "night-lost", "where": "", "vehicle": "", "night": "2026-01-21", "was": 0, "is": 0
    });
    let told = world.json(&address);
    assert_eq!((&told["causes_known"], &told["problem"]), (&json!(true), &json!([lost])), "{told}");
    assert_eq!(
        told["moves"],
        json!([
            {"change": "other-night", "from": "2026-01-21", "to": "2026-01-22", "people": 10, "because": [lost]},
            {"change": "other-night", "from": "2026-01-22", "to": "2026-01-23", "people": 5, "because": []},
        ])
    );
    let gone = &told["movements"][0];
    let shown: Vec<&Value> =
        ["night", "kind", "from", "to", "change", "was", "is"].iter().map(|f| &gone[f]).collect();
    assert_eq!(
        json!(shown),
        json!(["2026-01-21", "convoy", "hasakah", "karkh", "removed", 10, 0]),
        "{told}"
    );
    assert_eq!(gone["because"], json!([lost]));

    let none = world.json(&format!("/api/v1/plan/{first}/changes"));
    assert_eq!((&none["parent"], &none["moves"]), (&Value::Null, &json!([])));
    assert_eq!(world.get("/api/v1/plan/0000/changes").status, 404);
}
