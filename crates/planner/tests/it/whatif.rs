//! A plan beside the plan of a changed problem, and prices checked by searching again.

use std::time::Duration;

use amana_planner::bound::prove;
use amana_planner::change::{Asked, Change};
use amana_planner::check::check;
use amana_planner::pricing::{self, check_each, scarce, worth_checking};
use amana_planner::problem::Problem;
use amana_planner::solve::{Flow, Options, solve};
use amana_planner::whatif::{Effort, compare};
use serde_json::json;

use crate::instances::{small, story, story_plan};

fn effort() -> Effort {
    Effort {
        time_limit: Duration::from_secs(20),
        bound_limit: Duration::from_secs(20),
        max_iterations: Some(2000),
        seed: 1,
    }
}

#[test]
fn a_lost_night_moves_people_later_and_costs_more() {
    let problem = Problem::from_json(&story().to_string()).expect("well formed");
    let lost = Change::parse(&problem, Asked::Lose, "night=0", &|_| None).expect("read");
    let changed = Change::applied(&[lost], &problem);
    let found =
        compare(&problem, &changed, &story_plan(), 0, &effort(), &|| Flow::Continue).expect("fits");
    assert!(found.changed.cost > found.base.cost);
    assert!(found.base.bound <= found.base.cost && found.changed.bound <= found.changed.cost);
    assert!(found.moves.later + found.moves.newly_left > 0 && found.moves.newly_moved == 0);
    assert_eq!(found.changed.leaving[0], 0);
    assert!(found.changed.waiting_person_nights > found.base.waiting_person_nights);
    assert!(check(&changed, &found.plans[1]).is_clean());
    let all: i64 = found.base.leaving.iter().sum::<i64>() + found.base.left_behind;
    assert_eq!(all, problem.people());
}

#[test]
fn what_is_done_stays_and_a_past_that_does_not_fit_is_refused() {
    let problem = Problem::from_json(&story().to_string()).expect("well formed");
    let lose = |text| {
        let change = Change::parse(&problem, Asked::Lose, text, &|_| None).expect("read");
        Change::applied(&[change], &problem)
    };
    let later = lose("night=1");
    let found =
        compare(&problem, &later, &story_plan(), 1, &effort(), &|| Flow::Continue).expect("fits");
    assert_eq!(found.changed.leaving[0], 40, "night 0 is as it was");
    let never = lose("coach@north=2");
    assert!(compare(&problem, &never, &story_plan(), 1, &effort(), &|| Flow::Continue).is_err());
    let broken = amana_planner::conflict::broken_past(&never, &story_plan(), 1);
    assert_eq!(broken.iter().map(|b| b.code).collect::<Vec<_>>(), ["R28"]);
}

#[test]
fn stopping_gives_the_plan_so_far() {
    let problem = Problem::from_json(&story().to_string()).expect("well formed");
    let long = Effort { max_iterations: None, ..effort() };
    let found = compare(&problem, &problem, &story_plan(), 0, &long, &|| Flow::Stop).expect("fits");
    assert!(check(&problem, &found.plans[0]).is_clean());
}

/// One coach more lets everybody go a night earlier: the relaxation prices it, the search finds it.
#[test]
fn a_price_is_checked_by_searching_with_one_more() {
    let mut instance = story();
    instance["classes"] = json!([{"id": "ka", "origin": 0, "count": 50, "security": "low", "health": "fit",
        "nat": "n0", "sep": "A", "need": "seat", "vuln": 100}]);
    instance["air"]["sorties"] = json!([0, 0, 0]);
    instance["depots"][0]["fleet"] = json!({"coach": 1, "cell-van": 0, "ambulance": 0});
    let problem = Problem::from_json(&instance.to_string()).expect("well formed");
    let options = Options { max_iterations: Some(2000), ..Options::default() };
    let plan = solve(&problem, &options, &mut |_| Flow::Continue).expect("solved").plan;
    let proof = prove(&problem, Duration::from_secs(20));
    let priced = scarce(&problem, &proof.certificate, 0).expect("our certificate");
    let coach = priced
        .iter()
        .find(|s| s.change.words(&problem) == "1 more coach at North depot")
        .expect("the only vehicle is scarce");
    let effort = pricing::Effort { iterations: 2000, seed: 1, done: 0 };
    let checked =
        check_each(&problem, &plan, &[coach], &effort, &|_| Flow::Continue).expect("fits");
    let checked = checked[0].as_ref().expect("not stopped");
    // Twenty-five people wait one night less and are not crowded: 100 + 50 each, at 10 more a head
    // of road cost saved.
    assert!(checked.saved >= 25 * 100, "{checked:?} beside {:?}", coach.relaxation);
    assert!(matches!(checked.verdict, pricing::Verdict::Agree | pricing::Verdict::SearchSavesLess));
}

/// Whatever the problem: prices are positive, and each kind of thing is among those checked.
#[test]
fn what_is_worth_checking_has_each_kind() {
    for seed in 0..6 {
        let problem = small(seed);
        let proof = prove(&problem, Duration::from_secs(20));
        let priced = scarce(&problem, &proof.certificate, 0).expect("our certificate");
        assert!(priced.iter().all(|s| s.relaxation.is_none_or(|units| units > 0.0)));
        let chosen = worth_checking(&priced, 20);
        for s in &priced {
            let alike = |at: &usize| {
                std::mem::discriminant(&priced[*at].change.thing)
                    == std::mem::discriminant(&s.change.thing)
            };
            assert!(chosen.iter().any(alike) || chosen.len() == 20);
        }
    }
}
