//! Finds cuts that a point of the relaxation violates. Floating point; [`super::cut`] proves.
//!
//! The sums of rows to be rounded are those of the simplex tableau (Gomory 1960).

use super::cut::{CutProof, derive};
use super::program::{Program, Row, gcd};
use super::simplex::Simplex;

/// Whole weights are multiples of one part in this many.
const WEIGHT_SCALE: f64 = (1u64 << 30) as f64;
/// The largest coefficient a finished cut should have.
const CUT_SIZE: f64 = (1u64 << 20) as f64;
/// A column's value is whole when it is this close.
const WHOLE: f64 = 1e-3;
/// A cut is worth having when the point is this far beyond it.
const LEAST_DEPTH: f64 = 1e-4;
/// A divisor leaving a rest smaller than this share of it gives a cut of huge coefficients.
const LEAST_REST: f64 = 0.01;

/// A cut, and how far beyond it the point lies.
pub(super) struct Found {
    pub proof: CutProof,
    pub row: Row,
    pub depth: f64,
}

/// Where the relaxation stands: its rows, the cuts so far (those in the solver by position), and
/// the point to cut off.
pub(super) struct Scene<'s> {
    pub program: &'s Program,
    pub cuts: &'s [Row],
    /// Number of each of the solver's rows, past the program's last for cuts.
    pub numbers: &'s [u32],
    /// What each of the solver's rows is multiplied by there.
    pub scales: &'s [f64],
    pub point: &'s [f64],
    /// Longest cut worth having.
    pub longest: usize,
}

impl Scene<'_> {
    pub fn row(&self, number: u32) -> &Row {
        let i = number as usize;
        self.program.rows.get(i).unwrap_or_else(|| &self.cuts[i - self.program.rows.len()])
    }

    /// The deepest cut from the tableau's row of the basic column at `position`.
    pub fn round_tableau_row(
        &self,
        simplex: &mut Simplex,
        position: usize,
        work: &mut Work,
    ) -> Option<Found> {
        let rho = simplex.inverse_row(position);
        let weights: Vec<(u32, f64)> = (rho.iter().enumerate())
            .filter(|(_, w)| w.abs() > 1e-9)
            .map(|(i, &w)| (self.numbers[i], w * self.scales[i]))
            .collect();
        work.sum(self, &weights);
        let tries: Vec<f64> = [1.0, 0.5, 1.0 / 3.0, 0.25, 0.2].into();
        let best = work.best(self, &weights, &tries);
        let found = best.and_then(|(divisor, _)| self.prove(&weights, divisor, work));
        work.clear();
        found
    }

    /// The exact cut of the weighted rows.
    fn prove(&self, weights: &[(u32, f64)], divisor: f64, work: &Work) -> Option<Found> {
        let weights: Vec<(u32, i64)> = (weights.iter())
            .map(|&(i, w)| (i, (w * WEIGHT_SCALE).round() as i64))
            .filter(|(_, w)| *w != 0)
            .collect();
        let mut flipped: Vec<u32> =
            work.touched.iter().copied().filter(|&j| self.is_flipped(j)).collect();
        flipped.sort_unstable();
        let divisor = (divisor * WEIGHT_SCALE).round() as i64;
        let mut proof = CutProof { weights, flipped, divisor, shrink: 1 };
        let size = work.size * WEIGHT_SCALE;
        let shrink = (size / CUT_SIZE).ceil().max(1.0);
        if shrink > 4e18 {
            return None;
        }
        proof.shrink = shrink as i64;
        let row = derive(self.program, self.cuts, &proof).ok()?;
        if row.terms.len() > self.longest || row.terms.is_empty() {
            return None;
        }
        let depth = self.depth(&row);
        (depth > LEAST_DEPTH).then_some(Found { proof, row, depth })
    }

    /// The cut of a proof in small numbers, divided by what all its coefficients share.
    pub fn prove_exact(&self, mut proof: CutProof) -> Option<Found> {
        let row = derive(self.program, self.cuts, &proof).ok()?;
        let shared = row.terms.iter().fold(0, |g, t| gcd(t.1, g));
        let largest = row.terms.iter().map(|t| t.1.abs()).max()?;
        proof.shrink = shared.max((largest as f64 / CUT_SIZE).ceil() as i64).max(1);
        let row = match proof.shrink {
            1 => row,
            _ => derive(self.program, self.cuts, &proof).ok()?,
        };
        let depth = self.depth(&row);
        let worth = depth > LEAST_DEPTH && row.terms.len() <= self.longest;
        worth.then_some(Found { proof, row, depth })
    }

    /// How far the point lies beyond the row.
    pub fn depth(&self, row: &Row) -> f64 {
        -row.slack(self.point) / length(row)
    }

    pub fn is_flipped(&self, column: u32) -> bool {
        let most = self.program.most[column as usize] as f64;
        self.point[column as usize] > 0.5 * most
    }
}

pub(super) fn length(row: &Row) -> f64 {
    row.terms.iter().map(|&(_, a)| (a as f64) * (a as f64)).sum::<f64>().sqrt().max(1e-9)
}

/// How alike two cuts are: the cosine of the angle between them.
pub(super) fn alike(a: &Row, b: &Row) -> f64 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while i < a.terms.len() && j < b.terms.len() {
        match a.terms[i].0.cmp(&b.terms[j].0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += a.terms[i].1 as f64 * b.terms[j].1 as f64;
                i += 1;
                j += 1;
            }
        }
    }
    sum / (length(a) * length(b))
}

/// A sum of rows being looked at, dense, with the columns it touches.
pub(super) struct Work {
    entries: Vec<f64>,
    cut: Vec<f64>,
    seen: Vec<bool>,
    touched: Vec<u32>,
    limit: f64,
    /// Largest coefficient of the best cut, before it is shrunk.
    size: f64,
}

impl Work {
    pub fn new(columns: usize) -> Self {
        Self {
            entries: vec![0.0; columns],
            cut: vec![0.0; columns],
            seen: vec![false; columns],
            touched: Vec::new(),
            limit: 0.0,
            size: 0.0,
        }
    }

    fn touch(&mut self, j: u32) {
        if !self.seen[j as usize] {
            self.seen[j as usize] = true;
            self.touched.push(j);
        }
    }

    fn sum(&mut self, scene: &Scene<'_>, weights: &[(u32, f64)]) {
        for &(i, w) in weights {
            let row = scene.row(i);
            for &(j, a) in &row.terms {
                self.touch(j);
                self.entries[j as usize] += w * a as f64;
            }
            self.limit += w * row.limit as f64;
        }
    }

    fn clear(&mut self) {
        for &j in &self.touched {
            self.entries[j as usize] = 0.0;
            self.seen[j as usize] = false;
        }
        self.touched.clear();
        self.limit = 0.0;
    }

    /// The divisor that gives the deepest cut, and its depth.
    fn best(
        &mut self,
        scene: &Scene<'_>,
        weights: &[(u32, f64)],
        divisors: &[f64],
    ) -> Option<(f64, f64)> {
        let mut best: Option<(f64, f64)> = None;
        for &divisor in divisors {
            let Some((depth, size)) = self.depth(scene, weights, divisor) else { continue };
            if depth > LEAST_DEPTH && best.is_none_or(|(_, d)| depth > d) {
                best = Some((divisor, depth));
                self.size = size;
            }
        }
        best
    }

    /// How far the point lies beyond the cut of this divisor, and the cut's largest coefficient.
    fn depth(
        &mut self,
        scene: &Scene<'_>,
        weights: &[(u32, f64)],
        divisor: f64,
    ) -> Option<(f64, f64)> {
        let most = |j: u32| scene.program.most[j as usize] as f64;
        let mut limit = self.limit;
        for &j in &self.touched {
            if scene.is_flipped(j) {
                limit -= self.entries[j as usize] * most(j);
            }
        }
        let whole = (limit / divisor + 1e-9).floor();
        let rest = (limit - whole * divisor).max(0.0);
        if rest < LEAST_REST * divisor || rest > (1.0 - 1e-6) * divisor {
            return None;
        }
        let round = |a: f64| {
            let w = (a / divisor + 1e-9).floor();
            w * (divisor - rest) + (a - w * divisor - rest).max(0.0)
        };
        let mut limit = whole * (divisor - rest);
        for n in 0..self.touched.len() {
            let j = self.touched[n];
            let a = self.entries[j as usize];
            self.cut[j as usize] = if scene.is_flipped(j) {
                let f = round(-a);
                limit -= f * most(j);
                -f
            } else {
                round(a)
            };
        }
        for &(i, w) in weights {
            let row = scene.row(i);
            if row.equal {
                continue;
            }
            let f = round(w);
            if f != 0.0 {
                for &(j, a) in &row.terms {
                    self.cut[j as usize] -= f * a as f64;
                }
                limit -= f * row.limit as f64;
            }
        }
        let (mut sum, mut square, mut size) = (0.0, 0.0, 0.0f64);
        for &j in &self.touched {
            let a = self.cut[j as usize];
            sum += a * scene.point[j as usize];
            square += a * a;
            size = size.max(a.abs());
        }
        Some(((sum - limit) / square.sqrt().max(1e-12), size))
    }
}

/// How far a value is from a whole number.
pub(super) fn fraction(x: f64) -> f64 {
    let part = x - x.floor();
    let part = part.min(1.0 - part);
    if part < WHOLE { 0.0 } else { part }
}
