//! Solves for vectors of which much is not zero: a look at every pivot costs less than marks then.

use super::super::sparse::Sparse;
use super::{Factor, GONE, ZERO};

impl Factor {
    /// [`Factor::forward`] for a vector of which so much is not zero that every pivot is looked at.
    pub(super) fn forward_full(&mut self, vector: &mut Sparse) {
        let z = &mut self.scratch;
        for (row, v) in vector.drain() {
            z[self.number_of_row[row] as usize] = v;
        }
        for k in 0..z.len() {
            let t = z[k];
            if t.abs() > ZERO {
                self.lower.of(k).for_each(|(i, l)| z[i] -= l * t);
            }
        }
        for change in &self.changes {
            let sum: f64 = change.clears.iter().map(|&(i, r)| r * z[i as usize]).sum();
            z[change.pivot as usize] += sum;
        }
        self.drag += self.change_entries;
        for &k in self.order.iter().rev().filter(|k| **k != GONE) {
            let k = k as usize;
            let v = std::mem::take(&mut z[k]);
            if v.abs() > ZERO {
                let t = v / self.pivots[k];
                vector.add(self.place_of[k] as usize, t);
                self.columns[k].iter().for_each(|&(i, u)| z[i as usize] -= u * t);
            }
        }
    }

    /// [`Factor::backward`] where so much is not zero that every pivot is looked at.
    pub(super) fn backward_full(&mut self, vector: &mut Sparse, leaving: bool) {
        let z = &mut self.scratch;
        let mut first = self.order.len();
        for (place, v) in vector.drain() {
            let k = self.number_of[place] as usize;
            z[k] = v;
            first = first.min(self.position[k] as usize);
        }
        for &k in self.order[first..].iter().filter(|k| **k != GONE) {
            let k = k as usize;
            if z[k].abs() <= ZERO {
                z[k] = 0.0;
                continue;
            }
            let t = z[k] / self.pivots[k];
            z[k] = t;
            self.rows[k].iter().for_each(|&(j, u)| z[j as usize] -= u * t);
        }
        if leaving {
            let some = z.iter().enumerate().filter(|(_, t)| **t != 0.0);
            self.row.extend(some.map(|(k, &t)| (k as u32, t)));
        }
        for change in self.changes.iter().rev() {
            let t = z[change.pivot as usize];
            if t.abs() > ZERO {
                change.clears.iter().for_each(|&(i, r)| z[i as usize] += r * t);
            }
        }
        for k in (0..z.len()).rev() {
            let t = std::mem::take(&mut z[k]);
            if t.abs() > ZERO {
                vector.add(self.row_of[k] as usize, t);
                self.lower_by_row.of(k).for_each(|(i, l)| z[i] -= l * t);
            }
        }
    }
}
