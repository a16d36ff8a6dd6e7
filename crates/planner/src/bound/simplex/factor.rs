//! A basis as sparse triangular factors, kept up to date pivot by pivot.
//!
//! Markowitz's rule with threshold pivoting makes the factors (Suhl and Suhl, ORSA Journal on
//! Computing 1990); a changed column is a product-form step on top of them until the next time.

/// An entry below this is nothing.
const ZERO: f64 = 1e-12;

mod elimination;

use elimination::Elimination;

/// Lists of (index, value), one after the other.
#[derive(Debug, Clone, Default)]
struct Lists {
    starts: Vec<usize>,
    index: Vec<u32>,
    value: Vec<f64>,
}

impl Lists {
    fn new() -> Self {
        Self { starts: vec![0], ..Self::default() }
    }

    fn close(&mut self) {
        self.starts.push(self.index.len());
    }

    fn push(&mut self, index: u32, value: f64) {
        self.index.push(index);
        self.value.push(value);
    }

    fn of(&self, k: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.starts[k]..self.starts[k + 1];
        self.index[range.clone()].iter().map(|&i| i as usize).zip(self.value[range].iter().copied())
    }

    /// The same entries by their index: entry (k, i) becomes (i, k).
    fn turned(&self, size: usize) -> Self {
        let mut starts = vec![0usize; size + 1];
        for &i in &self.index {
            starts[i as usize + 1] += 1;
        }
        for i in 0..size {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut turned =
            Self { starts, index: vec![0; self.index.len()], value: vec![0.0; self.value.len()] };
        for k in 0..self.starts.len() - 1 {
            for (i, v) in self.of(k) {
                turned.index[next[i]] = k as u32;
                turned.value[next[i]] = v;
                next[i] += 1;
            }
        }
        turned
    }
}

/// One column of the basis replaced: its position, the pivot and the other entries.
#[derive(Debug, Clone)]
struct Step {
    at: usize,
    pivot: f64,
    others: Vec<(u32, f64)>,
}

/// `B = L U` with rows and columns in pivot order, times the steps since.
#[derive(Debug, Clone, Default)]
pub(super) struct Factor {
    /// Row and basis position of each pivot.
    row_of: Vec<u32>,
    place_of: Vec<u32>,
    pivots: Vec<f64>,
    /// Below the pivot, by pivot and by row (indices are pivot numbers).
    lower: Lists,
    lower_by_row: Lists,
    /// Right of the pivot, by pivot and by column (indices are pivot numbers).
    upper: Lists,
    upper_by_column: Lists,
    steps: Vec<Step>,
    step_entries: usize,
    /// Of which `Factor::new` these are, so that steps can be taken back.
    generation: u64,
    scratch: Vec<f64>,
}

impl Factor {
    /// Factors the matrix whose columns are given as (row, value). Where a column depends on those
    /// before it, the answer is the list of (position, row) in which a logical must stand instead.
    pub fn new(columns: &[Vec<(u32, f64)>], generation: u64) -> Result<Self, Vec<(usize, usize)>> {
        let m = columns.len();
        let mut work = Elimination::new(columns);
        let mut factor =
            Self { lower: Lists::new(), upper: Lists::new(), generation, ..Self::default() };
        factor.scratch = vec![0.0; m];
        while let Some((row, place)) = work.next_pivot() {
            work.eliminate(row, place, &mut factor);
        }
        if factor.pivots.len() < m {
            return Err(work.missing());
        }
        // Indices so far are rows and places; make them pivot numbers.
        let (mut of_row, mut of_place) = (vec![0u32; m], vec![0u32; m]);
        for k in 0..m {
            of_row[factor.row_of[k] as usize] = k as u32;
            of_place[factor.place_of[k] as usize] = k as u32;
        }
        factor.lower.index.iter_mut().for_each(|i| *i = of_row[*i as usize]);
        factor.upper.index.iter_mut().for_each(|i| *i = of_place[*i as usize]);
        factor.lower_by_row = factor.lower.turned(m);
        factor.upper_by_column = factor.upper.turned(m);
        Ok(factor)
    }

    /// To be given to [`Factor::back_to`].
    pub fn state(&self) -> (u64, usize) {
        (self.generation, self.steps.len())
    }

    /// Takes the steps since then back; `false` when the factors were made anew since.
    pub fn back_to(&mut self, (generation, steps): (u64, usize)) -> bool {
        if generation != self.generation {
            return false;
        }
        self.steps.truncate(steps);
        self.step_entries = self.steps.iter().map(|s| s.others.len() + 1).sum();
        true
    }

    /// Entries of the steps since the factors were made; many of them cost more than new factors.
    pub fn age(&self) -> (usize, usize) {
        (self.steps.len(), self.step_entries)
    }

    /// Solves `B x = b`: `b` by row on entry, `x` by basis position on return.
    pub fn forward(&mut self, vector: &mut [f64]) {
        let m = self.pivots.len();
        let mut z = std::mem::take(&mut self.scratch);
        for k in 0..m {
            z[k] = vector[self.row_of[k] as usize];
        }
        for k in 0..m {
            let t = z[k];
            if t.abs() > ZERO {
                for (i, l) in self.lower.of(k) {
                    z[i] -= l * t;
                }
            }
        }
        for k in (0..m).rev() {
            if z[k].abs() <= ZERO {
                vector[self.place_of[k] as usize] = 0.0;
                continue;
            }
            let t = z[k] / self.pivots[k];
            vector[self.place_of[k] as usize] = t;
            for (i, u) in self.upper_by_column.of(k) {
                z[i] -= u * t;
            }
        }
        self.scratch = z;
        for step in &self.steps {
            let t = vector[step.at];
            if t.abs() > ZERO {
                let t = t / step.pivot;
                vector[step.at] = t;
                for &(i, a) in &step.others {
                    vector[i as usize] -= a * t;
                }
            }
        }
    }

    /// Solves `B' y = c`: `c` by basis position on entry, `y` by row on return.
    pub fn backward(&mut self, vector: &mut [f64]) {
        for step in self.steps.iter().rev() {
            let mut t = vector[step.at];
            for &(i, a) in &step.others {
                t -= a * vector[i as usize];
            }
            vector[step.at] = t / step.pivot;
        }
        let m = self.pivots.len();
        let mut z = std::mem::take(&mut self.scratch);
        for k in 0..m {
            z[k] = vector[self.place_of[k] as usize];
        }
        for k in 0..m {
            if z[k].abs() > ZERO {
                let t = z[k] / self.pivots[k];
                z[k] = t;
                for (i, u) in self.upper.of(k) {
                    z[i] -= u * t;
                }
            } else {
                z[k] = 0.0;
            }
        }
        for k in (0..m).rev() {
            let t = z[k];
            vector[self.row_of[k] as usize] = t;
            if t.abs() > ZERO {
                for (i, l) in self.lower_by_row.of(k) {
                    z[i] -= l * t;
                }
            }
        }
        self.scratch = z;
    }

    /// The column at basis position `at` becomes the one whose forward solution is `column`.
    pub fn replace(&mut self, at: usize, column: &[f64]) {
        let others: Vec<(u32, f64)> = (column.iter().enumerate())
            .filter(|(i, a)| *i != at && a.abs() > ZERO)
            .map(|(i, &a)| (i as u32, a))
            .collect();
        self.step_entries += others.len() + 1;
        self.steps.push(Step { at, pivot: column[at], others });
    }
}
