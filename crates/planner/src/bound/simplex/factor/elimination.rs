//! Which pivots in which order: Markowitz's rule with threshold pivoting.

use super::Factor;

/// Pivots smaller than this share of their column's largest entry are passed over.
const THRESHOLD: f64 = 0.1;
/// A pivot must be at least this.
const LEAST_PIVOT: f64 = 1e-9;

/// The part of the matrix that has no pivot yet.
pub(super) struct Elimination {
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
    pub(super) fn new(columns: &[Vec<(u32, f64)>]) -> Self {
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

    pub(super) fn next_pivot(&mut self) -> Option<(u32, u32)> {
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

    pub(super) fn eliminate(&mut self, row: u32, place: u32, factor: &mut Factor) {
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
        for &(q, _) in &pivot_row {
            if self.places[q as usize].len() == 1 {
                self.single_places.push(q);
            } else if !self.by_count.is_empty() {
                self.note(q);
            }
        }
        factor.rows.push(pivot_row);
    }

    /// Places without a pivot, each with a row without one.
    pub(super) fn missing(&self) -> Vec<(usize, usize)> {
        let places = (0..self.place_done.len()).filter(|&p| !self.place_done[p]);
        places.zip((0..self.row_done.len()).filter(|&i| !self.row_done[i])).collect()
    }
}
