//! A basis as sparse triangular factors, kept up to date pivot by pivot.
//!
//! Markowitz's rule with threshold pivoting makes the factors (Suhl and Suhl, ORSA Journal on
//! Computing 1990). A column that is replaced stays in them as a spike, of which its row is cleared
//! (Forrest and Tomlin, Mathematical Programming 1972); replacements can be taken back.

/// An entry below this is nothing.
const ZERO: f64 = 1e-12;

/// What an entry costs when factors are made, in entries met in a change.
const WORTH: usize = 40;
/// A vector is taken as full when one in so many of its entries is not zero.
const FULL: usize = 10;
/// New factors never come sooner.
const LEAST_CHANGES: usize = 50;

mod elimination;
mod full;
mod replace;

use super::sparse::{Marks, Sparse};
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
    /// Row and basis position of each pivot, and the pivot of each row and position.
    row_of: Vec<u32>,
    number_of_row: Vec<u32>,
    place_of: Vec<u32>,
    number_of: Vec<u32>,
    pivots: Vec<f64>,
    /// Below the pivot, by pivot and by row.
    lower: Lists,
    lower_by_row: Lists,
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
    /// Entries of the last row of the inverse: the next will have about as many.
    last_row: usize,
    /// Of which `Factor::new` these are, so that changes can be taken back.
    generation: u64,
    /// What the changes have cost since the factors were made, in entries.
    drag: usize,
    worth: usize,
    /// By number, zero between solves; which of it is not, by number and by place in the order.
    scratch: Vec<f64>,
    by_number: Marks,
    in_order: Marks,
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
        factor.number_of_row = vec![0u32; m];
        factor.number_of = vec![0u32; m];
        for k in 0..m {
            factor.number_of_row[factor.row_of[k] as usize] = k as u32;
            factor.number_of[factor.place_of[k] as usize] = k as u32;
        }
        factor.lower.index.iter_mut().for_each(|i| *i = factor.number_of_row[*i as usize]);
        factor.lower_by_row = factor.lower.turned(m);
        factor.columns = vec![Vec::new(); m];
        for (k, row) in factor.rows.iter_mut().enumerate() {
            for (j, v) in row {
                *j = factor.number_of[*j as usize];
                factor.columns[*j as usize].push((k as u32, *v));
            }
        }
        factor.order = (0..m as u32).collect();
        factor.position = (0..m as u32).collect();
        let entries: usize = columns.iter().map(Vec::len).sum();
        factor.worth = WORTH * (m + entries + factor.lower.index.len());
        factor.by_number.grow(m);
        factor.in_order.grow(m);
        Ok(factor)
    }

    /// Whether a column was replaced since the factors were made.
    pub fn is_changed(&self) -> bool {
        !self.changes.is_empty()
    }

    /// Whether the changes have cost more than new factors would.
    pub fn is_worn(&self) -> bool {
        self.changes.len() >= LEAST_CHANGES && self.drag > self.worth
    }

    /// Whether they will be worn soon.
    pub fn is_half_worn(&self) -> bool {
        self.drag > self.worth / 2
    }

    /// Solves `B x = b`: `b` by row on entry, `x` by basis position on return.
    pub fn forward(&mut self, vector: &mut Sparse) {
        if vector.len() * FULL > self.pivots.len() {
            self.forward_full(vector);
        } else {
            self.forward_lower(vector);
            self.forward_upper(vector);
        }
    }

    /// [`Factor::forward`] for the column that will [`Factor::replace`] another.
    pub fn forward_entering(&mut self, vector: &mut Sparse) {
        self.forward_lower(vector);
        self.spike.clear();
        for at in self.in_order.iter() {
            let k = self.order[at];
            let v = self.scratch[k as usize];
            if v.abs() > ZERO {
                self.spike.push((k, v));
            }
        }
        self.forward_upper(vector);
    }

    fn forward_lower(&mut self, vector: &mut Sparse) {
        let (z, by_number, in_order) = (&mut self.scratch, &mut self.by_number, &mut self.in_order);
        for (row, v) in vector.drain() {
            let k = self.number_of_row[row] as usize;
            z[k] = v;
            by_number.insert(k);
        }
        let mut word = 0;
        while let Some(k) = by_number.take_up(&mut word) {
            let t = z[k];
            if t.abs() <= ZERO {
                z[k] = 0.0;
                continue;
            }
            in_order.insert(self.position[k] as usize);
            for (i, l) in self.lower.of(k) {
                z[i] -= l * t;
                by_number.insert(i);
            }
        }
        for change in &self.changes {
            let sum: f64 = change.clears.iter().map(|&(i, r)| r * z[i as usize]).sum();
            if sum != 0.0 {
                z[change.pivot as usize] += sum;
                in_order.insert(self.position[change.pivot as usize] as usize);
            }
        }
        self.drag += self.change_entries;
    }

    fn forward_upper(&mut self, vector: &mut Sparse) {
        let (z, in_order) = (&mut self.scratch, &mut self.in_order);
        let mut words = in_order.end();
        while let Some(at) = in_order.take_down(&mut words) {
            let k = self.order[at] as usize;
            let v = std::mem::take(&mut z[k]);
            if v.abs() <= ZERO {
                continue;
            }
            let t = v / self.pivots[k];
            vector.add(self.place_of[k] as usize, t);
            for &(i, u) in &self.columns[k] {
                z[i as usize] -= u * t;
                in_order.insert(self.position[i as usize] as usize);
            }
        }
    }

    /// Solves `B' y = c`: `c` by basis position on entry, `y` by row on return.
    pub fn backward(&mut self, vector: &mut Sparse) {
        if vector.len() * FULL > self.pivots.len() {
            self.backward_full(vector, false);
        } else {
            self.backward_upper(vector);
            self.backward_lower(vector);
        }
    }

    /// [`Factor::backward`] for the position in which a column will be replaced.
    pub fn backward_leaving(&mut self, vector: &mut Sparse) {
        self.row.clear();
        if self.last_row * FULL > self.pivots.len() {
            self.backward_full(vector, true);
        } else {
            self.backward_upper(vector);
            let z = &self.scratch;
            self.row.extend(self.by_number.iter().map(|k| (k as u32, z[k])));
            self.backward_lower(vector);
        }
        self.last_row = vector.len();
    }

    fn backward_upper(&mut self, vector: &mut Sparse) {
        let (z, by_number, in_order) = (&mut self.scratch, &mut self.by_number, &mut self.in_order);
        for (place, v) in vector.drain() {
            let k = self.number_of[place] as usize;
            z[k] = v;
            in_order.insert(self.position[k] as usize);
        }
        let mut word = 0;
        while let Some(at) = in_order.take_up(&mut word) {
            let k = self.order[at] as usize;
            if z[k].abs() <= ZERO {
                z[k] = 0.0;
                continue;
            }
            let t = z[k] / self.pivots[k];
            z[k] = t;
            by_number.insert(k);
            for &(j, u) in &self.rows[k] {
                z[j as usize] -= u * t;
                in_order.insert(self.position[j as usize] as usize);
            }
        }
    }

    fn backward_lower(&mut self, vector: &mut Sparse) {
        let (z, by_number) = (&mut self.scratch, &mut self.by_number);
        for change in self.changes.iter().rev() {
            let t = z[change.pivot as usize];
            if t.abs() > ZERO {
                for &(i, r) in &change.clears {
                    z[i as usize] += r * t;
                    by_number.insert(i as usize);
                }
            }
        }
        let mut words = by_number.end();
        while let Some(k) = by_number.take_down(&mut words) {
            let t = std::mem::take(&mut z[k]);
            if t.abs() <= ZERO {
                continue;
            }
            vector.add(self.row_of[k] as usize, t);
            for (i, l) in self.lower_by_row.of(k) {
                z[i] -= l * t;
                by_number.insert(i);
            }
        }
    }
}
