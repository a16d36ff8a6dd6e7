//! A dual simplex for programs whose columns are all bounded, warm after every added row.
//!
//! Every column has a smallest and a largest value, so every basis can be made dual feasible by
//! choosing sides, and there is no first phase. Rows are added (cuts) without losing that. Dual steepest
//! edge (Forrest and Goldfarb, Mathematical Programming 1992), long steps through the bounds of boxed columns (Maros, 2003), costs shaken a little against
//! degeneracy. Everything here is floating point and proves nothing: the proof is in `program.rs`.

mod basis;
mod factor;
mod parts;
mod pivots;
mod rows;
mod saved;
mod sparse;

use factor::Factor;
pub(super) use saved::Saved;
use sparse::{Marks, Sparse};

/// How a solve ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Optimal,
    /// No point satisfies the rows, as far as the arithmetic can tell.
    Infeasible,
    /// Time, or the arithmetic, ran out: the duals still prove something.
    Stopped,
    /// After as many pivots as were allowed: it may go on.
    Paused,
    /// It costs more than is asked about; it may go on.
    Above,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Low,
    High,
    /// Position in the basis.
    Basic(u32),
}

/// `A x + s = limit`; `s` of a `<=` row is free upwards. Minimises `cost · x`.
///
/// Variables are numbered columns first, then one logical for each row.
#[derive(Debug, Clone)]
pub(super) struct Simplex {
    columns: usize,
    by_column: Vec<Vec<(u32, f64)>>,
    /// Columns outside the basis first: so many of each row are in `outside`.
    by_row: Vec<Vec<(u32, f64)>>,
    outside: Vec<usize>,
    limits: Vec<f64>,
    cost: Vec<f64>,
    /// Costs with a little noise.
    shaken: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
    place: Vec<Place>,
    basis: Vec<u32>,
    /// Values of the basic variables, by position.
    values: Vec<f64>,
    /// Reduced costs, of every variable.
    reduced: Vec<f64>,
    /// Squared lengths of the rows of the inverse, by position.
    weights: Vec<f64>,
    factor: Factor,
    /// Whether factors, values and reduced costs are those of the basis and the bounds.
    fresh: bool,
    /// Position in the basis and excess of what no column could mend, after an infeasible end.
    unmendable: Option<(usize, f64)>,
    /// Positions whose values miss their bounds while it is solved, and by how much, squared.
    missing: Marks,
    missed: Vec<f64>,
    /// A solve ends when the point costs more.
    ceiling: f64,
}

/// A row to be: column and coefficient, limit, and whether it is an equality.
pub(super) struct NewRow {
    pub terms: Vec<(u32, f64)>,
    pub limit: f64,
    pub equal: bool,
}

impl Simplex {
    pub fn new(cost: Vec<f64>, most: Vec<f64>, rows: impl Iterator<Item = NewRow>) -> Self {
        let columns = cost.len();
        let mut noise = 0x9E37_79B9_7F4A_7C15_u64;
        let shaken = (cost.iter())
            .map(|c| {
                noise ^= noise << 13;
                noise ^= noise >> 7;
                noise ^= noise << 17;
                let share = 0.5 + (noise >> 40) as f64 / (1u64 << 25) as f64;
                c + share * (1e-3 + 2e-7 * c.abs())
            })
            .collect();
        let mut simplex = Self {
            columns,
            by_column: vec![Vec::new(); columns],
            by_row: Vec::new(),
            outside: Vec::new(),
            limits: Vec::new(),
            cost,
            shaken,
            low: vec![0.0; columns],
            high: most,
            place: vec![Place::Low; columns],
            basis: Vec::new(),
            values: Vec::new(),
            reduced: vec![0.0; columns],
            weights: Vec::new(),
            factor: Factor::default(),
            fresh: false,
            unmendable: None,
            missing: Marks::default(),
            missed: Vec::new(),
            ceiling: f64::INFINITY,
        };
        simplex.add(rows);
        simplex
    }

    fn rows(&self) -> usize {
        self.by_row.len()
    }

    /// Values of all columns.
    pub fn point(&self) -> Vec<f64> {
        (0..self.columns)
            .map(|j| match self.place[j] {
                Place::Low => self.low[j],
                Place::High => self.high[j],
                Place::Basic(r) => self.values[r as usize],
            })
            .collect()
    }

    /// Positions in the basis and the columns there.
    pub fn basic_columns(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let all = self.basis.iter().enumerate().map(|(r, &j)| (r, j as usize));
        all.filter(|&(_, j)| j < self.columns)
    }

    /// Whether the logical of a row is in the basis: the row holds nothing back.
    fn is_slack(&self, row: usize) -> bool {
        matches!(self.place[self.columns + row], Place::Basic(_))
    }

    /// Row `position` of the inverse of the basis, by row of the program.
    pub fn inverse_row(&mut self, position: usize) -> Vec<f64> {
        let mut rho = Sparse::new(self.rows());
        rho.add(position, 1.0);
        self.factor.backward(&mut rho);
        rho.into_values()
    }

    /// Dual values in the sense of `Program::dual_bound`: prices of the rows, positive where more
    /// room would help. Of the true costs, not the shaken ones.
    pub fn duals(&mut self) -> Vec<f64> {
        let cost = |&j: &u32| self.cost.get(j as usize).copied().unwrap_or(0.0);
        let mut y = Sparse::of(self.basis.iter().map(cost).collect());
        self.factor.backward(&mut y);
        y.into_values().into_iter().map(|y| -y).collect()
    }

    /// What the point costs: where the basis is dual feasible, a bound.
    pub fn value(&self) -> f64 {
        self.point().iter().zip(&self.cost).map(|(x, c)| x * c).sum()
    }

    /// From now on a solve ends soon after the point costs more than this.
    pub fn stop_above(&mut self, ceiling: f64) {
        self.ceiling = ceiling;
    }

    /// Adds `by` times the variable's column.
    fn load(&self, j: usize, by: f64, to: &mut Sparse) {
        match j.checked_sub(self.columns) {
            Some(i) => to.add(i, by),
            None => self.by_column[j].iter().for_each(|&(i, a)| to.add(i as usize, by * a)),
        }
    }
}

#[cfg(test)]
mod tests;
