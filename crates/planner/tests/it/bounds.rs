//! No plan beats the bound, and nobody can make the bound say more by tampering.

use std::time::Duration;

use amana_planner::bound::{CutProof, confront, improve, prove, shadow_prices, verify};
use amana_planner::solve::{Flow, Options, solve, solve_and_prove};
use proptest::prelude::*;

use crate::instances::small;

const LIMIT: Duration = Duration::from_secs(3);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    /// People left behind or not, the bound stays below the best plan found, and it is proven
    /// again from the certificate alone.
    #[test]
    fn no_plan_beats_the_bound(seed in 0u64..1_000_000) {
        let problem = small(seed);
        let proof = prove(&problem, LIMIT);
        prop_assert_eq!(verify(&problem, &proof.certificate).expect("its own"), proof.bound);
        let options = Options { max_iterations: Some(3000), seed, ..Options::default() };
        let found = solve(&problem, &options, &mut |_| Flow::Continue).expect("nothing given");
        prop_assert!(proof.bound <= found.cost.total(), "{} {}", proof.bound, found.cost.total());
        prop_assert!(proof.bound > 0);
    }

    /// Whatever the duals, what they prove is true.
    #[test]
    fn any_duals_prove_no_more_than_the_best_plan(seed in 0u64..1_000_000, spoil in any::<u64>()) {
        let problem = small(seed);
        let mut proof = prove(&problem, LIMIT);
        let mut x = spoil | 1;
        for y in &mut proof.certificate.duals {
            x ^= x << 13; x ^= x >> 7; x ^= x << 17;
            if x % 5 == 0 { *y = (x >> 20) as i64 % (1 << 34) - (1 << 33); }
        }
        // Cuts that were tampered with are other cuts, or none: what they prove stays true.
        for cut in &mut proof.certificate.cuts {
            x ^= x << 13; x ^= x >> 7; x ^= x << 17;
            match x % 6 {
                0 => cut.divisor = 1 + (x >> 8) as i64 % 5_000,
                1 => cut.shrink = 1 + (x >> 8) as i64 % 100,
                2 => cut.weights[0].1 += (x >> 8) as i64 % 1_000_000 - 500_000,
                3 => drop(cut.flipped.pop()),
                4 => drop(cut.weights.pop()),
                _ => {}
            }
        }
        let options = Options { max_iterations: Some(3000), seed, ..Options::default() };
        let found = solve(&problem, &options, &mut |_| Flow::Continue).expect("nothing given");
        if let Ok(proven) = verify(&problem, &proof.certificate) {
            prop_assert!(proven <= found.cost.total(), "{proven} {}", found.cost.total());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// After a night was lost the old certificate still proves something of the new problem, and
    /// a little time more than that; never more than the best plan costs.
    #[test]
    fn an_old_certificate_is_improved_on(seed in 0u64..1_000_000, lost in 0usize..4) {
        let mut problem = small(seed);
        let before = prove(&problem, LIMIT);
        let lost = lost % problem.nights;
        problem.facilities.iter_mut().for_each(|f| f.intake[lost] = 0);
        let kept = verify(&problem, &before.certificate).expect("the same rows");
        let better = improve(&problem, &before.certificate, Duration::from_millis(200));
        let better = better.expect("the same rows");
        prop_assert!(kept <= better.bound, "{kept} {}", better.bound);
        prop_assert_eq!(verify(&problem, &better.certificate).expect("its own"), better.bound);
        let options = Options { max_iterations: Some(3000), seed, ..Options::default() };
        let found = solve(&problem, &options, &mut |_| Flow::Continue).expect("nothing given");
        prop_assert!(better.bound <= found.cost.total());
    }
}

#[test]
fn a_certificate_of_another_problem_is_refused() {
    let mut proof = prove(&small(3), LIMIT);
    proof.certificate.duals.pop();
    let error = verify(&small(3), &proof.certificate).expect_err("one dual short");
    assert!(error.to_string().contains("is it the certificate of this problem?"), "{error}");
    proof.certificate.format = "other".to_owned();
    assert!(verify(&small(3), &proof.certificate).is_err());
}

/// Each way in which a cut can be no cut is refused, with the cut's number.
#[test]
fn a_cut_that_does_not_follow_is_refused() {
    let (problem, certificate) = (0..20)
        .map(|seed| (small(seed), prove(&small(seed), LIMIT).certificate))
        .find(|(_, certificate)| !certificate.cuts.is_empty())
        .expect("some small problem needs a cut");
    let refused = |change: &dyn Fn(&mut CutProof)| {
        let mut spoiled = certificate.clone();
        change(&mut spoiled.cuts[0]);
        verify(&problem, &spoiled).expect_err("spoiled").to_string()
    };
    let rows = (certificate.duals.len() - certificate.cuts.len()) as u32;
    assert!(refused(&|c| c.divisor = 0).contains("cut 0 "));
    assert!(refused(&|c| c.shrink = -1).contains("not positive"));
    assert!(refused(&|c| c.weights[0].0 = rows).contains("not there before it"), "itself");
    assert!(refused(&|c| c.flipped.push(u32::MAX)).contains("not there before it"));
    assert!(refused(&|c| c.flipped = vec![0, 0]).contains("not there before it"), "twice");
    assert!(refused(&|c| c.weights.iter_mut().for_each(|w| w.1 = i64::MAX)).contains("too large"));
}

/// With cuts the bound lies above what the same rows prove without them.
#[test]
fn cuts_raise_the_bound() {
    let raised = (0..20).filter(|&seed| {
        let problem = small(seed);
        let proof = prove(&problem, LIMIT);
        let mut without = proof.certificate.clone();
        let rows = without.duals.len() - without.cuts.len();
        without.cuts.clear();
        without.duals.truncate(rows);
        verify(&problem, &without).expect("the rows alone") < proof.bound
    });
    assert!(raised.count() > 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Every plan is a point of the relaxation at its own cost, and no cut of any family rules it
    /// out, those that the final duals do not need included.
    #[test]
    fn no_row_and_no_cut_rules_out_a_plan(seed in 0u64..1_000_000) {
        let problem = small(seed);
        let certificate = prove(&problem, LIMIT).certificate;
        for other in 0..3 {
            let iterations = [0, 60, 3000][other as usize];
            let options =
                Options { max_iterations: Some(iterations), seed: seed + other, ..Options::default() };
            let found = solve(&problem, &options, &mut |_| Flow::Continue).expect("nothing given");
            let seen = confront(&problem, &certificate, &found.plan).expect("its own");
            prop_assert!(seen.broken.is_empty(), "{}", seen.broken.join("\n"));
            prop_assert_eq!(seen.cost, found.cost.total());
        }
    }
}

#[test]
fn scarce_things_have_a_price() {
    let problem = small(3);
    let proof = prove(&problem, LIMIT);
    let prices = shadow_prices(&problem, &proof.certificate).expect("its own");
    assert!(!prices.is_empty());
    assert!(prices.windows(2).all(|w| w[0].units >= w[1].units));
}

/// Who waits hears of the cost and of the bound, and a stop ends both.
#[test]
fn progress_tells_best_and_bound_and_stops_both() {
    let problem = small(8);
    let mut heard = Vec::new();
    let options = Options { time_limit: Duration::from_secs(600), ..Options::default() };
    let (found, proof) = solve_and_prove(&problem, &options, &mut |now| {
        heard.push(*now);
        if now.bound.is_some() { Flow::Stop } else { Flow::Continue }
    })
    .expect("nothing given");
    let last = heard.last().expect("told before the end");
    let bound = last.bound.expect("stopped for it");
    assert!(bound <= proof.bound && proof.bound <= found.cost.total());
    assert!(last.gap().expect("both are known") >= 0.0);
    assert!(found.seconds < 600.0);
}
