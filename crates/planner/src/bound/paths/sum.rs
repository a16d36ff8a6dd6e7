//! A weighted sum of rows in whole numbers, and how deep it cuts when rounded.

use super::super::program::Row;

/// Weights and coefficients of a sum stay below this.
const LARGEST: i64 = 1 << 36;

/// A sum of rows in whole numbers, dense, with the columns it touches.
pub(super) struct Sum {
    pub entries: Vec<i64>,
    seen: Vec<bool>,
    pub touched: Vec<u32>,
    pub weights: Vec<(u32, i64)>,
    pub limit: i64,
}

impl Sum {
    pub fn new(columns: usize) -> Self {
        Self {
            entries: vec![0; columns],
            seen: vec![false; columns],
            touched: Vec::new(),
            weights: Vec::new(),
            limit: 0,
        }
    }

    pub fn clear(&mut self) {
        for &j in &self.touched {
            self.entries[j as usize] = 0;
            self.seen[j as usize] = false;
        }
        self.touched.clear();
        self.weights.clear();
        self.limit = 0;
    }

    /// False when a number would become too large.
    pub fn add(&mut self, number: u32, row: &Row, weight: i64) -> bool {
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

    pub fn multiply(&mut self, by: i64) -> bool {
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
pub(super) struct Term {
    pub column: u32,
    pub a: i64,
    pub value: f64,
    pub most: i64,
    pub flipped: bool,
}

impl Term {
    pub fn flip(&mut self, limit: &mut i64) {
        *limit -= self.a * self.most;
        self.a = -self.a;
        self.value = self.most as f64 - self.value;
        self.flipped = !self.flipped;
    }
}

/// A sum in the form that is rounded.
pub(super) struct Ready {
    pub terms: Vec<Term>,
    /// Weight and value of the slacks.
    pub slacks: Vec<(i64, f64)>,
    pub limit: i64,
}

impl Ready {
    /// How far the point lies beyond the rounded sum, for the cut's length.
    pub fn depth(&self, divisor: i64) -> f64 {
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
