//! Rows that come and go while the basis stays.

use super::{NewRow, Place, Simplex};

impl Simplex {
    /// Adds rows; the basis stays and grows by their logicals.
    pub(in crate::bound) fn add(&mut self, rows: impl Iterator<Item = NewRow>) {
        self.fresh = false;
        for row in rows {
            let i = self.by_row.len() as u32;
            for &(j, a) in &row.terms {
                self.by_column[j as usize].push((i, a));
            }
            self.by_row.push(row.terms);
            self.outside.push(0);
            self.part(i as usize);
            self.limits.push(row.limit);
            self.low.push(0.0);
            self.high.push(if row.equal { 0.0 } else { f64::INFINITY });
            self.place.push(Place::Basic(self.basis.len() as u32));
            self.basis.push(self.columns as u32 + i);
            self.reduced.push(0.0);
            self.shaken.push(0.0);
            self.weights.push(1.0);
            self.values.push(0.0);
        }
    }

    /// Drops the rows for which `keep` says no and whose logical is basic.
    pub(in crate::bound) fn retain_rows(&mut self, keep: impl Fn(usize) -> bool) -> Vec<bool> {
        let kept: Vec<bool> = (0..self.rows()).map(|i| keep(i) || !self.is_slack(i)).collect();
        self.fresh = false;
        let mut new_number = vec![u32::MAX; self.rows()];
        let mut next = 0;
        for (i, &stays) in kept.iter().enumerate() {
            if stays {
                new_number[i] = next;
                next += 1;
            }
        }
        let gone = |j: usize| j >= self.columns && !kept[j - self.columns];
        let columns = self.columns;
        let stays: Vec<bool> = self.basis.iter().map(|&j| !gone(j as usize)).collect();
        let mut flags = stays.iter();
        self.weights.retain(|_| *flags.next().unwrap_or(&true));
        let mut flags = stays.iter();
        self.values.retain(|_| *flags.next().unwrap_or(&true));
        self.basis = (self.basis.iter().zip(&stays))
            .filter(|(_, stays)| **stays)
            .map(|(&j, _)| match (j as usize).checked_sub(columns) {
                Some(i) => columns as u32 + new_number[i],
                None => j,
            })
            .collect();
        for column in &mut self.by_column {
            column.retain(|(i, _)| kept[*i as usize]);
            column.iter_mut().for_each(|(i, _)| *i = new_number[*i as usize]);
        }
        fn thin<T>(list: &mut Vec<T>, from: usize, kept: &[bool]) {
            let mut n = 0;
            list.retain(|_| {
                n += 1;
                n <= from || kept[n - 1 - from]
            });
        }
        thin(&mut self.by_row, 0, &kept);
        thin(&mut self.outside, 0, &kept);
        thin(&mut self.limits, 0, &kept);
        thin(&mut self.low, columns, &kept);
        thin(&mut self.high, columns, &kept);
        thin(&mut self.place, columns, &kept);
        thin(&mut self.reduced, columns, &kept);
        thin(&mut self.shaken, columns, &kept);
        for (r, &j) in self.basis.iter().enumerate() {
            self.place[j as usize] = Place::Basic(r as u32);
        }
        kept
    }
}
