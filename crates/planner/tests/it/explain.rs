//! Explanations are the checker's word: every refusal told is one the checker makes, and no other.

use std::collections::BTreeSet;

use amana_planner::check::check;
use amana_planner::explain::{Explained, Refusal};
use amana_planner::problem::Problem;
use amana_planner::solve::{Flow, Options, solve};
use proptest::prelude::*;
use serde_json::json;

use crate::instances::{small, story, story_plan};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// One person put in by each way on each earlier night: the rules told are those broken.
    #[test]
    fn refusals_are_the_rules_the_checker_finds_broken(seed in 0u64..1_000_000, few in 0u64..3) {
        let problem = small(seed);
        let options = Options { max_iterations: Some(few * 300), seed, ..Options::default() };
        let plan = solve(&problem, &options, &mut |_| Flow::Continue).expect("nothing given").plan;
        let explained = Explained::new(&problem, &plan).expect("the search's plans are valid");
        for story in explained.stories() {
            let class = problem.classes.iter().position(|c| c.id == story.class).expect("ours");
            let last = story.leaving.keys().copied().last();
            let leaving = if story.left_behind > 0 { None } else { last };
            for night in 0..leaving.unwrap_or(problem.nights) {
                let (base, attempts) = explained.attempts(class, leaving, night).expect("it moves");
                prop_assert!(check(&problem, &base).is_clean(), "without one the plan is valid");
                for attempt in attempts {
                    let with = attempt.apply(&problem, &base, class);
                    let broken = check(&problem, &with).broken;
                    let found: BTreeSet<&str> = broken.iter().map(|b| b.code).collect();
                    let told: BTreeSet<&str> = attempt.refusals.iter().map(Refusal::rule).collect();
                    prop_assert_eq!(&told, &found, "{:?} {:?}", attempt, broken);
                }
            }
        }
    }
}

/// The story with `change`, and what refuses the one of `class` on each night they wait.
fn refusals(change: impl Fn(&mut serde_json::Value), class: &str, leaving: usize) -> Vec<String> {
    let mut instance = story();
    change(&mut instance);
    let problem = Problem::from_json(&instance.to_string()).expect("well formed");
    let plan = story_plan();
    let explained = Explained::new(&problem, &plan).expect("still valid");
    let class = problem.classes.iter().position(|c| c.id == class).expect("a class of the story");
    let nights = explained.nights(class, Some(leaving)).expect("it leaves then");
    (nights.iter())
        .map(|n| match &n.open {
            Some(open) => format!("open: {}", open.way),
            None => n.fewest().map(|r| words(r)).collect::<Vec<_>>().join(" or "),
        })
        .collect()
}

fn words(refusals: &[Refusal]) -> String {
    refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
}

type Plant = fn(&mut serde_json::Value);

#[test]
fn each_scarce_thing_is_named() {
    let table: &[(Plant, &str)] = &[
        (|_| {}, "open: one more convoy on r0, a cell-van"),
        (
            |i| i["facilities"][0]["intake"] = json!([40, 100, 100]),
            "intake promise of d0 used up (40 people)",
        ),
        (
            |i| i["origins"][0]["out_limit"] = json!([30, 100, 100]),
            "out-processing at north used up (30 people a night)",
        ),
        (
            |i| i["classes"][2]["ready"] = json!([0, 5, 5]),
            "gates not passed until night 1 (0 of the class may board)",
        ),
        (
            |i| i["depots"][0]["guards"] = json!(8),
            "no guards home at North depot (8, all needed away) or no flight that night",
        ),
        (
            |i| i["crossings"][0]["slots"] = json!([2, 4, 4]),
            "crossing slots of b0 used up (2) or the convoy carries A, which must be apart from them or no flight that night",
        ),
        (
            |i| i["cover"][0] = json!({"orbits": 1, "slots": 6}),
            "cover windows used up (1 orbits) or the convoy carries A, which must be apart from them or no flight that night",
        ),
        (
            |i| i["routes"][0]["cycle"] = json!(2),
            "no cell-van to send at North depot (2 at the start, all out or needed on a later night) or no flight that night",
        ),
        (
            |i| i["origins"][0]["bays"] = json!([1, 3, 3]),
            "loading bays of north used up (1) or the convoy carries A, which must be apart from them or no flight that night",
        ),
    ];
    let told: Vec<Vec<String>> =
        table.iter().map(|(change, _)| refusals(change, "kc", 1)).collect();
    let expected: Vec<Vec<String>> =
        table.iter().map(|(_, said)| vec![(*said).to_owned()]).collect();
    assert_eq!(told, expected);
}

#[test]
fn one_left_behind_is_told_of_every_night() {
    let mut instance = story();
    instance["classes"][0]["count"] = json!(21);
    instance["facilities"][0]["intake"] = json!([40, 17, 0]);
    let problem = Problem::from_json(&instance.to_string()).expect("well formed");
    let plan = story_plan();
    let explained = Explained::new(&problem, &plan).expect("valid");
    let stories = explained.stories();
    let ka = stories.iter().find(|s| s.class == "ka").expect("one is left");
    assert_eq!((ka.left_behind, ka.nights.len()), (1, 3));
    assert!(ka.nights.iter().all(|n| n.open.is_none()));
    let last = ka.nights[2].fewest().next().expect("refused");
    assert_eq!(words(last), "d0 promises no intake that night");
    let holding = explained.holding(&stories, 0);
    let intake = holding.iter().find(|h| h.cause.rule == Some("R20")).expect("intake holds them");
    assert!(intake.person_nights >= 3, "{holding:?}");
}

#[test]
fn a_plan_that_breaks_a_rule_is_not_explained() {
    let problem = Problem::from_json(&story().to_string()).expect("well formed");
    let mut plan = story_plan();
    plan.convoys[1].orbit = 7;
    let refused = Explained::new(&problem, &plan).map(|_| ()).expect_err("R13 is broken");
    assert!(refused.to_string().contains("R13"), "{refused}");
}
