//! Dual values that get better for as long as there is time, from any start.
//!
//! Primal-dual hybrid gradient with diagonal steps (Pock and Chambolle, ICCV 2011), restarted from
//! the average of its steps with a balanced primal weight (Applegate et al., PDLP, NeurIPS 2021).
//! From the duals of a problem much like this one, as the plan's before a night was lost, that is soon
//! near the optimum; from nothing the simplex is. What it answers is only a suggestion: the proof is
//! [`Program::dual_bound`].

use super::program::{DUAL_SCALE, Program, Row};
use super::watch::Deadline;

/// Steps between looks at the clock and at the bound.
const ROUND: usize = 40;
/// Rounds between restarts, at first and at most.
const FIRST_RESTART: usize = 4;
const LAST_RESTART: usize = 32;
/// Share of the longest step that is sure to converge.
const STEP: f64 = 0.95;
/// Rounds without a thousandth of progress after which it gives up.
const PATIENCE: usize = 400;

/// The best dual values found from `from`, in parts of [`DUAL_SCALE`], until the deadline or until it
/// gets no further.
pub(super) fn improve(program: &Program, cuts: &[Row], from: &[i64], until: Deadline) -> Vec<i64> {
    let mut walk = Walk::new(program, cuts, from);
    let (mut best, mut most) = (walk.y.clone(), walk.value(&walk.y));
    let (mut rounds, mut restart_at, mut since_better, mut anchor) = (0, FIRST_RESTART, 0, most);
    while !until.passed() && since_better < PATIENCE {
        for _ in 0..ROUND {
            walk.step();
        }
        rounds += 1;
        since_better += 1;
        let average = walk.average_y();
        for y in [&walk.y, &average] {
            let value = walk.value(y);
            if value > most {
                most = value;
                best.clone_from(y);
            }
        }
        if most > anchor + anchor.abs() * 1e-3 {
            anchor = most;
            since_better = 0;
        }
        if rounds >= restart_at {
            walk.restart();
            rounds = 0;
            restart_at = (restart_at * 2).min(LAST_RESTART);
        }
    }
    best.iter().map(|y| (y * DUAL_SCALE as f64).round().clamp(-4e18, 4e18) as i64).collect()
}

/// A point of the primal and the dual, and the average of those since the last restart.
struct Walk<'p> {
    program: &'p Program,
    rows: Vec<&'p Row>,
    /// Row by row: first term, column and coefficient.
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f64>,
    /// Sums of absolute coefficients, by row and by column.
    row_sum: Vec<f64>,
    column_sum: Vec<f64>,
    weight: f64,
    x: Vec<f64>,
    y: Vec<f64>,
    /// `A'y` of the present `y`.
    pull: Vec<f64>,
    sum_x: Vec<f64>,
    sum_y: Vec<f64>,
    steps: f64,
    last_x: Vec<f64>,
    last_y: Vec<f64>,
}

impl<'p> Walk<'p> {
    fn new(program: &'p Program, cuts: &'p [Row], from: &[i64]) -> Self {
        let all: Vec<&Row> = program.rows.iter().chain(cuts).collect();
        let (n, rows) = (program.cost.len(), all.len());
        let (mut starts, mut columns, mut values) = (vec![0], Vec::new(), Vec::new());
        let (mut row_sum, mut column_sum) = (vec![0.0; rows], vec![0.0; n]);
        for (i, row) in all.iter().enumerate() {
            for &(j, a) in &row.terms {
                let a = a as f64;
                columns.push(j);
                values.push(a);
                row_sum[i] += a.abs();
                column_sum[j as usize] += a.abs();
            }
            starts.push(columns.len());
        }
        let norm = |v: &mut dyn Iterator<Item = f64>| v.map(|x| x * x).sum::<f64>().sqrt();
        let costs = norm(&mut program.cost.iter().map(|c| *c as f64));
        let limits = norm(&mut all.iter().map(|r| r.limit as f64));
        let y: Vec<f64> = (all.iter().zip(from))
            .map(|(row, &y)| if row.equal { y } else { y.max(0) } as f64 / DUAL_SCALE as f64)
            .collect();
        let mut walk = Self {
            program,
            rows: all,
            starts,
            columns,
            values,
            row_sum,
            column_sum,
            weight: if costs > 0.0 && limits > 0.0 { costs / limits } else { 1.0 },
            x: vec![0.0; n],
            pull: vec![0.0; n],
            sum_x: vec![0.0; n],
            sum_y: vec![0.0; rows],
            steps: 0.0,
            last_x: vec![0.0; n],
            last_y: y.clone(),
            y,
        };
        walk.pull = walk.pulled(&walk.y);
        walk
    }

    /// `A'y`.
    fn pulled(&self, y: &[f64]) -> Vec<f64> {
        let mut pull = vec![0.0; self.x.len()];
        for (i, &y) in y.iter().enumerate() {
            if y != 0.0 {
                for t in self.starts[i]..self.starts[i + 1] {
                    pull[self.columns[t] as usize] += y * self.values[t];
                }
            }
        }
        pull
    }

    /// What `y` proves, in units and floating point.
    fn value(&self, y: &[f64]) -> f64 {
        let pull = self.pulled(y);
        let rows = self.rows.iter().zip(y);
        let paid: f64 = rows.map(|(row, y)| y * row.limit as f64).sum();
        let columns = self.program.cost.iter().zip(&pull).zip(&self.program.most);
        let gained: f64 =
            columns.map(|((c, p), most)| (*c as f64 + p).min(0.0) * *most as f64).sum();
        self.program.constant as f64 - paid + gained
    }

    fn step(&mut self) {
        let mut ahead = std::mem::take(&mut self.x);
        let mut next = Vec::with_capacity(ahead.len());
        for (j, x) in ahead.iter_mut().enumerate() {
            let length = STEP / (self.weight * self.column_sum[j].max(1e-9));
            let slope = self.program.cost[j] as f64 + self.pull[j];
            let moved = (*x - length * slope).clamp(0.0, self.program.most[j] as f64);
            *x = 2.0 * moved - *x;
            next.push(moved);
        }
        for (i, row) in self.rows.iter().enumerate() {
            let terms = self.starts[i]..self.starts[i + 1];
            let sum: f64 =
                terms.clone().map(|t| ahead[self.columns[t] as usize] * self.values[t]).sum();
            let length = STEP * self.weight / self.row_sum[i].max(1e-9);
            let moved = self.y[i] + length * (sum - row.limit as f64);
            let moved = if row.equal { moved } else { moved.max(0.0) };
            let change = moved - self.y[i];
            if change != 0.0 {
                for t in terms {
                    self.pull[self.columns[t] as usize] += change * self.values[t];
                }
            }
            self.y[i] = moved;
        }
        self.x = next;
        self.steps += 1.0;
        self.sum_x.iter_mut().zip(&self.x).for_each(|(sum, x)| *sum += x);
        self.sum_y.iter_mut().zip(&self.y).for_each(|(sum, y)| *sum += y);
    }

    fn average_y(&self) -> Vec<f64> {
        self.sum_y.iter().map(|y| y / self.steps.max(1.0)).collect()
    }

    /// Goes on from the average; steps in the primal and the dual are kept of one size.
    fn restart(&mut self) {
        let steps = self.steps.max(1.0);
        self.x = self.sum_x.iter().map(|x| x / steps).collect();
        self.y = self.average_y();
        self.pull = self.pulled(&self.y);
        let far = |a: &[f64], b: &[f64]| {
            a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
        };
        let (dx, dy) = (far(&self.x, &self.last_x), far(&self.y, &self.last_y));
        if dx > 1e-9 && dy > 1e-9 {
            self.weight = (0.5 * (dy / dx).ln() + 0.5 * self.weight.ln()).exp();
        }
        self.last_x.clone_from(&self.x);
        self.last_y.clone_from(&self.y);
        self.sum_x.fill(0.0);
        self.sum_y.fill(0.0);
        self.steps = 0.0;
    }
}
