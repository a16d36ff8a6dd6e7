//! Plans carried out under chance: the same futures for everyone, and hedges judged on others.

use amana_planner::check::check;
use amana_planner::robust::{
    Evenings, Happening, Hedge, Odds, Paired, Spread, Weather, campaigns, iterations,
};
use amana_planner::solve::{Flow, Options, Progress, solve};
use proptest::prelude::*;

use crate::instances::{small, unhurried};

fn rough() -> Odds {
    Odds { shorten: 0.3, lower: 0.3, break_down: 0.3, late_gates: 0.3, ..Odds::losing(0.3) }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let problem = small(7);
    let plan = solve(&problem, &iterations(400, 1), &mut |_| Flow::Continue).expect("found").plan;
    let run = |threads| campaigns(&problem, &plan, &rough(), 5, 10, 101, threads).expect("its own");
    assert_eq!(run(1), run(3));
    assert_ne!(run(1), campaigns(&problem, &plan, &rough(), 6, 10, 101, 1).expect("its own"));
}

#[test]
fn odds_are_kept_and_runs_of_lost_nights_are_runs() {
    let odds = Odds { lose_again: 0.6, ..Odds::losing(0.2) };
    let nights: Vec<Vec<Happening>> = (0..2000).map(|n| odds.future(30, 3, n)).collect();
    let lost = nights.iter().flatten().filter(|h| h.lost).count() as f64 / 60_000.0;
    assert!((lost - 0.2).abs() < 0.015, "{lost}");
    let pairs = || nights.iter().flat_map(|n| n.windows(2)).filter(|w| w[0].lost);
    let again = pairs().filter(|w| w[1].lost).count() as f64 / pairs().count() as f64;
    assert!((again - 0.6).abs() < 0.03, "{again}");
    // Without other odds nothing else happens.
    let calm = |h: &Happening| Happening { lost: false, ..*h } == Happening::CALM;
    assert!(nights.iter().flatten().all(calm));
}

#[test]
fn quantiles_are_nearest_ranks() {
    let spread = Spread::of((1..=100).rev().collect());
    assert_eq!(spread.quantiles, [5, 25, 50, 75, 95]);
    assert!((spread.mean - 50.5).abs() < 1e-9);
}

#[test]
fn a_hedged_plan_is_a_plan_of_the_true_problem_at_its_prices() {
    let problem = small(11);
    let found = Weather::losing(0.3, 20)
        .search(&problem, &iterations(2400, 1), &mut |_| Flow::Continue)
        .expect("found");
    let report = check(&problem, &found.solution.plan);
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.cost, found.solution.cost);
    assert_eq!(found.held_out.futures, 80);
}

/// On futures that nothing was chosen on, with the rest planned again after every lost night, fewer
/// are left behind under the hedged plan than under the cheapest one. Paired, future by future, and
/// far outside chance; seeds are fixed, so the numbers are the same on every run.
#[test]
fn hedged_plans_leave_fewer_behind() {
    let (mut mean, mut variance, mut plain) = (0.0, 0.0, 0.0);
    for seed in 0..4 {
        let problem = unhurried(seed);
        let options = Options { threads: 2, ..iterations(6000, seed) };
        let search = |_: &Progress| Flow::Continue;
        let found = Weather::losing(0.25, 30).search(&problem, &options, &mut { search });
        let found = found.expect("found");
        assert_eq!(found.plain.left_behind, 0, "seed {seed}: everybody can go");
        assert_eq!(found.solution.left_behind, 0, "seed {seed}: the reserve is used when needed");
        let Paired { plain: left, difference, .. } = found.held_out;
        assert!(difference.mean <= 2.0 * difference.error, "seed {seed}: {}", found.in_words());
        plain += left.mean;
        mean += difference.mean;
        variance += difference.error.powi(2);
    }
    assert!(plain > 1.0, "the cheapest plans leave somebody behind: {plain}");
    assert!(mean < -3.0 * variance.sqrt(), "{mean} ± {} of {plain}", variance.sqrt());
    assert!(mean < -0.3 * plain, "{mean} of {plain}");
}

#[test]
fn evenings_do_not_depend_on_threads_and_lose_nobody() {
    let problem = unhurried(9);
    let plan = solve(&problem, &iterations(2000, 1), &mut |_| Flow::Continue).expect("found").plan;
    let desk = |threads| Evenings { odds: Odds::losing(0.4), seed: 7, iterations: 100, threads };
    let play = |threads| {
        desk(threads).play(&problem, &plan, Hedge::default(), 3..14).expect("its own plan")
    };
    assert_eq!(play(1), play(3));
    assert!(play(1).iter().any(|e| e.lost > 0));
    // Where nothing is lost, what was planned is what happens.
    let calm = Evenings { odds: Odds::losing(0.0), ..desk(1) };
    let report = check(&problem, &plan);
    for ending in calm.play(&problem, &plan, Hedge::default(), 0..3).expect("its own plan") {
        assert_eq!((ending.lost, ending.cost), (0, report.cost.total()));
    }
    let none = Evenings { odds: Odds::losing(1.0), ..desk(1) };
    let endings = none.play(&problem, &plan, Hedge::default(), 0..1).expect("its own plan");
    assert_eq!(endings[0].left_behind, problem.people());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    /// People are moved or left, whatever happens; where every night is lost nobody moves; a calm
    /// future is no worse than the plan said.
    #[test]
    fn nobody_is_lost_in_a_campaign(seed in 0u64..1_000_000) {
        let problem = small(seed);
        let plan = solve(&problem, &iterations(300, seed), &mut |_| Flow::Continue).expect("found");
        let run = |odds: &Odds| campaigns(&problem, &plan.plan, odds, seed, 0, 20, 1).expect("its own");
        for outcome in run(&rough()) {
            prop_assert_eq!(outcome.moved + outcome.left_behind, problem.people());
        }
        for outcome in run(&Odds::losing(1.0)) {
            prop_assert_eq!((outcome.moved, outcome.last_night), (0, None));
        }
        for outcome in run(&Odds::losing(0.0)) {
            prop_assert!(outcome.left_behind <= plan.left_behind + problem.people() / 4);
        }
    }
}
