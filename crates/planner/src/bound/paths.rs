//! Finds cuts by rounding sums of rows along paths. [`super::cut`] proves them.
//!
//! A row is rounded as it is; if that cuts nothing off, a flow in it that is far from its bounds is
//! eliminated with another row that holds at the point, and so on for a few rows. Before each
//! rounding, flows are written by the bound nearest to the point: nothing, the most there is, or a
//! row `flow <= n · convoys` (Marchand and Wolsey, Operations Research 2001). All sums are kept in
//! whole numbers, so the cut that is found is the one that is proven.

use super::cut::CutProof;
use super::program::{Program, Row, gcd};
use super::separate::{Found, Scene};

/// Rows in a sum, those of variable bounds not counted.
const LONGEST_PATH: usize = 6;
/// Weights and coefficients of a sum stay below this.
const LARGEST: i64 = 1 << 36;
/// A row holds back, and a column is at its bound, within this.
const NEAR: f64 = 1e-6;
/// Divisors tried for one sum.
const DIVISORS: usize = 10;
/// Columns counted from their other end, tried for one sum.
const COMPLEMENTS: usize = 8;
const LEAST_DEPTH: f64 = 1e-3;
/// Rows with more terms are not rounded.
const LONGEST_ROW: usize = 800;

/// What the rows of a program say about its columns; made once.
pub(super) struct Structure {
    /// By column: rows with it, and its coefficient there.
    rows_with: Vec<Vec<(u32, i64)>>,
    /// By column: rows `column <= Σ n · sent` (only for flows).
    variable_bounds: Vec<Vec<u32>>,
}

impl Structure {
    pub fn new(program: &Program) -> Self {
        let columns = program.cost.len();
        let (mut rows_with, mut variable_bounds) =
            (vec![Vec::new(); columns], vec![Vec::new(); columns]);
        for (i, row) in program.rows.iter().enumerate() {
            for &(j, a) in &row.terms {
                rows_with[j as usize].push((i as u32, a));
            }
            if row.equal || row.limit != 0 {
                continue;
            }
            let mut bounded = row.terms.iter().filter(|t| t.1 > 0);
            let (Some(&(j, 1)), None) = (bounded.next(), bounded.next()) else { continue };
            let by_sent = row.terms.iter().all(|&(c, _)| c == j || program.is_sent(c));
            if by_sent && !program.is_sent(j) {
                variable_bounds[j as usize].push(i as u32);
            }
        }
        Self { rows_with, variable_bounds }
    }
}

/// A sum of rows in whole numbers, dense, with the columns it touches.
struct Sum {
    entries: Vec<i64>,
    seen: Vec<bool>,
    touched: Vec<u32>,
    weights: Vec<(u32, i64)>,
    limit: i64,
}

impl Sum {
    fn new(columns: usize) -> Self {
        Self {
            entries: vec![0; columns],
            seen: vec![false; columns],
            touched: Vec::new(),
            weights: Vec::new(),
            limit: 0,
        }
    }

    fn clear(&mut self) {
        for &j in &self.touched {
            self.entries[j as usize] = 0;
            self.seen[j as usize] = false;
        }
        self.touched.clear();
        self.weights.clear();
        self.limit = 0;
    }

    /// False when a number would become too large.
    fn add(&mut self, number: u32, row: &Row, weight: i64) -> bool {
        match self.weights.iter_mut().find(|w| w.0 == number) {
            Some(known) => known.1 += weight,
            None => self.weights.push((number, weight)),
        }
        let mut fits = weight.abs() < LARGEST;
        for &(j, a) in &row.terms {
            if !self.seen[j as usize] {
                self.seen[j as usize] = true;
                self.touched.push(j);
            }
            let Some(added) = weight.checked_mul(a) else { return false };
            let entry = &mut self.entries[j as usize];
            *entry = entry.saturating_add(added);
            fits &= entry.abs() < LARGEST;
        }
        let Some(paid) = weight.checked_mul(row.limit) else { return false };
        self.limit = self.limit.saturating_add(paid);
        fits && self.limit.abs() < LARGEST
    }

    fn multiply(&mut self, by: i64) -> bool {
        if by == 1 {
            return true;
        }
        let mut fits = true;
        let mut times = |n: &mut i64| {
            *n = n.saturating_mul(by);
            fits &= n.abs() < LARGEST;
        };
        self.touched.iter().for_each(|&j| times(&mut self.entries[j as usize]));
        self.weights.iter_mut().for_each(|w| times(&mut w.1));
        times(&mut self.limit);
        fits
    }
}

/// A column of a sum ready to be rounded: coefficient, value and whether it is counted from its
/// upper end (both already are).
struct Term {
    column: u32,
    a: i64,
    value: f64,
    most: i64,
    flipped: bool,
}

impl Term {
    fn flip(&mut self, limit: &mut i64) {
        *limit -= self.a * self.most;
        self.a = -self.a;
        self.value = self.most as f64 - self.value;
        self.flipped = !self.flipped;
    }
}

/// A sum in the form that is rounded.
struct Ready {
    terms: Vec<Term>,
    /// Weight and value of the slacks.
    slacks: Vec<(i64, f64)>,
    limit: i64,
}

impl Ready {
    /// How far the point lies beyond the rounded sum, for the cut's length.
    fn depth(&self, divisor: i64) -> f64 {
        let rest = self.limit.rem_euclid(divisor);
        if rest == 0 {
            return 0.0;
        }
        let (part, limit) = (divisor - rest, self.limit.div_euclid(divisor));
        let round = |a: i64| a.div_euclid(divisor) * part + (a.rem_euclid(divisor) - rest).max(0);
        let (mut sum, mut square) = (-((limit * part) as f64), 0.0);
        for t in &self.terms {
            let f = round(t.a) as f64;
            sum += f * t.value;
            square += f * f;
        }
        for &(w, value) in &self.slacks {
            let f = round(w) as f64;
            sum += f * value;
            // The slack is written in the columns of its row in the end.
            square += f * f;
        }
        if square > 0.0 { sum / square.sqrt() } else { 0.0 }
    }
}

/// The search for cuts at one point.
pub(super) struct Paths<'s> {
    scene: &'s Scene<'s>,
    structure: &'s Structure,
    /// What is left of each of the program's rows at the point.
    slack: Vec<f64>,
    sum: Sum,
    /// The sum with variable bounds put in.
    bounded: Sum,
}

impl<'s> Paths<'s> {
    pub fn new(scene: &'s Scene<'s>, structure: &'s Structure) -> Self {
        let slack = (scene.program.rows.iter())
            .map(|row| {
                let sum: f64 =
                    row.terms.iter().map(|&(j, a)| a as f64 * scene.point[j as usize]).sum();
                row.limit as f64 - sum
            })
            .collect();
        let columns = scene.point.len();
        Self { scene, structure, slack, sum: Sum::new(columns), bounded: Sum::new(columns) }
    }

    /// Cuts from every row that holds something back, until `enough` says so.
    pub fn search(&mut self, enough: &dyn Fn() -> bool) -> Vec<Found> {
        let mut found = Vec::new();
        for i in 0..self.slack.len() {
            if i % 64 == 0 && enough() {
                break;
            }
            let row = &self.scene.program.rows[i];
            if self.slack[i] > NEAR || row.terms.len() > LONGEST_ROW {
                continue;
            }
            for sign in [1, -1] {
                found.extend(self.walk(i, sign));
            }
        }
        found
    }

    fn walk(&mut self, start: usize, sign: i64) -> Option<Found> {
        self.sum.clear();
        let rows = &self.scene.program.rows;
        let mut fits = self.sum.add(start as u32, &rows[start], sign);
        for length in 1.. {
            if !fits {
                return None;
            }
            if let Some(found) = self.round() {
                return Some(found);
            }
            if length == LONGEST_PATH {
                return None;
            }
            let (column, number, r) = self.next_row()?;
            let a = self.sum.entries[column as usize];
            let g = gcd(a, r);
            fits = self.sum.multiply(r.abs() / g)
                && self.sum.add(number, &rows[number as usize], -a * r.signum() / g);
        }
        None
    }

    /// The flow farthest from its bounds, and a row to eliminate it with.
    fn next_row(&self) -> Option<(u32, u32, i64)> {
        let program = self.scene.program;
        let mut flows: Vec<(f64, u32)> = (self.sum.touched.iter())
            .filter(|&&j| self.sum.entries[j as usize] != 0 && !program.is_sent(j))
            .map(|&j| (self.distance(j), j))
            .filter(|(d, _)| *d > NEAR)
            .collect();
        flows.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for (_, j) in flows {
            let used = |i: u32| self.sum.weights.iter().any(|w| w.0 == i);
            let rows = self.structure.rows_with[j as usize].iter();
            let best = rows
                .filter(|&&(i, _)| self.slack[i as usize] <= NEAR && !used(i))
                .filter(|&&(i, _)| program.rows[i as usize].terms.len() <= LONGEST_ROW)
                .min_by_key(|&&(i, _)| program.rows[i as usize].terms.len());
            if let Some(&(i, r)) = best {
                return Some((j, i, r));
            }
        }
        None
    }

    /// How far a flow is from the nearest of its bounds.
    fn distance(&self, j: u32) -> f64 {
        let x = self.scene.point[j as usize];
        let most = self.scene.program.most[j as usize] as f64;
        let rows = self.structure.variable_bounds[j as usize].iter();
        rows.map(|&i| self.slack[i as usize].max(0.0)).fold(x.min(most - x), f64::min)
    }

    /// The sum with its flows written by their nearest bounds, ready to be rounded.
    fn ready(&mut self) -> Option<Ready> {
        let (program, point) = (self.scene.program, self.scene.point);
        let sum = &mut self.bounded;
        sum.clear();
        let mut fits = true;
        for &(i, w) in &self.sum.weights {
            fits &= sum.add(i, &program.rows[i as usize], w);
        }
        for &j in &self.sum.touched {
            let a = self.sum.entries[j as usize];
            if a == 0 || program.is_sent(j) {
                continue;
            }
            let x = point[j as usize];
            let near = x.min(program.most[j as usize] as f64 - x);
            let rows = self.structure.variable_bounds[j as usize].iter();
            let best =
                rows.min_by(|a, b| self.slack[**a as usize].total_cmp(&self.slack[**b as usize]));
            // A row already in the sum would be taken out of it again.
            let known = best.is_some_and(|i| self.sum.weights.iter().any(|w| w.0 == *i));
            if let Some(&i) = best.filter(|_| !known)
                && self.slack[i as usize] <= near
                && x > NEAR
            {
                fits &= sum.add(i, &program.rows[i as usize], -a);
            }
        }
        if !fits {
            return None;
        }
        let mut limit = sum.limit;
        let mut terms: Vec<Term> = (sum.touched.iter())
            .filter(|&&j| sum.entries[j as usize] != 0)
            .map(|&j| Term {
                column: j,
                a: sum.entries[j as usize],
                value: point[j as usize],
                most: program.most[j as usize],
                flipped: false,
            })
            .collect();
        for term in terms.iter_mut().filter(|t| t.value > 0.5 * t.most as f64) {
            term.flip(&mut limit);
        }
        let slacks = (sum.weights.iter())
            .filter(|(i, w)| *w != 0 && !program.rows[*i as usize].equal)
            .map(|&(i, w)| (w, self.slack[i as usize].max(0.0)))
            .collect();
        Some(Ready { terms, slacks, limit })
    }

    /// The deepest cut from the sum as it stands.
    fn round(&mut self) -> Option<Found> {
        let mut ready = self.ready()?;
        let program = self.scene.program;
        let inside = |t: &Term| t.value > NEAR && t.value < t.most as f64 - NEAR;
        let mut divisors: Vec<i64> = (ready.terms.iter())
            .filter(|t| inside(t) && program.is_sent(t.column))
            .map(|t| t.a.abs())
            .collect();
        divisors.sort_unstable();
        divisors.dedup();
        if divisors.is_empty() {
            let vehicles = ready.terms.iter().filter(|t| inside(t)).map(|t| t.a.abs());
            divisors = vehicles.filter(|a| *a > 1).collect();
            divisors.sort_unstable();
            divisors.dedup();
        }
        let skip = divisors.len().saturating_sub(DIVISORS);
        let (mut best, mut divisor) = (0.0, 0);
        for &d in &divisors[skip..] {
            let depth = ready.depth(d);
            if depth > best {
                (best, divisor) = (depth, d);
            }
        }
        if divisor == 0 {
            return None;
        }
        for part in [2, 4, 8] {
            let depth = if divisor % part == 0 { ready.depth(divisor / part) } else { 0.0 };
            if depth > best {
                (best, divisor) = (depth, divisor / part);
                break;
            }
        }
        let middle = |t: &Term| (t.value - 0.5 * t.most as f64).abs() / t.most as f64;
        let mut order: Vec<usize> =
            (0..ready.terms.len()).filter(|&n| inside(&ready.terms[n])).collect();
        order.sort_by(|&a, &b| middle(&ready.terms[a]).total_cmp(&middle(&ready.terms[b])));
        for n in order.into_iter().take(COMPLEMENTS) {
            ready.terms[n].flip(&mut ready.limit);
            let depth = ready.depth(divisor);
            if depth > best {
                best = depth;
            } else {
                ready.terms[n].flip(&mut ready.limit);
            }
        }
        if best < LEAST_DEPTH {
            return None;
        }
        let mut flipped: Vec<u32> =
            ready.terms.iter().filter(|t| t.flipped).map(|t| t.column).collect();
        flipped.sort_unstable();
        let weights = self.bounded.weights.iter().copied().filter(|w| w.1 != 0).collect();
        self.scene.prove_exact(CutProof { weights, flipped, divisor, shrink: 1 })
    }
}
