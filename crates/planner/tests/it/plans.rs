//! Whatever the problem, the search's plan keeps every rule and costs what it says.

use amana_planner::check::check;
use amana_planner::plan::ClassPlan;
use amana_planner::problem::Problem;
use amana_planner::solve::{Base, Done, Flow, Options, Solution, solve};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::instances::{small, story, tiny};

fn plan(problem: &Problem, options: &Options) -> Solution {
    solve(problem, options, &mut |_| Flow::Continue).expect("nothing given that could be wrong")
}

fn quick(seed: u64) -> Options {
    Options { max_iterations: Some(1500), seed, ..Options::default() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn every_plan_keeps_the_rules_at_its_price(seed in 0u64..1_000_000) {
        let problem = small(seed);
        let found = plan(&problem, &quick(seed));
        let report = check(&problem, &found.plan);
        prop_assert!(report.is_clean(), "{report}");
        prop_assert_eq!(report.cost, found.cost);
        prop_assert_eq!(report.left_behind, found.left_behind);
        prop_assert_eq!(report.moved + report.left_behind, problem.people());
    }

    #[test]
    fn a_problem_survives_writing_and_reading(seed in 0u64..1_000_000) {
        let problem = small(seed);
        prop_assert_eq!(Problem::from_json(&problem.to_json()).expect("written by us"), problem);
    }

    /// Nights done stay to the last passenger; the rest is planned anew, and the whole is valid.
    #[test]
    fn nights_done_stay_as_they_were(seed in 0u64..1_000_000, nights in 0usize..5) {
        let problem = small(seed);
        let old = plan(&problem, &quick(1)).plan;
        let done = Some(Done { nights, plan: old.clone() });
        let new = plan(&problem, &Options { done, ..quick(2) });
        let report = check(&problem, &new.plan);
        prop_assert!(report.is_clean(), "{report}");
        prop_assert_eq!(report.cost, new.cost);
        prop_assert_eq!(before(&old, nights), before(&new.plan, nights));
    }
}

/// A re-plan begins with the plan in force: nobody more stays behind, and at most a vehicle is spared. Where two
/// groups of a convoy would both have its coach it may be otherwise; that is seldom.
#[test]
fn a_plan_in_force_is_where_a_re_plan_begins() {
    let mut otherwise = Vec::new();
    for seed in 0..150 {
        let problem = small(seed);
        let old = plan(&problem, &quick(1));
        let base = Some(Base::new(old.plan, 0));
        let new = plan(&problem, &Options { base, max_iterations: Some(0), ..quick(2) });
        if new.first.cost > old.cost.total() || new.first.left_behind > old.left_behind {
            otherwise.push(seed);
        }
    }
    assert!(otherwise.len() <= 1, "{otherwise:?}");
}

fn before(plan: &ClassPlan, nights: usize) -> ClassPlan {
    let mut plan = plan.clone();
    plan.convoys.retain(|c| c.night < nights as i64);
    plan.sorties.retain(|s| s.night < nights as i64);
    plan.repositions.retain(|r| r.night < nights as i64);
    plan.housing.clear();
    plan
}

#[test]
fn one_seed_gives_the_same_bytes_twice() {
    let problem = small(5);
    for threads in [1, 2] {
        let options = Options { threads, ..quick(3) };
        let bytes = || plan(&problem, &options).plan.to_json(&problem);
        assert_eq!(bytes(), bytes(), "{threads} threads");
    }
}

#[test]
fn two_threads_keep_the_rules_too() {
    let problem = small(8);
    let found = plan(&problem, &Options { threads: 2, ..quick(3) });
    assert!(check(&problem, &found.plan).is_clean());
}

/// Those of group C who come first do not take the beds that those of A need later, and a van comes from another
/// depot on a night without a road.
#[test]
fn beds_and_vans_are_there_when_they_are_needed() {
    let mut tiny: Value = serde_json::from_str(&tiny().to_json()).expect("written by us");
    tiny["seps"] = json!(["A", "B", "C"]);
    tiny["left_cost"] = json!(100_000);
    tiny["classes"] = json!([("ka", "A", 100), ("kb", "B", 100), ("kc", "C", 900)].map(
        |(id, sep, vuln)| json!({"id": id, "origin": 0, "count": 3, "security": "low", "health": "fit",
            "nat": "n0", "sep": sep, "need": "seat", "vuln": vuln})
    ));
    tiny["nights"] = json!(4);
    tiny["origins"][0]["wait_cost"] = json!(vec![100; 4]);
    tiny["crossings"][0]["slots"] = json!(vec![1; 4]);
    tiny["air"]["sorties"] = json!(vec![0; 4]);
    tiny["routes"][0]["road_cost"] = json!(vec![10; 4]);
    // The wing that takes A is the plainest, so C would go there first; B has the other.
    tiny["wings"][0]["cap"] = json!(3);
    tiny["wings"][1] =
        json!({"id": "w1", "facility": 0, "cap": 6, "rating": "medium", "medical": false});
    // The only van is elsewhere, and there is no road on the first night.
    tiny["cover"] = json!(vec![json!({"orbits": 1, "slots": 4}); 4]);
    tiny["cover"][0] = json!({"orbits": 0, "slots": 0});
    let depot = |id, vans| json!({"id": id, "fleet": {"van": vans}, "park": {"van": 1}, "teams": 1, "guards": 1});
    tiny["depots"] = json!([depot("near", 0), depot("far", 1)]);
    let problem = Problem::from_json(&tiny.to_string()).expect("well formed");
    let found = plan(&problem, &Options { max_iterations: Some(20_000), ..quick(1) });
    assert!(check(&problem, &found.plan).is_clean());
    assert_eq!(found.left_behind, 0);
    assert_eq!(found.plan.repositions[0].night, 0);
    let nights: Vec<i64> = found.plan.convoys.iter().map(|c| c.night).collect();
    assert_eq!(nights, [1, 2, 3]);
    assert_eq!(found.plan.convoys[0].vehicles[0].load["kc"], 3);
}

/// A high enough price on changes keeps every convoy of the plan in force.
#[test]
fn a_dear_change_is_not_made() {
    let problem = small(11);
    let old = plan(&problem, &quick(1)).plan;
    let trips = |p: &ClassPlan| {
        let mut list: Vec<_> = p.convoys.iter().map(|c| (c.night, c.route.clone())).collect();
        list.extend(p.sorties.iter().map(|s| (s.night, s.route.clone())));
        list.sort();
        list
    };
    let base = Some(Base::new(old.clone(), 10_000_000));
    let new = plan(&problem, &Options { base, ..quick(2) });
    assert_eq!(trips(&old), trips(&new.plan));
    assert!(check(&problem, &new.plan).is_clean());
}

#[test]
fn a_stop_is_obeyed_and_still_gives_a_plan() {
    let problem = small(8);
    let mut asked = 0;
    let options = Options { max_iterations: Some(u64::MAX), ..Options::default() };
    let found = solve(&problem, &options, &mut |_| {
        asked += 1;
        Flow::Stop
    });
    assert!(check(&problem, &found.expect("nothing given").plan).is_clean());
    assert_eq!(asked, 1);
}

#[test]
fn a_wrong_reference_is_named() {
    let mut value = story();
    value["routes"][1]["dest"] = serde_json::json!(9);
    let error = Problem::from_json(&value.to_string()).expect_err("facility 9 is not there");
    assert_eq!(error.to_string(), "routes[1].dest: facility 9 does not exist (there are 1)");
    let error = Problem::from_json("{\n  \"format\": 3 }").expect_err("not a problem");
    assert!(error.to_string().contains("line 2 column"), "{error}");
}

#[test]
fn a_prefix_that_names_strangers_is_refused() {
    let problem = small(8);
    let text = r#"{"convoys":[{"night":0,"route":"nowhere","orbit":0,"vehicles":[]}],
        "sorties":[],"repositions":[],"housing":[]}"#;
    let done = Some(Done { nights: 1, plan: ClassPlan::from_json(text).expect("well formed") });
    let error = solve(&problem, &Options { done, ..quick(1) }, &mut |_| Flow::Continue);
    let text = error.expect_err("no such route").to_string();
    assert_eq!(text, "the given plan names route \"nowhere\", which the problem does not have");
}
