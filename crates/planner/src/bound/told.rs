//! What the solver is told of: the nights that somebody may still need.
//!
//! Waiting costs, so plans end long before the time does: a solver that knows of 60 nights where
//! everyone is gone after 15 walks through four times the rows for nothing. It is told of the nights
//! until a quickly found plan ends, and of rides after those that need no convoy. That is a relaxation
//! of the relaxation: a row left out has a price of 0, and the proof is of all rows and columns.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::program::{Counted, Program, Row};
use super::simplex::{NewRow, Simplex};
use crate::problem::Problem;
use crate::solve::{Flow, Options, solve};

/// A row that is missed by this much is told to the solver.
const BROKEN: f64 = 1e-4;
/// Nights after the last in which the quickly found plan moves anybody.
const SPARE: usize = 1;
/// Steps of the search for it.
const STEPS: u64 = 200;
/// Fewer people than this are a rest of the arithmetic.
const NOBODY: f64 = 0.5;

/// The last night that matters: after it, a quickly found plan has moved everyone; the last of all where
/// it has not.
pub(super) fn last_night(problem: &Problem, time_limit: Duration) -> usize {
    let all = problem.nights.saturating_sub(1);
    let options = Options { max_iterations: Some(STEPS), time_limit, ..Options::default() };
    let Ok(quick) = solve(problem, &options, &mut |_| Flow::Continue) else { return all };
    let plan = &quick.plan;
    let nights = plan.convoys.iter().map(|c| c.night).chain(plan.sorties.iter().map(|s| s.night));
    match nights.max() {
        Some(last) if quick.left_behind == 0 => (last as usize + SPARE).min(all),
        _ => all,
    }
}

/// Which columns and rows of a program the solver is told of.
pub(super) struct Told {
    columns: Vec<bool>,
    rows: Vec<bool>,
    /// Rides after the last night.
    late: Vec<u32>,
    pub last: usize,
}

impl Told {
    pub fn until(program: &Program, last: usize) -> Self {
        let night = |j: u32| program.counted[j as usize].night();
        let is_late = |j: u32| night(j).is_some_and(|night| night > last);
        // A row of the whole time is told whatever its nights.
        let keeps = |row: &Row| {
            row.terms.iter().any(|t| night(t.0).is_none())
                || !row.terms.iter().any(|t| is_late(t.0))
        };
        let mut rows: Vec<bool> = program.rows.iter().map(keeps).collect();
        let late = cheapest_late(program, &rows, &is_late);
        let mut columns: Vec<bool> = (0..program.cost.len() as u32).map(|j| !is_late(j)).collect();
        late.iter().for_each(|&j| columns[j as usize] = true);
        for (told, row) in rows.iter_mut().zip(&program.rows) {
            *told &= row.terms.iter().any(|t| columns[t.0 as usize]);
        }
        Self { columns, rows, late, last }
    }

    pub fn row(&self, number: usize) -> bool {
        self.rows[number]
    }

    /// The largest value of each column; those not told of stay at nothing.
    pub fn most(&self, program: &Program) -> Vec<f64> {
        let told = self.columns.iter().zip(&program.most);
        told.map(|(told, &most)| if *told { most as f64 } else { 0.0 }).collect()
    }

    /// Of the seldom rows without a number among these, those that the point breaks.
    pub fn missed(&self, program: &Program, numbers: &[u32], point: &[f64]) -> Vec<u32> {
        let present: BTreeSet<u32> = numbers.iter().copied().collect();
        let broken = |i: &u32| {
            let missed = program.rows[*i as usize].slack(point) < -BROKEN;
            self.row(*i as usize) && !present.contains(i) && missed
        };
        program.seldom.iter().copied().filter(broken).collect()
    }

    /// Tells the solver of the rows [`Told::missed`] by its point, whose numbers join these; how many.
    pub fn tell_missed(
        &self,
        program: &Program,
        numbers: &mut Vec<u32>,
        simplex: &mut Simplex,
    ) -> usize {
        let missed = self.missed(program, numbers, &simplex.point());
        simplex.add(missed.iter().map(|&i| self.new_row(&program.rows[i as usize], 1.0)));
        numbers.extend(&missed);
        missed.len()
    }

    /// The row, multiplied by `scale`, as the solver is told of it.
    pub fn new_row(&self, row: &Row, scale: f64) -> NewRow {
        let terms = row.terms.iter().filter(|t| self.columns[t.0 as usize]);
        NewRow {
            terms: terms.map(|&(j, a)| (j, a as f64 * scale)).collect(),
            limit: row.limit as f64 * scale,
            equal: row.equal,
        }
    }

    /// Whether the point needs a later night.
    pub fn is_short(&self, point: &[f64]) -> bool {
        self.late.iter().any(|&j| point[j as usize] > NOBODY)
    }
}

/// Of the late rides of people who are alike, in the same of the told rows, the cheapest.
fn cheapest_late(program: &Program, told: &[bool], is_late: &dyn Fn(u32) -> bool) -> Vec<u32> {
    let mut rows_of: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (i, row) in program.rows.iter().enumerate().filter(|(i, _)| told[*i]) {
        for &(j, _) in row.terms.iter().filter(|t| is_late(t.0)) {
            rows_of.entry(j).or_default().push(i as u32);
        }
    }
    let mut cheapest: BTreeMap<(usize, Vec<u32>), u32> = BTreeMap::new();
    for (j, rows) in rows_of {
        let Counted::People { alike, .. } = program.counted[j as usize] else { continue };
        let best = cheapest.entry((alike, rows)).or_insert(j);
        if program.cost[j as usize] < program.cost[*best as usize] {
            *best = j;
        }
    }
    cheapest.into_values().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::branch::Company;
    use super::super::relaxation;
    use super::super::rounds::{Patience, Rounds};
    use super::super::watch::{Deadline, Watch};
    use super::*;

    const NIGHTS: usize = 12;

    /// Eleven people, one road and two vans: gone after two nights of twelve.
    fn short() -> Problem {
        let each = |n: i64| vec![n; NIGHTS];
        let waits: Vec<i64> = (0..NIGHTS as i64).map(|t| 100 + 2 * t).collect();
        let problem = json!({
            "format": "muster-v1", "name": "short", "nights": NIGHTS, "seps": ["A"],
            "conflicts": [], "convoy_apart": [],
            "vehicles": [{"id": "van", "places": 3, "needs": ["seat"], "guards": 1, "cost": 60}],
            "max_vehicles": 2, "team_cost": 150, "orbit_cost": 90, "reposition_cost": 40,
            "left_cost": 4800,
            "origins": [{"id": "o0", "depot": 0, "out_limit": each(6), "bays": 2, "safe": 5,
                "wait_cost": waits, "over_cost": 20}],
            "classes": [{"id": "k0", "origin": 0, "count": 11, "security": "low", "health": "fit",
                "nat": "n0", "sep": "A", "need": "seat", "vuln": 100}],
            "crossings": [{"id": "b0", "slots": each(1)}],
            "cover": vec![json!({"orbits": 1, "slots": 4}); NIGHTS],
            "facilities": [{"id": "d0", "accepts": ["n0"], "intake": each(8)}],
            "wings": [{"id": "w0", "facility": 0, "cap": 12, "rating": "low", "medical": false}],
            "routes": [{"id": "r0", "kind": "road", "origin": 0, "dest": 0, "crossing": 0,
                "hours": 2.0, "risk": [], "road_cost": each(10), "expo": 2, "cycle": 1,
                "team_cycle": 1, "teams": 1}],
            "air": {"places": 5, "litters": 1, "cost": 900, "sorties": each(0)},
            "depots": [{"id": "p0", "fleet": {"van": 2}, "park": {"van": 2}, "teams": 1,
                "guards": 4}]
        });
        Problem::from_json(&problem.to_string()).expect("a problem made by hand is well formed")
    }

    fn proven(program: &Program, last: usize) -> i64 {
        let watch = Watch::default();
        let until = Deadline::new(Duration::from_secs(60), &watch);
        let company = Company { enough: &|| i64::MAX, tell: &|_| {}, hear: None };
        let mut rounds = Rounds::new(program, last);
        assert!(rounds.run(until, Patience::SHORT.at_most(0), &company));
        let duals = rounds.proof().expect("it was solved").duals;
        program.dual_bound(&[], &duals)
    }

    /// What the solver is not told of costs the bound nothing.
    #[test]
    fn nights_after_everyone_is_gone_prove_nothing() {
        let problem = short();
        let last = last_night(&problem, Duration::from_secs(60));
        assert_eq!(last, 1 + SPARE);
        let program = relaxation::build(&problem);
        let told = Told::until(&program, last);
        let rows = (0..program.rows.len()).filter(|&i| told.row(i)).count();
        assert!(rows * 2 < program.rows.len(), "{rows} of {}", program.rows.len());
        let all = proven(&program, NIGHTS);
        assert!(all > 0);
        assert_eq!(proven(&program, last), all);
        // Not even where the nights told of are too few.
        assert_eq!(proven(&program, 0), all);
    }
}
