//! A basis as sparse triangular factors, kept up to date pivot by pivot.
//!
//! Markowitz's rule with threshold pivoting makes the factors (Suhl and Suhl, ORSA Journal on
//! Computing 1990). A column that is replaced stays in them as a spike, of which its row is cleared
//! (Forrest and Tomlin, Mathematical Programming 1972); replacements can be taken back.

/// An entry below this is nothing.
const ZERO: f64 = 1e-12;

mod elimination;
mod replace;

use elimination::Elimination;
use replace::Change;

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

    /// Those that are not empty.
    fn some(&self) -> Vec<u32> {
        let starts = self.starts.windows(2).enumerate();
        starts.filter(|(_, s)| s[0] < s[1]).map(|(k, _)| k as u32).collect()
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

/// Pivot numbers and values.
type Entries = Vec<(u32, f64)>;

/// A number of no pivot.
const GONE: u32 = u32::MAX;

/// `B = L R U`: `L` and `U` triangular in pivot order, `R` what cleared the rows of replaced columns.
/// Pivots go by number; a replaced one keeps its number and moves to the end of the order.
#[derive(Debug, Clone, Default)]
pub(super) struct Factor {
    /// Row and basis position of each pivot, and the pivot of each position.
    row_of: Vec<u32>,
    place_of: Vec<u32>,
    number_of: Vec<u32>,
    pivots: Vec<f64>,
    /// Below the pivot, by pivot and by row, and which of these are not empty.
    lower: Lists,
    lower_by_row: Lists,
    lower_some: Vec<u32>,
    lower_by_row_some: Vec<u32>,
    /// Right of the pivot, by row and by column.
    rows: Vec<Entries>,
    columns: Vec<Entries>,
    /// Pivots in the order in which `U` is triangular, and where each is in it.
    order: Vec<u32>,
    position: Vec<u32>,
    changes: Vec<Change>,
    change_entries: usize,
    /// The last column solved for on its way to enter, before `U`; the last row of the inverse, after.
    spike: Entries,
    row: Entries,
    /// Of which `Factor::new` these are, so that changes can be taken back.
    generation: u64,
    scratch: Vec<f64>,
}

impl Factor {
    /// Factors the matrix whose columns are given as (row, value). Where a column depends on those
    /// before it, the answer is the list of (position, row) in which a logical must stand instead.
    pub fn new(columns: &[Vec<(u32, f64)>], generation: u64) -> Result<Self, Vec<(usize, usize)>> {
        let m = columns.len();
        let mut work = Elimination::new(columns);
        let mut factor = Self { lower: Lists::new(), generation, ..Self::default() };
        factor.scratch = vec![0.0; m];
        while let Some((row, place)) = work.next_pivot() {
            work.eliminate(row, place, &mut factor);
        }
        if factor.pivots.len() < m {
            return Err(work.missing());
        }
        // Indices so far are rows and places; make them pivot numbers.
        let mut of_row = vec![0u32; m];
        factor.number_of = vec![0u32; m];
        for k in 0..m {
            of_row[factor.row_of[k] as usize] = k as u32;
            factor.number_of[factor.place_of[k] as usize] = k as u32;
        }
        factor.lower.index.iter_mut().for_each(|i| *i = of_row[*i as usize]);
        factor.lower_by_row = factor.lower.turned(m);
        factor.lower_some = factor.lower.some();
        factor.lower_by_row_some = factor.lower_by_row.some();
        factor.columns = vec![Vec::new(); m];
        for (k, row) in factor.rows.iter_mut().enumerate() {
            for (j, v) in row {
                *j = factor.number_of[*j as usize];
                factor.columns[*j as usize].push((k as u32, *v));
            }
        }
        factor.order = (0..m as u32).collect();
        factor.position = (0..m as u32).collect();
        Ok(factor)
    }

    /// Columns replaced since the factors were made, and what these cost in entries; many of them
    /// cost more than new factors.
    pub fn age(&self) -> (usize, usize) {
        (self.changes.len(), self.change_entries)
    }

    /// Solves `B x = b`: `b` by row on entry, `x` by basis position on return.
    pub fn forward(&mut self, vector: &mut [f64]) {
        let z = self.forward_lower(vector);
        self.forward_upper(z, vector);
    }

    /// [`Factor::forward`] for the column that will [`Factor::replace`] another.
    pub fn forward_entering(&mut self, vector: &mut [f64]) {
        let z = self.forward_lower(vector);
        self.spike.clear();
        self.spike.extend(nonzero(&z));
        self.forward_upper(z, vector);
    }

    fn forward_lower(&mut self, vector: &[f64]) -> Vec<f64> {
        let mut z = std::mem::take(&mut self.scratch);
        for (z, &row) in z.iter_mut().zip(&self.row_of) {
            *z = vector[row as usize];
        }
        for &k in &self.lower_some {
            let t = z[k as usize];
            if t.abs() > ZERO {
                for (i, l) in self.lower.of(k as usize) {
                    z[i] -= l * t;
                }
            }
        }
        for change in &self.changes {
            let sum: f64 = change.clears.iter().map(|&(i, r)| r * z[i as usize]).sum();
            z[change.pivot as usize] += sum;
        }
        z
    }

    fn forward_upper(&mut self, mut z: Vec<f64>, vector: &mut [f64]) {
        for &k in self.order.iter().rev().filter(|&&k| k != GONE) {
            let k = k as usize;
            let x = &mut vector[self.place_of[k] as usize];
            if z[k].abs() <= ZERO {
                *x = 0.0;
                continue;
            }
            let t = z[k] / self.pivots[k];
            *x = t;
            for &(i, u) in &self.columns[k] {
                z[i as usize] -= u * t;
            }
        }
        self.scratch = z;
    }

    /// Solves `B' y = c`: `c` by basis position on entry, `y` by row on return.
    pub fn backward(&mut self, vector: &mut [f64]) {
        let z = self.backward_upper(vector);
        self.backward_lower(z, vector);
    }

    /// [`Factor::backward`] for the position in which a column will be replaced.
    pub fn backward_leaving(&mut self, vector: &mut [f64]) {
        let z = self.backward_upper(vector);
        self.row.clear();
        self.row.extend(nonzero(&z));
        self.backward_lower(z, vector);
    }

    fn backward_upper(&mut self, vector: &[f64]) -> Vec<f64> {
        let mut z = std::mem::take(&mut self.scratch);
        for (z, &place) in z.iter_mut().zip(&self.place_of) {
            *z = vector[place as usize];
        }
        for &k in self.order.iter().filter(|&&k| k != GONE) {
            let k = k as usize;
            if z[k].abs() <= ZERO {
                z[k] = 0.0;
                continue;
            }
            let t = z[k] / self.pivots[k];
            z[k] = t;
            for &(j, u) in &self.rows[k] {
                z[j as usize] -= u * t;
            }
        }
        z
    }

    fn backward_lower(&mut self, mut z: Vec<f64>, vector: &mut [f64]) {
        for change in self.changes.iter().rev() {
            let t = z[change.pivot as usize];
            if t.abs() > ZERO {
                for &(i, r) in &change.clears {
                    z[i as usize] += r * t;
                }
            }
        }
        for &k in self.lower_by_row_some.iter().rev() {
            let t = z[k as usize];
            if t.abs() > ZERO {
                for (i, l) in self.lower_by_row.of(k as usize) {
                    z[i] -= l * t;
                }
            }
        }
        for (&z, &row) in z.iter().zip(&self.row_of) {
            vector[row as usize] = z;
        }
        self.scratch = z;
    }
}

fn nonzero(z: &[f64]) -> impl Iterator<Item = (u32, f64)> + '_ {
    z.iter().enumerate().filter(|(_, v)| v.abs() > ZERO).map(|(k, &v)| (k as u32, v))
}
