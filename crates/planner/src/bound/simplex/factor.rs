//! A basis as sparse triangular factors, kept up to date pivot by pivot.
//!
//! Markowitz's rule with threshold pivoting makes the factors (Suhl and Suhl, ORSA Journal on
//! Computing 1990); a changed column is a product-form step on top of them until the next time.

/// Pivots smaller than this share of their column's largest entry are passed over.
const THRESHOLD: f64 = 0.1;
/// An entry below this is nothing.
const ZERO: f64 = 1e-12;
/// A pivot must be at least this.
const LEAST_PIVOT: f64 = 1e-9;

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
    scratch: Vec<f64>,
}

impl Factor {
    /// Factors the matrix whose columns are given as (row, value). Where a column depends on those
    /// before it, the answer is the list of (position, row) in which a logical must stand instead.
    pub fn new(columns: &[Vec<(u32, f64)>]) -> Result<Self, Vec<(usize, usize)>> {
        let m = columns.len();
        let mut work = Elimination::new(columns);
        let mut factor = Self { lower: Lists::new(), upper: Lists::new(), ..Self::default() };
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

/// The part of the matrix that has no pivot yet.
struct Elimination {
    /// By row: (place, value). By place: rows that may hold an entry.
    rows: Vec<Vec<(u32, f64)>>,
    places: Vec<Vec<u32>>,
    row_done: Vec<bool>,
    place_done: Vec<bool>,
    /// Rows and places with one entry left, perhaps.
    single_rows: Vec<u32>,
    single_places: Vec<u32>,
    /// Places by number of entries, perhaps out of date.
    by_count: Vec<Vec<u32>>,
    /// Where a place stands in the row being changed.
    mark: Vec<u32>,
}

impl Elimination {
    fn new(columns: &[Vec<(u32, f64)>]) -> Self {
        let m = columns.len();
        let (mut rows, mut places) = (vec![Vec::new(); m], vec![Vec::new(); m]);
        for (place, column) in columns.iter().enumerate() {
            for &(i, v) in column {
                rows[i as usize].push((place as u32, v));
                places[place].push(i);
            }
        }
        let single = |lists: &[usize]| -> Vec<u32> {
            (0..m as u32).filter(|&i| lists[i as usize] == 1).collect()
        };
        let row_sizes: Vec<usize> = rows.iter().map(Vec::len).collect();
        let place_sizes: Vec<usize> = places.iter().map(Vec::len).collect();
        Self {
            single_rows: single(&row_sizes),
            single_places: single(&place_sizes),
            rows,
            places,
            row_done: vec![false; m],
            place_done: vec![false; m],
            by_count: Vec::new(),
            mark: vec![u32::MAX; m],
        }
    }

    fn value(&self, row: u32, place: u32) -> f64 {
        let found = self.rows[row as usize].iter().find(|e| e.0 == place);
        found.map_or(0.0, |e| e.1)
    }

    fn next_pivot(&mut self) -> Option<(u32, u32)> {
        while let Some(place) = self.single_places.pop() {
            if self.place_done[place as usize] || self.places[place as usize].len() != 1 {
                continue;
            }
            let row = self.places[place as usize][0];
            if self.value(row, place).abs() >= LEAST_PIVOT {
                return Some((row, place));
            }
        }
        while let Some(row) = self.single_rows.pop() {
            if self.row_done[row as usize] || self.rows[row as usize].len() != 1 {
                continue;
            }
            let (place, v) = self.rows[row as usize][0];
            let largest = self.largest(place);
            if v.abs() >= LEAST_PIVOT && v.abs() >= 0.01 * largest {
                return Some((row, place));
            }
        }
        self.markowitz()
    }

    fn largest(&self, place: u32) -> f64 {
        let rows = &self.places[place as usize];
        rows.iter().map(|&i| self.value(i, place).abs()).fold(0.0, f64::max)
    }

    /// Among the shortest columns, the entry that fills in least.
    fn markowitz(&mut self) -> Option<(u32, u32)> {
        if self.by_count.is_empty() {
            for place in 0..self.places.len() {
                if !self.place_done[place] {
                    self.note(place as u32);
                }
            }
        }
        let mut best: Option<(usize, f64, u32, u32)> = None;
        let mut looked = 0;
        for count in 1..self.by_count.len() {
            let mut n = 0;
            while n < self.by_count[count].len() {
                let place = self.by_count[count][n];
                if self.place_done[place as usize] || self.places[place as usize].len() != count {
                    self.by_count[count].swap_remove(n);
                    continue;
                }
                n += 1;
                let largest = self.largest(place);
                if largest < LEAST_PIVOT {
                    continue;
                }
                for &row in &self.places[place as usize] {
                    let v = self.value(row, place).abs();
                    if v < THRESHOLD * largest {
                        continue;
                    }
                    let fill = (self.rows[row as usize].len() - 1) * (count - 1);
                    if best.is_none_or(|(f, size, ..)| fill < f || (fill == f && v > size)) {
                        best = Some((fill, v, row, place));
                    }
                }
                looked += 1;
                let enough = best.is_some_and(|(f, ..)| f <= (count - 1) * (count - 1));
                if enough || (looked >= 6 && best.is_some()) {
                    return best.map(|(_, _, row, place)| (row, place));
                }
            }
        }
        best.map(|(_, _, row, place)| (row, place))
    }

    fn note(&mut self, place: u32) {
        let count = self.places[place as usize].len();
        if self.by_count.len() <= count {
            self.by_count.resize(count + 1, Vec::new());
        }
        self.by_count[count].push(place);
    }

    fn eliminate(&mut self, row: u32, place: u32, factor: &mut Factor) {
        let mut pivot_row = std::mem::take(&mut self.rows[row as usize]);
        let pivot = pivot_row.iter().find(|e| e.0 == place).map_or(0.0, |e| e.1);
        pivot_row.retain(|e| e.0 != place);
        let below = std::mem::take(&mut self.places[place as usize]);
        self.row_done[row as usize] = true;
        self.place_done[place as usize] = true;
        for &(q, _) in &pivot_row {
            self.places[q as usize].retain(|&i| i != row);
        }
        for &i in below.iter().filter(|&&i| i != row) {
            let entries = &mut self.rows[i as usize];
            let Some(n) = entries.iter().position(|e| e.0 == place) else { continue };
            let multiplier = entries.swap_remove(n).1 / pivot;
            factor.lower.push(i, multiplier);
            for (n, e) in entries.iter().enumerate() {
                self.mark[e.0 as usize] = n as u32;
            }
            for &(q, v) in &pivot_row {
                let n = self.mark[q as usize];
                if n == u32::MAX {
                    entries.push((q, -multiplier * v));
                    self.places[q as usize].push(i);
                } else {
                    entries[n as usize].1 -= multiplier * v;
                }
            }
            for e in entries.iter() {
                self.mark[e.0 as usize] = u32::MAX;
            }
            if entries.len() == 1 {
                self.single_rows.push(i);
            }
        }
        factor.row_of.push(row);
        factor.place_of.push(place);
        factor.pivots.push(pivot);
        factor.lower.close();
        for &(q, v) in &pivot_row {
            factor.upper.push(q, v);
            if self.places[q as usize].len() == 1 {
                self.single_places.push(q);
            } else if !self.by_count.is_empty() {
                self.note(q);
            }
        }
        factor.upper.close();
    }

    /// Places without a pivot, each with a row without one.
    fn missing(&self) -> Vec<(usize, usize)> {
        let places = (0..self.place_done.len()).filter(|&p| !self.place_done[p]);
        places.zip((0..self.row_done.len()).filter(|&i| !self.row_done[i])).collect()
    }
}
