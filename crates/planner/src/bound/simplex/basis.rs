//! A basis made anew: its factors, the values and the reduced costs that follow from it.

use super::factor::Factor;
use super::sparse::Sparse;
use super::{Place, Simplex};

impl Simplex {
    /// New factors, values and reduced costs; `false` when the basis cannot be repaired.
    pub(super) fn refactor(&mut self) -> bool {
        for _ in 0..3 {
            let columns: Vec<Vec<(u32, f64)>> = (self.basis.iter())
                .map(|&j| match (j as usize).checked_sub(self.columns) {
                    Some(i) => vec![(i as u32, 1.0)],
                    None => self.by_column[j as usize].clone(),
                })
                .collect();
            match Factor::new(&columns, self.factor.state().0 + 1) {
                Ok(factor) => {
                    self.factor = factor;
                    self.recompute();
                    self.fresh = true;
                    return true;
                }
                Err(missing) => {
                    for (position, row) in missing {
                        let out = self.basis[position] as usize;
                        self.place[out] = Place::Low;
                        let logical = self.columns + row;
                        self.basis[position] = logical as u32;
                        self.place[logical] = Place::Basic(position as u32);
                    }
                    self.part_all();
                    self.weights.fill(1.0);
                }
            }
        }
        false
    }

    pub(super) fn recompute(&mut self) {
        let mut y = Sparse::of(self.basis.iter().map(|&j| self.shaken[j as usize]).collect());
        self.factor.backward(&mut y);
        self.reduced.clone_from(&self.shaken);
        for (i, y) in y.iter() {
            for &(j, a) in &self.by_row[i][..self.outside[i]] {
                self.reduced[j as usize] -= y * a;
            }
            self.reduced[self.columns + i] -= y;
        }
        for &j in &self.basis {
            self.reduced[j as usize] = 0.0;
        }
        let mut x = self.limits.clone();
        for j in 0..self.place.len() {
            if self.is_basic(j) {
                continue;
            }
            if self.reduced[j] < 0.0 && self.high[j].is_finite() {
                self.place[j] = Place::High;
            } else if self.reduced[j] > 0.0 {
                self.place[j] = Place::Low;
            } else if self.reduced[j] < 0.0 {
                // A logical on the wrong side by the arithmetic's error: pay for it in its cost.
                self.shaken[j] -= self.reduced[j];
                self.reduced[j] = 0.0;
            }
            let value = if self.place[j] == Place::High { self.high[j] } else { self.low[j] };
            if value != 0.0 {
                match j.checked_sub(self.columns) {
                    Some(i) => x[i] -= value,
                    None => self.by_column[j].iter().for_each(|&(i, a)| x[i as usize] -= a * value),
                }
            }
        }
        let mut x = Sparse::of(x);
        self.factor.forward(&mut x);
        self.values = x.into_values();
    }
}
