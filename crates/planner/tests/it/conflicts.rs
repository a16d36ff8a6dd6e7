//! Planted conflicts: the set found is the one planted, and none of it can be spared.

use std::time::Duration;

use amana_planner::conflict::{Effort, find, least_left};
use amana_planner::problem::Problem;
use serde_json::{Value, json};

use crate::instances::{small, story};

fn effort() -> Effort {
    Effort { proof: Duration::from_secs(20), iterations: 4000 }
}

type Plant = fn(&mut Value);

/// What is planted, how many must be left, and how each promise of the set begins.
const PLANTED: &[(&str, Plant, i64, &[&str])] = &[
    (
        "fewer beds for high security than people",
        |i| {
            i["wings"][0]["cap"] = json!(3);
            i["wings"][1] =
                json!({"id": "w1", "facility": 0, "cap": 200, "rating": "medium", "medical": true});
            i["conflicts"] = json!([]);
        },
        2,
        &[
            "all 5 people of class kc",
            "the wings of d0 hold people up to their rating",
            "d0 has 203 beds",
        ],
    ),
    (
        "no facility accepts a class",
        |i| {
            i["nats"] = json!(["n0", "n1"]);
            i["classes"][0]["nat"] = json!("n1");
        },
        20,
        &["all 20 people of class ka", "d0 accepts only nationality groups n0"],
    ),
    (
        "one class never passes its gates",
        |i| i["classes"][1]["ready"] = json!([0, 5, 15]),
        5,
        &[
            "all 20 people of class kb",
            "nobody of class kb boards before their gates are passed (15 of 20",
        ],
    ),
    (
        "a promise of intake below the people",
        |i| i["facilities"][0]["intake"] = json!([19, 0, 0]),
        38,
        &["all 20 people of class", "d0 receives 19 people in all"],
    ),
    (
        "nothing carries a stretcher",
        |i| {
            i["vehicles"][2]["needs"] = json!(["seat"]);
            i["air"]["sorties"] = json!([0, 0, 0]);
        },
        2,
        &["all 2 people of class ks", "no vehicle type suits need stretcher", "0 flights in all"],
    ),
    (
        "the crossing is closed",
        |i| i["crossings"][0]["slots"] = json!([0, 0, 0]),
        10,
        &["all 10 people of class ko", "crossing b0 has 0 slots in all"],
    ),
];

#[test]
fn planted_conflicts_are_found_and_none_can_be_spared() {
    for (what, plant, left, begins) in PLANTED {
        let mut instance = story();
        plant(&mut instance);
        let problem = Problem::from_json(&instance.to_string()).expect("well formed");
        let found =
            find(&problem, &effort(), &mut |_| {}).unwrap_or_else(|| panic!("{what}: none"));
        let words: Vec<&str> = found.promises.iter().map(|m| m.words.as_str()).collect();
        assert_eq!(words.len(), begins.len(), "{what}: {words:#?}");
        for begin in *begins {
            assert!(words.iter().any(|w| w.starts_with(begin)), "{what}: {begin:?} in {words:#?}");
        }
        assert!(found.promises.iter().all(|m| m.alone_would_free), "{what}: {:#?}", found.promises);
        assert!(found.at_least_left >= 1, "{what}");
        assert_eq!(found.at_least_left_in_all, *left, "{what}");
    }
}

#[test]
fn where_everybody_can_leave_there_is_no_conflict() {
    let problem = Problem::from_json(&story().to_string()).expect("well formed");
    assert_eq!(least_left(&problem, Duration::from_secs(20)), 0);
    assert_eq!(find(&problem, &effort(), &mut |_| {}), None);
}

/// Drawn problems: what is proven to be left is never more than what a plan leaves.
#[test]
fn a_plan_never_leaves_fewer_than_is_proven() {
    use amana_planner::solve::{Flow, Options, solve};
    for seed in 0..12 {
        let problem = small(seed);
        let options = Options { max_iterations: Some(1500), ..Options::default() };
        let plan = solve(&problem, &options, &mut |_| Flow::Continue).expect("solved");
        assert!(least_left(&problem, Duration::from_secs(20)) <= plan.left_behind, "seed {seed}");
    }
}
