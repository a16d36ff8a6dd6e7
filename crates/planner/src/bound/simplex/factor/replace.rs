//! One column of the basis replaced, and put back.

use super::{Entries, Factor, GONE};

/// A column that was replaced, and what it was.
#[derive(Debug, Clone)]
pub(super) struct Change {
    /// The pivot's number.
    pub pivot: u32,
    /// Multiples of other rows of `U` that clear the pivot's row.
    pub clears: Entries,
    value: f64,
    row: Entries,
    column: Entries,
    position: u32,
    /// The changes' cost until then.
    drag: usize,
}

impl Factor {
    /// The column at basis position `at` becomes the one last solved for by `forward_entering`; the
    /// last `backward_leaving` must have been for this position.
    pub fn replace(&mut self, at: usize) {
        let pivot = self.number_of[at];
        let p = pivot as usize;
        let value = self.pivots[p];
        let clears: Entries =
            (self.row.iter()).filter(|(i, _)| *i != pivot).map(|&(i, r)| (i, r * value)).collect();
        let (row, column) = self.take_out(pivot);
        let mut new_value = 0.0;
        for &(i, r) in &clears {
            self.scratch[i as usize] = r;
        }
        for &(i, v) in &self.spike {
            if i == pivot {
                new_value += v;
            } else {
                new_value += self.scratch[i as usize] * v;
                self.columns[p].push((i, v));
                self.rows[i as usize].push((pivot, v));
            }
        }
        clears.iter().for_each(|&(i, _)| self.scratch[i as usize] = 0.0);
        self.pivots[p] = new_value;
        let position = self.position[p];
        self.order[position as usize] = GONE;
        self.position[p] = self.order.len() as u32;
        self.order.push(pivot);
        self.in_order.grow(self.order.len());
        self.change_entries += clears.len() + self.columns[p].len();
        self.changes.push(Change { pivot, clears, value, row, column, position, drag: self.drag });
    }

    /// Row and column of a pivot, out of `U`.
    fn take_out(&mut self, pivot: u32) -> (Entries, Entries) {
        let row = std::mem::take(&mut self.rows[pivot as usize]);
        let column = std::mem::take(&mut self.columns[pivot as usize]);
        let without = |list: &mut Entries| {
            if let Some(n) = list.iter().position(|e| e.0 == pivot) {
                list.swap_remove(n);
            }
        };
        row.iter().for_each(|&(j, _)| without(&mut self.columns[j as usize]));
        column.iter().for_each(|&(i, _)| without(&mut self.rows[i as usize]));
        (row, column)
    }

    /// To be given to [`Factor::back_to`].
    pub fn state(&self) -> (u64, usize) {
        (self.generation, self.changes.len())
    }

    /// Takes the changes since then back; `false` when the factors were made anew since.
    pub fn back_to(&mut self, (generation, changes): (u64, usize)) -> bool {
        if generation != self.generation {
            return false;
        }
        while self.changes.len() > changes {
            let Some(change) = self.changes.pop() else { break };
            let (_, spike) = self.take_out(change.pivot);
            self.change_entries -= change.clears.len() + spike.len();
            let p = change.pivot as usize;
            for &(j, v) in &change.row {
                self.columns[j as usize].push((change.pivot, v));
            }
            for &(i, v) in &change.column {
                self.rows[i as usize].push((change.pivot, v));
            }
            (self.rows[p], self.columns[p]) = (change.row, change.column);
            self.pivots[p] = change.value;
            self.drag = change.drag;
            self.order.pop();
            self.order[change.position as usize] = change.pivot;
            self.position[p] = change.position;
        }
        true
    }
}
