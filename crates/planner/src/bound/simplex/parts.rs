//! Each row in two parts: the columns outside the basis, which a pivot row is made of, and the others.

use super::{Place, Simplex};

impl Simplex {
    pub(super) fn is_basic(&self, j: usize) -> bool {
        matches!(self.place[j], Place::Basic(_))
    }

    /// Puts a row's columns outside the basis first.
    pub(super) fn part(&mut self, row: usize) {
        let terms = &mut self.by_row[row];
        let mut outside = 0;
        for n in 0..terms.len() {
            if !matches!(self.place[terms[n].0 as usize], Place::Basic(_)) {
                terms.swap(n, outside);
                outside += 1;
            }
        }
        self.outside[row] = outside;
    }

    pub(super) fn part_all(&mut self) {
        (0..self.rows()).for_each(|row| self.part(row));
    }

    /// A column has come into the basis, or gone out of it.
    pub(super) fn part_column(&mut self, j: usize) {
        let Some(column) = self.by_column.get(j) else { return };
        let basic = self.is_basic(j);
        for &(row, _) in column {
            let (terms, outside) =
                (&mut self.by_row[row as usize], &mut self.outside[row as usize]);
            let (from, to) = if basic { (0, *outside) } else { (*outside, terms.len()) };
            let Some(n) = terms[from..to].iter().position(|term| term.0 as usize == j) else {
                continue;
            };
            if basic {
                *outside -= 1;
                terms.swap(from + n, *outside);
            } else {
                terms.swap(from + n, *outside);
                *outside += 1;
            }
        }
    }

    /// Every variable in this place.
    pub(super) fn put(&mut self, places: &[Place]) {
        let before = std::mem::replace(&mut self.place, places.to_vec());
        for (j, before) in before.iter().enumerate().take(self.columns) {
            if matches!(before, Place::Basic(_)) != self.is_basic(j) {
                self.part_column(j);
            }
        }
    }
}
