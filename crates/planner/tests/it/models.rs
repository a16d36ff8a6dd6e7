//! The exported program and the plans are the same thing said twice.

use amana_planner::check::check;
use amana_planner::export::Model;
use amana_planner::plan::ClassPlan;
use amana_planner::problem::Problem;
use amana_planner::solve::{Flow, Options, solve};
use proptest::prelude::*;

use crate::instances::{small, story, story_plan, tiny};

fn searched(problem: &Problem, seed: u64) -> ClassPlan {
    let options = Options { max_iterations: Some(800), seed, ..Options::default() };
    solve(problem, &options, &mut |_| Flow::Continue).expect("nothing given").plan
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Every plan that keeps the rules satisfies every row, at its own cost; and the point is read
    /// back as a plan that keeps the rules, at the same cost.
    #[test]
    fn every_plan_is_a_point_and_back(seed in 0u64..1_000_000) {
        let problem = small(seed);
        let model = Model::new(&problem);
        let plan = searched(&problem, seed);
        let point = model.encode(&plan).expect("the plan keeps the rules");
        let broken = model.broken(&point);
        prop_assert!(broken.is_empty(), "{}", broken.join("\n"));
        let cost = check(&problem, &plan).cost.total();
        prop_assert_eq!(model.cost(&point), cost);
        let again = check(&problem, &model.decode(&point));
        prop_assert!(again.is_clean(), "{again}");
        prop_assert_eq!(again.cost.total(), cost);
    }
}

#[test]
fn a_plan_by_hand_is_a_point() {
    let problem = Problem::from_json(&story().to_string()).expect("well formed");
    let model = Model::new(&problem);
    let point = model.encode(&story_plan()).expect("it keeps the rules");
    assert_eq!(model.broken(&point), Vec::<String>::new());
    assert_eq!(model.cost(&point), check(&problem, &story_plan()).cost.total());
    // One convoy more under the same orbit than its window has room for is seen by the row of R23.
    let mut plan = story_plan();
    for _ in 0..5 {
        plan.convoys.push(plan.convoys[1].clone());
    }
    let point = model.encode(&plan).expect("it names what there is");
    assert!(model.broken(&point).iter().any(|b| b.contains("R23")), "{:?}", model.broken(&point));
}

/// Depth first through every point, giving up where a row can no longer hold.
struct Enumeration<'m, 'p> {
    model: &'m Model<'p>,
    rows_of: Vec<Vec<(usize, i64)>>,
    /// Smallest and largest value of each row's terms that are still open.
    open: Vec<(i64, i64)>,
    sums: Vec<i64>,
    values: Vec<i64>,
    best: Option<(i64, Vec<i64>)>,
    points: u64,
}

impl Enumeration<'_, '_> {
    fn may_hold(&self, i: usize) -> bool {
        let row = &self.model.rows[i];
        let (low, high) = (self.sums[i] + self.open[i].0, self.sums[i] + self.open[i].1);
        low <= row.limit && (!row.equal || high >= row.limit)
    }

    fn go(&mut self, j: usize) {
        if j == self.values.len() {
            self.points += 1;
            let cost = self.model.cost(&self.values);
            if self.best.as_ref().is_none_or(|(least, _)| cost < *least) {
                self.best = Some((cost, self.values.clone()));
            }
            return;
        }
        let most = self.model.columns[j].most;
        let touched = self.rows_of[j].clone();
        for &(i, a) in &touched {
            self.open[i].0 -= (a * most).min(0);
            self.open[i].1 -= (a * most).max(0);
        }
        for x in 0..=most {
            self.values[j] = x;
            touched.iter().for_each(|&(i, a)| self.sums[i] += a * x);
            if touched.iter().all(|&(i, _)| self.may_hold(i)) {
                self.go(j + 1);
            }
            touched.iter().for_each(|&(i, a)| self.sums[i] -= a * x);
        }
        self.values[j] = 0;
        for &(i, a) in &touched {
            self.open[i].0 += (a * most).min(0);
            self.open[i].1 += (a * most).max(0);
        }
    }
}

/// The best of all points, met one by one, is a plan that keeps the rules at that cost, and no plan
/// of the search is cheaper.
#[test]
fn the_best_point_of_a_tiny_problem_is_the_best_plan() {
    let problem = tiny();
    let model = Model::new(&problem);
    let mut rows_of = vec![Vec::new(); model.columns.len()];
    let mut open = vec![(0, 0); model.rows.len()];
    for (i, row) in model.rows.iter().enumerate() {
        for &(j, a) in &row.terms {
            let most = a * model.columns[j as usize].most;
            rows_of[j as usize].push((i, a));
            open[i] = (open[i].0 + most.min(0), open[i].1 + most.max(0));
        }
    }
    let (sums, values) = (vec![0; model.rows.len()], vec![0; model.columns.len()]);
    let mut all = Enumeration { model: &model, rows_of, open, sums, values, best: None, points: 0 };
    all.go(0);
    let (least, point) = all.best.expect("moving nobody is a plan");
    assert!(all.points > 100, "only {} points", all.points);
    let report = check(&problem, &model.decode(&point));
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.cost.total(), least);
    assert!(report.moved > 0);
    let searched = check(&problem, &searched(&problem, 1)).cost.total();
    assert_eq!(searched, least, "the search finds the best of {} plans", all.points);
}

#[test]
fn an_answer_is_read_by_name() {
    let problem = tiny();
    let model = Model::new(&problem);
    let values = model.read_answer("always 1\nx1 2.0000001\n\nx0 1\n").expect("well formed");
    assert_eq!((values[0], values[1], values[2]), (1, 2, 0));
    let said = |text: &str| model.read_answer(text).expect_err("spoiled").to_string();
    assert!(said("x0 1\nx1 0.5").contains("line 2: not a whole number"));
    assert!(said("y 1").contains("no such column"));
    let mps = model.to_mps();
    assert_eq!(
        mps.lines().filter(|l| l.starts_with(" L ") || l.starts_with(" E ")).count(),
        model.rows.len()
    );
    assert!(mps.ends_with("ENDATA\n"));
}
