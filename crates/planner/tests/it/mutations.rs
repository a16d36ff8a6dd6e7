//! Each rule is broken once, and that rule alone is reported.

use std::collections::BTreeSet;

use amana_planner::check::{catalogue, check};
use amana_planner::plan::{ClassPlan, Housing, LoadedVehicle};
use amana_planner::problem::Problem;
use serde_json::{Value, json};

use crate::instances::{story, story_plan};

pub type Break = fn(&mut Value, &mut ClassPlan);

fn unhouse(plan: &mut ClassPlan, class: &str) {
    plan.housing.retain(|h| h.class != class);
}

fn load(plan: &mut ClassPlan, convoy: usize, vehicle: usize, class: &str, n: i64) {
    plan.convoys[convoy].vehicles[vehicle].load.insert(class.to_owned(), n);
}

pub const BREAKS: &[(&str, Break)] = &[
    ("R01", |_, p| {
        p.convoys[1].vehicles[0].load.clear();
        load(p, 1, 0, "nobody", 10);
        unhouse(p, "ko");
    }),
    ("R02", |_, p| {
        load(p, 2, 1, "ks", 0);
        p.housing[4].count = 1;
    }),
    ("R03", |_, p| {
        load(p, 0, 0, "ka", 19);
        load(p, 1, 0, "ka", 1);
        load(p, 1, 0, "ko", 9);
        p.housing[2].count = 9;
    }),
    ("R04", |i, _| i["facilities"][0]["accepts"] = json!(["n1"])),
    ("R05", |_, p| {
        p.convoys[1].night = 9;
        unhouse(p, "ko");
    }),
    ("R06", |i, _| i["max_vehicles"] = json!(1)),
    ("R07", |_, p| {
        p.convoys[1].vehicles[0].vehicle_type = "boat".to_owned();
        unhouse(p, "ko");
    }),
    ("R08", |_, p| {
        let vehicle_type = "coach".to_owned();
        p.convoys[1].vehicles.push(LoadedVehicle { vehicle_type, load: Default::default() });
    }),
    ("R09", |i, _| i["vehicles"][0]["places"] = json!(15)),
    ("R10", |i, _| i["vehicles"][0]["needs"] = json!(["secure"])),
    ("R11", |_, p| {
        load(p, 0, 0, "kb", 1);
        load(p, 0, 1, "kb", 9);
    }),
    ("R12", |i, _| i["convoy_apart"] = json!([["A", "B"]])),
    ("R13", |_, p| p.convoys[1].orbit = 7),
    ("R14", |_, p| {
        p.sorties[0].night = 9;
        p.housing[1].count = 10;
        p.housing[4].count = 1;
    }),
    ("R15", |i, _| i["air"]["places"] = json!(5)),
    ("R16", |i, _| i["air"]["litters"] = json!(0)),
    ("R17", |_, p| {
        load(p, 0, 0, "ka", 19);
        p.sorties[0].load.insert("ka".to_owned(), 1);
    }),
    ("R18", |i, _| i["classes"][0]["count"] = json!(19)),
    ("R19", |i, _| i["origins"][0]["out_limit"] = json!([29, 100, 100])),
    ("R20", |i, _| i["facilities"][0]["intake"] = json!([39, 100, 100])),
    ("R21", |i, _| i["origins"][0]["bays"] = json!(0)),
    ("R22", |i, _| i["crossings"][0]["slots"] = json!([1, 4, 4])),
    ("R23", |i, _| i["cover"][0]["slots"] = json!(5)),
    ("R24", |i, _| i["air"]["sorties"] = json!([0, 0, 0])),
    ("R25", |i, _| i["depots"][0]["teams"] = json!(3)),
    ("R26", |i, _| i["depots"][0]["guards"] = json!(7)),
    ("R27", |_, p| p.repositions[0].to = "North depot".to_owned()),
    ("R28", |i, _| i["depots"][0]["fleet"]["coach"] = json!(1)),
    ("R29", |_, p| {
        p.housing.push(Housing { class: "nobody".into(), wing: "w0".into(), count: 1 });
    }),
    ("R30", |i, _| i["classes"][0]["security"] = json!("high")),
    ("R31", |i, _| i["classes"][0]["health"] = json!("medical")),
    ("R32", |i, _| i["wings"][1]["cap"] = json!(29)),
    ("R33", |_, p| {
        p.housing[0].count = 19;
        p.housing.push(Housing { class: "ka".into(), wing: "w0".into(), count: 1 });
    }),
    ("R34", |_, p| p.housing[0].count = 19),
    ("R35", |i, _| i["depots"][1]["park"]["cell-van"] = json!(2)),
    ("R36", |i, _| i["classes"][0]["ready"] = json!([0, 20, 20])),
];

fn codes(problem: &Value, plan: &ClassPlan) -> BTreeSet<&'static str> {
    let problem =
        Problem::from_json(&problem.to_string()).expect("a broken story is still a problem");
    check(&problem, plan).broken.into_iter().map(|b| b.code).collect()
}

#[test]
fn the_story_breaks_nothing() {
    assert_eq!(codes(&story(), &story_plan()), BTreeSet::new());
}

#[test]
fn each_rule_is_seen_alone() {
    let known: Vec<&str> = catalogue().iter().map(|r| r.code).collect();
    for (code, break_it) in BREAKS.iter().filter(|(code, _)| known.contains(code)) {
        let (mut problem, mut plan) = (story(), story_plan());
        break_it(&mut problem, &mut plan);
        assert_eq!(codes(&problem, &plan), BTreeSet::from([*code]), "breaking {code}");
    }
}

#[test]
fn every_class_rule_is_in_the_table() {
    for rule in catalogue().iter().filter(|r| r.code.starts_with('R')) {
        assert!(BREAKS.iter().any(|(code, _)| *code == rule.code), "{} is never broken", rule.code);
        assert!(!rule.text.is_empty() && !rule.source.is_empty());
    }
}

/// Cost of the story's plan, worked out by hand.
#[test]
fn the_cost_of_the_story_is_as_by_hand() {
    let problem = Problem::from_json(&story().to_string()).expect("the story is well formed");
    let cost = check(&problem, &story_plan()).cost;
    // Night 0: 40 leave, 17 wait at the north. Night 1: 16 leave, one on a stretcher is left over.
    assert_eq!(cost.waiting, 100 * 17);
    assert_eq!(cost.over, 50 * 7);
    assert_eq!(cost.road, 40 * 10 + 17 * 20);
    assert_eq!((cost.teams, cost.orbits, cost.air), (4 * 300, 600, 1500));
    assert_eq!((cost.vehicles, cost.repositions, cost.left), (100 + 100 + 60 + 60 + 80, 40, 0));
}
