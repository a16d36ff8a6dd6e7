//! What the solver is told of: the nights that somebody may still need.
//!
//! Waiting costs, so plans end long before the time does: a solver that knows of 60 nights where all are
//! gone after 15 walks through four times the rows for nothing. It is told of the nights until a
//! quickly found plan ends, and one ride later than those for whoever would go to a facility, that needs
//! nothing. That is a relaxation of the relaxation: rows left out have a price of 0, which the proof,
//! of all rows and columns, holds like any other.

use std::collections::BTreeMap;
use std::time::Duration;

use super::program::{Counted, Program, Row};
use super::simplex::NewRow;
use crate::problem::Problem;
use crate::solve::{Flow, Options, solve};

/// Nights after the last in which the quickly found plan moves anybody.
const SPARE: usize = 1;
/// Steps of the search for it.
const STEPS: u64 = 200;

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
        let is_late = |j: u32| program.counted[j as usize].night().is_some_and(|n| n > last);
        let mut columns: Vec<bool> = (0..program.cost.len() as u32).map(|j| !is_late(j)).collect();
        let mut cheapest: BTreeMap<(usize, Vec<u32>), u32> = BTreeMap::new();
        let standing = Standing::of(program, &is_late);
        for (j, counted) in program.counted.iter().enumerate() {
            let Counted::People { alike, .. } = counted else { continue };
            if columns[j] {
                continue;
            }
            let best = cheapest.entry((*alike, standing.rows[j].clone())).or_insert(j as u32);
            if program.cost[j] < program.cost[*best as usize] {
                *best = j as u32;
            }
        }
        let late: Vec<u32> = cheapest.into_values().collect();
        late.iter().for_each(|&j| columns[j as usize] = true);
        let rows = standing.told.into_iter().zip(&program.rows);
        let rows = rows
            .map(|(told, row)| told && row.terms.iter().any(|t| columns[t.0 as usize]))
            .collect();
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
        self.late.iter().any(|&j| point[j as usize] > 0.5)
    }
}

/// Rows that say something beyond the nights that the solver is told of.
struct Standing {
    /// Of each late column, the told rows with it.
    rows: Vec<Vec<u32>>,
    told: Vec<bool>,
}

impl Standing {
    /// A row is told of when all its nights are, or when it says something of the whole time.
    fn of(program: &Program, is_late: &dyn Fn(u32) -> bool) -> Self {
        let mut rows = vec![Vec::new(); program.cost.len()];
        let mut told = Vec::with_capacity(program.rows.len());
        for (i, row) in program.rows.iter().enumerate() {
            let whole_time = |j: u32| program.counted[j as usize].night().is_none();
            let keep = row.terms.iter().any(|t| whole_time(t.0))
                || !row.terms.iter().any(|t| is_late(t.0));
            told.push(keep);
            if keep {
                row.terms
                    .iter()
                    .filter(|t| is_late(t.0))
                    .for_each(|t| rows[t.0 as usize].push(i as u32));
            }
        }
        Self { rows, told }
    }
}
