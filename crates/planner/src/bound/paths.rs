//! Finds cuts by rounding sums of rows along paths. [`super::cut`] proves them.
//!
//! A row is rounded as it is; if that cuts nothing off, a flow in it that is far from its bounds is
//! eliminated with another row that holds at the point, and so on for a few rows. Before each
//! rounding, flows are written by the bound nearest to the point: nothing, the most there is, or a
//! row `flow <= n · convoys` (Marchand and Wolsey, Operations Research 2001). All sums are kept in
//! whole numbers, so the cut that is found is the one that is proven.

mod sum;

use super::cut::CutProof;
use super::program::{Program, gcd};
use super::separate::{Found, Scene};
use super::told::Told;
use sum::{Ready, Sum, Term};

/// Rows in a sum, those of variable bounds not counted.
const LONGEST_PATH: usize = 6;
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
    /// All of these rows: those that the solver is told of.
    told: Vec<u32>,
}

impl Structure {
    pub fn new(program: &Program, told: &Told) -> Self {
        let columns = program.cost.len();
        let (mut rows_with, mut variable_bounds) =
            (vec![Vec::new(); columns], vec![Vec::new(); columns]);
        let told: Vec<u32> =
            (0..program.rows.len() as u32).filter(|&i| told.row(i as usize)).collect();
        for &i in &told {
            let row = &program.rows[i as usize];
            for &(j, a) in &row.terms {
                rows_with[j as usize].push((i, a));
            }
            if row.equal || row.limit != 0 {
                continue;
            }
            let mut bounded = row.terms.iter().filter(|t| t.1 > 0);
            let (Some(&(j, 1)), None) = (bounded.next(), bounded.next()) else { continue };
            let by_sent = row.terms.iter().all(|&(c, _)| c == j || program.is_sent(c));
            if by_sent && !program.is_sent(j) {
                variable_bounds[j as usize].push(i);
            }
        }
        Self { rows_with, variable_bounds, told }
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
    /// Vehicles are counted whole, not written by the convoys that they go in.
    whole_vehicles: bool,
    second: bool,
    /// Flows are written by the convoys that they go in, where that is nearest.
    by_convoys: bool,
}

impl<'s> Paths<'s> {
    pub fn new(scene: &'s Scene<'s>, structure: &'s Structure) -> Self {
        let slack = scene.program.rows.iter().map(|row| row.slack(scene.point)).collect();
        let columns = scene.point.len();
        Self {
            scene,
            structure,
            slack,
            sum: Sum::new(columns),
            bounded: Sum::new(columns),
            whole_vehicles: false,
            second: false,
            by_convoys: true,
        }
    }

    /// Cuts from every row that holds something back, until `enough` says so. With `whole_vehicles`
    /// vehicles are not eliminated but rounded; `second` goes on with the second choice of a flow.
    pub fn search(
        &mut self,
        whole_vehicles: bool,
        second: bool,
        enough: &dyn Fn() -> bool,
    ) -> Vec<Found> {
        self.whole_vehicles = whole_vehicles;
        self.second = second;
        let mut found = Vec::new();
        for (n, i) in self.structure.told.iter().map(|&i| i as usize).enumerate() {
            if n % 64 == 0 && enough() {
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

    /// The deepest cut from a sum of rows as it is given, with vehicles whole or in convoys.
    pub fn round_rows(&mut self, rows: &[(u32, i64)]) -> Vec<Found> {
        self.sum.clear();
        let all = &self.scene.program.rows;
        if !rows.iter().all(|&(i, w)| self.sum.add(i, &all[i as usize], w)) {
            return Vec::new();
        }
        let mut found = Vec::new();
        self.whole_vehicles = true;
        for by_convoys in [false, true] {
            self.by_convoys = by_convoys;
            found.extend(self.round());
        }
        found
    }

    fn is_whole(&self, column: u32) -> bool {
        let program = self.scene.program;
        program.is_sent(column) || (self.whole_vehicles && program.is_vehicle(column))
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
            .filter(|&&j| self.sum.entries[j as usize] != 0 && !self.is_whole(j))
            .map(|&j| (self.distance(j), j))
            .filter(|(d, _)| *d > NEAR)
            .collect();
        flows.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        if self.second && flows.len() > 1 {
            flows.swap(0, 1);
        }
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
            if !self.by_convoys
                || a == 0
                || program.is_sent(j)
                || (self.whole_vehicles && program.is_vehicle(j))
            {
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
        let inside = |t: &Term| t.value > NEAR && t.value < t.most as f64 - NEAR;
        let mut divisors: Vec<i64> = (ready.terms.iter())
            .filter(|t| inside(t) && self.is_whole(t.column))
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
