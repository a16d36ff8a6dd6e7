//! Bounds that change, and bases to come back to.

use super::{Place, Simplex};

/// A basis, to be restored later; rows added since are slack in it.
#[derive(Debug, Clone)]
pub(in crate::bound) struct Saved {
    place: Vec<Place>,
    basis: Vec<u32>,
    weights: Vec<f32>,
}

/// A basis with its values, to come back to soon.
#[derive(Debug)]
pub(in crate::bound) struct Mark {
    place: Vec<Place>,
    basis: Vec<u32>,
    weights: Vec<f64>,
    values: Vec<f64>,
    reduced: Vec<f64>,
    /// Which factors they were, and how many steps on.
    factors: (u64, usize),
}

impl Simplex {
    /// A column's smallest and largest value from now on.
    pub fn bound(&mut self, column: u32, low: f64, high: f64) {
        let j = column as usize;
        self.low[j] = low;
        self.high[j] = high;
        if !matches!(self.place[j], Place::Basic(_)) {
            self.fresh = false;
        }
    }

    /// Why the last solve ended infeasible: the row of the inverse that no column could mend, and by
    /// how much it is missed.
    pub fn ray(&mut self) -> Option<(Vec<f64>, f64)> {
        let (position, excess) = self.unmendable?;
        Some((self.inverse_row(position), excess))
    }

    pub fn save(&self) -> Saved {
        let weights = self.weights.iter().map(|&w| w as f32).collect();
        Saved { place: self.place.clone(), basis: self.basis.clone(), weights }
    }

    pub fn restore(&mut self, saved: &Saved) {
        self.forgive();
        self.put(&saved.place);
        self.basis.clone_from(&saved.basis);
        self.weights.clear();
        self.weights.extend(saved.weights.iter().map(|&w| f64::from(w)));
        self.weights.resize(self.rows(), 1.0);
        for i in saved.basis.len()..self.rows() {
            self.place.push(Place::Basic(i as u32));
            self.basis.push((self.columns + i) as u32);
        }
        self.fresh = false;
    }

    /// The present basis, of factors that last for a while: else each way back would make them anew.
    pub fn mark(&mut self) -> Mark {
        if !self.fresh || self.factor.is_half_worn() {
            self.refactor();
        }
        Mark {
            place: self.place.clone(),
            basis: self.basis.clone(),
            weights: self.weights.clone(),
            values: self.values.clone(),
            reduced: self.reduced.clone(),
            factors: self.factor.state(),
        }
    }

    /// Back to the mark. Rows and bounds must be those of then.
    pub fn back(&mut self, mark: &Mark) {
        self.put(&mark.place);
        self.basis.clone_from(&mark.basis);
        self.weights.clone_from(&mark.weights);
        self.values.clone_from(&mark.values);
        self.reduced.clone_from(&mark.reduced);
        self.fresh = self.factor.back_to(mark.factors);
        if !self.fresh {
            self.forgive();
        }
    }

    /// Takes back what logicals were made to cost on the way to another basis.
    fn forgive(&mut self) {
        self.shaken[self.columns..].fill(0.0);
    }
}
