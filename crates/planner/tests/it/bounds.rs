//! No plan beats the bound, and nobody can make the bound say more by tampering.

use std::time::Duration;

use amana_planner::bound::{
    Case, Certificate, CutProof, Proof, Watch, confront, improve, prove, prove_watched,
    shadow_prices, verify,
};
use amana_planner::check::check;
use amana_planner::problem::Problem;
use amana_planner::solve::{Base, Flow, Options, solve, solve_and_prove};
use proptest::prelude::*;

use crate::instances::small;

const LIMIT: Duration = Duration::from_secs(3);
/// For proofs by cases, which use all of it where no plan is known that ends them.
const SHORT: Duration = Duration::from_millis(700);

fn prove_by_cases(problem: &Problem) -> Proof {
    prove_watched(problem, SHORT, &Watch::default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    /// People left behind or not, the bound stays below the best plan found, and it is proven
    /// again from the certificate alone.
    #[test]
    fn no_plan_beats_the_bound(seed in 0u64..1_000_000) {
        let problem = small(seed);
        let proof = prove_by_cases(&problem);
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
        let mut proof = prove_by_cases(&problem);
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
        // Other cases too: what they leave out they must not claim.
        for case in &mut proof.certificate.cases {
            x ^= x << 13; x ^= x >> 7; x ^= x << 17;
            match case {
                Case::Split { at, .. } if x % 8 == 0 => *at += (x >> 8) as i64 % 5 - 2,
                Case::Split { low, high, .. } if x % 8 == 1 => *low = *high,
                Case::Split { low, high, .. } if x % 8 == 2 => std::mem::swap(low, high),
                Case::Split { column, .. } if x % 8 == 3 => *column ^= 1 << ((x >> 8) % 8),
                Case::Proven { duals } if x % 4 == 0 && !duals.is_empty() => {
                    let n = (x >> 8) as usize % duals.len();
                    duals[n].1 = duals[n].1.saturating_mul((x >> 40) as i64 % 7 - 3);
                }
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
}

/// Sums of rows that grow beyond what is computed with are refused. Where every row of a cut leaves a
/// slack, as large a weight is taken back by the slacks, so not every cut can be spoiled like this.
#[test]
fn a_cut_of_huge_weights_is_refused() {
    let refused = (0..20).flat_map(|seed| {
        let (problem, certificate) = (small(seed), prove(&small(seed), LIMIT).certificate);
        (0..certificate.cuts.len())
            .filter_map(move |n| {
                let mut spoiled = certificate.clone();
                spoiled.cuts[n].weights.iter_mut().for_each(|w| w.1 = i64::MAX);
                verify(&problem, &spoiled).err()
            })
            .collect::<Vec<_>>()
    });
    let said: Vec<String> = refused.map(|error| error.to_string()).collect();
    assert!(said.iter().any(|error| error.contains("too large")), "{said:?}");
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

/// Cases that do not cover every plan prove nothing: what is left is what the duals of the whole do.
#[test]
fn cases_that_leave_plans_out_prove_nothing() {
    let without_cases = |certificate: &Certificate| {
        let mut without = certificate.clone();
        without.cases.clear();
        without
    };
    let (problem, certificate) = (0..30)
        .map(|seed| (small(seed), prove_by_cases(&small(seed)).certificate))
        .find(|(problem, certificate)| {
            let proven = |certificate| verify(problem, certificate).expect("its own");
            proven(&without_cases(certificate)) < proven(certificate)
        })
        .expect("cases raise some small problem's bound");
    let proven = |certificate: &Certificate| verify(&problem, certificate).expect("its own");
    let without = without_cases(&certificate);
    let Case::Split { low, high, .. } = certificate.cases[0] else { panic!("the first is split") };
    for (to_low, to_high) in [(low, low), (low, u32::MAX), (0, high)] {
        let mut spoiled = certificate.clone();
        if let Case::Split { low, high, .. } = &mut spoiled.cases[0] {
            (*low, *high) = (to_low, to_high);
        }
        assert_eq!(proven(&spoiled), proven(&without), "{to_low} {to_high}");
    }
    let mut spoiled = certificate.clone();
    for case in &mut spoiled.cases {
        if let Case::Proven { duals } = case {
            duals.push((u32::MAX, 1));
        }
    }
    assert_eq!(proven(&spoiled), proven(&without), "a row that is not there");
}

/// With the best plan known the proof ends by itself, and often at that plan's cost.
#[test]
fn small_problems_are_proven_optimal() {
    let optimal = (0..12).filter(|&seed| {
        let problem = small(seed);
        let options = Options { time_limit: Duration::from_secs(2), ..Options::default() };
        let (found, proof) =
            solve_and_prove(&problem, &options, &mut |_| Flow::Continue).expect("nothing given");
        assert!(proof.bound <= found.cost.total(), "seed {seed}");
        proof.bound == found.cost.total()
    });
    assert!(optimal.count() > 6);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Every plan is a point of the relaxation at its own cost, and no cut of any family rules it
    /// out, those that the final duals do not need included.
    #[test]
    fn no_row_and_no_cut_rules_out_a_plan(seed in 0u64..1_000_000) {
        let problem = small(seed);
        let certificate = prove_by_cases(&problem).certificate;
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
    // Where duals are not unique, another machine may find others: not every problem has a price.
    let priced = (0..10).filter(|&seed| {
        let problem = small(seed);
        let proof = prove(&problem, LIMIT);
        let prices = shadow_prices(&problem, &proof.certificate).expect("its own");
        assert!(prices.windows(2).all(|w| w[0].units >= w[1].units));
        !prices.is_empty()
    });
    assert!(priced.count() >= 5);
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

/// Where cases end in points that are whole, the proof alone finds the best plan.
#[test]
fn the_proof_meets_plans_that_keep_the_rules() {
    let optimal = (0..30).filter(|&seed| {
        let problem = small(seed);
        let watch = Watch::taking_plans();
        let proof = prove_watched(&problem, SHORT, &watch);
        let Some((plan, report)) = watch.plan() else { return false };
        assert_eq!(check(&problem, &plan), report);
        assert!(report.is_clean(), "seed {seed}: {report}");
        assert!(proof.bound <= report.cost.total(), "seed {seed}");
        proof.bound == report.cost.total()
    });
    assert!(optimal.count() > 20);
}

/// Dives leave plans to search from, and the proof as it was.
#[test]
fn what_the_proof_comes_near_to_can_be_searched_from() {
    let mut searched = 0;
    for seed in 0..12 {
        let problem = small(seed);
        let watch = Watch::default();
        let proof = prove_watched(&problem, SHORT, &watch);
        assert_eq!(verify(&problem, &proof.certificate).expect("its own"), proof.bound);
        let Some(plan) = watch.sketch() else { continue };
        assert_eq!(watch.sketch(), None, "given once");
        searched += 1;
        let sent = plan.convoys.len() + plan.sorties.len();
        assert!(sent > 0, "seed {seed}: nothing is sent");
        let rides = plan.convoys.iter().map(|c| (&c.route, c.night));
        for (id, night) in rides.chain(plan.sorties.iter().map(|s| (&s.route, s.night))) {
            let route = problem.route_at(id).expect("a route of it");
            let night = usize::try_from(night).expect("a night");
            assert!(
                night < problem.nights && problem.open(route, night),
                "seed {seed}: {id} {night}"
            );
        }
        let base = Some(Base::new(plan, 0));
        let options = Options { base, max_iterations: Some(0), ..Options::default() };
        let found = solve(&problem, &options, &mut |_| Flow::Continue).expect("names are known");
        assert!(check(&problem, &found.plan).is_clean(), "seed {seed}");
        assert!(found.cost.total() >= proof.bound, "seed {seed}");
        let moved = found.plan.convoys.len() + found.plan.sorties.len();
        assert!(2 * moved >= sent, "seed {seed}: {moved} of {sent} could be sent");
    }
    assert!(searched > 3, "{searched}");
}
