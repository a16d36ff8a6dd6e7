//! A dual simplex for programs whose columns are all bounded, warm after every added row.
//!
//! Every column has a smallest and a largest value, so every basis can be made dual feasible by
//! choosing sides, and there is no first phase. Rows are added (cuts) without losing that. Dual steepest edge (Forrest and Goldfarb, Mathematical Programming 1992),
//! long steps through the bounds of boxed columns (Maros, 2003), costs shaken a little against
//! degeneracy. Everything here is floating point and proves nothing: the proof is in `program.rs`.

mod factor;

use super::watch::Deadline;
use factor::Factor;

/// Values may miss their bounds by this much.
const PRIMAL: f64 = 1e-7;
/// Reduced costs may be wrong by this much.
const DUAL: f64 = 1e-7;
/// Entries of the pivot row smaller than this are nothing.
const SMALL: f64 = 1e-8;
/// A pivot smaller than this is not trusted without new factors.
const PIVOT: f64 = 1e-6;
/// New factors after so many pivots, or so many entries per row.
const MOST_STEPS: usize = 100;
const MOST_ENTRIES: usize = 20;
/// Pivots between looks at the clock.
const LOOK: usize = 32;

/// How a solve ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Optimal,
    /// No point satisfies the rows, as far as the arithmetic can tell.
    Infeasible,
    /// Time, or the arithmetic, ran out: the duals still prove something.
    Stopped,
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
    by_row: Vec<Vec<(u32, f64)>>,
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
    /// Columns met while a row is put together.
    seen: Vec<bool>,
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
            seen: vec![false; columns],
        };
        simplex.add(rows);
        simplex
    }

    /// Adds rows; the basis stays and grows by their logicals.
    pub fn add(&mut self, rows: impl Iterator<Item = NewRow>) {
        for row in rows {
            let i = self.by_row.len() as u32;
            for &(j, a) in &row.terms {
                self.by_column[j as usize].push((i, a));
            }
            self.by_row.push(row.terms);
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
        let mut rho = vec![0.0; self.rows()];
        rho[position] = 1.0;
        self.factor.backward(&mut rho);
        rho
    }

    /// Dual values in the sense of `Program::dual_bound`: prices of the rows, positive where more
    /// room would help. Of the true costs, not the shaken ones.
    pub fn duals(&mut self) -> Vec<f64> {
        let mut y: Vec<f64> =
            self.basis.iter().map(|&j| self.cost.get(j as usize).copied().unwrap_or(0.0)).collect();
        self.factor.backward(&mut y);
        y.iter_mut().for_each(|y| *y = -*y);
        y
    }

    /// Drops the rows for which `keep` says no and whose logical is basic.
    pub fn retain_rows(&mut self, keep: impl Fn(usize) -> bool) -> Vec<bool> {
        let kept: Vec<bool> = (0..self.rows()).map(|i| keep(i) || !self.is_slack(i)).collect();
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

    /// Solves until optimal or `until`.
    pub fn solve(&mut self, until: Deadline) -> End {
        if !self.refactor() {
            return End::Stopped;
        }
        let mut column = vec![0.0; self.rows()];
        let mut entries = vec![0.0; self.columns];
        let mut refused = 0;
        for count in 1.. {
            if count % LOOK == 0 && until.passed() {
                return End::Stopped;
            }
            let (steps, size) = self.factor.age();
            if (steps >= MOST_STEPS || size > MOST_ENTRIES * self.rows()) && !self.refactor() {
                return End::Stopped;
            }
            let Some((r, excess)) = self.leaving() else { return End::Optimal };
            let rho = self.inverse_row(r);
            let touched = self.pivot_row(&rho, &mut entries);
            let chosen = self.entering(excess, &touched, &entries, &rho);
            let Some((q, flips)) = chosen else {
                clear(&mut entries, &touched);
                if self.factor.age().0 > 0 {
                    if !self.refactor() {
                        return End::Stopped;
                    }
                    continue;
                }
                return End::Infeasible;
            };
            column.fill(0.0);
            self.load(q, 1.0, &mut column);
            self.factor.forward(&mut column);
            let pivot = column[r];
            let by_row = if q < self.columns { entries[q] } else { rho[q - self.columns] };
            if (pivot - by_row).abs() > 1e-5 * (1.0 + pivot.abs()) || pivot.abs() < PIVOT {
                clear(&mut entries, &touched);
                if self.factor.age().0 > 0 {
                    if !self.refactor() {
                        return End::Stopped;
                    }
                } else {
                    // Nothing better is to be had from this row now.
                    refused += 1;
                    self.weights[r] *= 1e6;
                    if refused > 50 {
                        return End::Stopped;
                    }
                }
                continue;
            }
            self.flip(&flips);
            self.pivot((r, excess), q, &column, &rho, &touched, &entries);
            clear(&mut entries, &touched);
        }
        End::Stopped
    }

    /// The position whose value misses its bounds most, for its weight, and by how much.
    fn leaving(&self) -> Option<(usize, f64)> {
        let mut best = None;
        let mut most = 0.0;
        for (r, &j) in self.basis.iter().enumerate() {
            let (x, j) = (self.values[r], j as usize);
            let excess = if x < self.low[j] - PRIMAL {
                x - self.low[j]
            } else if x > self.high[j] + PRIMAL {
                x - self.high[j]
            } else {
                continue;
            };
            let merit = excess * excess / self.weights[r];
            if merit > most {
                most = merit;
                best = Some((r, excess));
            }
        }
        best
    }

    /// `rho · A` into `entries`; the columns it touches.
    fn pivot_row(&mut self, rho: &[f64], entries: &mut [f64]) -> Vec<u32> {
        let mut touched = Vec::new();
        for (i, &p) in rho.iter().enumerate() {
            if p.abs() < 1e-14 {
                continue;
            }
            for &(j, a) in &self.by_row[i] {
                if !self.seen[j as usize] {
                    self.seen[j as usize] = true;
                    touched.push(j);
                }
                entries[j as usize] += p * a;
            }
        }
        touched.iter().for_each(|&j| self.seen[j as usize] = false);
        touched
    }

    /// The column or logical that enters, and the boxed ones that change sides on the way.
    fn entering(
        &self,
        excess: f64,
        touched: &[u32],
        entries: &[f64],
        rho: &[f64],
    ) -> Option<(usize, Vec<usize>)> {
        let sign = excess.signum();
        let mut turns: Vec<(f64, f64, u32)> = Vec::new();
        let mut consider = |j: usize, entry: f64| {
            let entry = entry * sign;
            let blocks = match self.place[j] {
                Place::Low => entry > SMALL,
                Place::High => entry < -SMALL,
                Place::Basic(_) => false,
            };
            if blocks && self.high[j] > self.low[j] {
                turns.push((self.reduced[j] / entry, entry.abs(), j as u32));
            }
        };
        for &j in touched {
            consider(j as usize, entries[j as usize]);
        }
        for (i, &p) in rho.iter().enumerate() {
            if p != 0.0 {
                consider(self.columns + i, p);
            }
        }
        if turns.is_empty() {
            return None;
        }
        turns.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let range = |j: u32| self.high[j as usize] - self.low[j as usize];
        let mut slope = excess.abs();
        let mut at = 0;
        while at < turns.len() {
            let (_, entry, j) = turns[at];
            slope -= entry * range(j);
            if slope < 0.0 {
                break;
            }
            at += 1;
        }
        if at == turns.len() {
            // All of them at their other side still leave the row short.
            return None;
        }
        // Of those that may come first without another's reduced cost going wrong by more than the
        // tolerance, the largest pivot (Harris).
        let reach = (turns[at..].iter())
            .map(|&(ratio, entry, _)| ratio.max(0.0) + DUAL / entry)
            .fold(f64::INFINITY, f64::min);
        let mut best = at;
        for n in at..turns.len() {
            if turns[n].0 > reach {
                break;
            }
            if turns[n].1 > turns[best].1 {
                best = n;
            }
        }
        let mut n = at;
        while n > 0 && turns[best].1 < 1e-3 {
            n -= 1;
            if turns[n].1 > turns[best].1 * 100.0 {
                best = n;
            }
        }
        let flips = turns[..best.min(at)].iter().map(|t| t.2 as usize).collect();
        Some((turns[best].2 as usize, flips))
    }

    fn flip(&mut self, flips: &[usize]) {
        if flips.is_empty() {
            return;
        }
        let mut change = vec![0.0; self.rows()];
        for &j in flips {
            let range = self.high[j] - self.low[j];
            let (to, by) = match self.place[j] {
                Place::Low => (Place::High, range),
                _ => (Place::Low, -range),
            };
            self.place[j] = to;
            self.load(j, by, &mut change);
        }
        self.factor.forward(&mut change);
        self.values.iter_mut().zip(&change).for_each(|(x, c)| *x -= c);
    }

    fn pivot(
        &mut self,
        (r, excess): (usize, f64),
        q: usize,
        column: &[f64],
        rho: &[f64],
        touched: &[u32],
        entries: &[f64],
    ) {
        let out = self.basis[r] as usize;
        let step = self.reduced[q] / column[r];
        for &j in touched {
            self.reduced[j as usize] -= step * entries[j as usize];
        }
        for (i, &p) in rho.iter().enumerate() {
            if p != 0.0 {
                self.reduced[self.columns + i] -= step * p;
            }
        }
        self.reduced[q] = 0.0;
        self.reduced[out] = -step;
        let bound = if excess < 0.0 { self.low[out] } else { self.high[out] };
        let by = (self.values[r] - bound) / column[r];
        let start = match self.place[q] {
            Place::High => self.high[q],
            _ => self.low[q],
        };
        // Steepest edge needs one more solve.
        let mut tau = rho.to_vec();
        self.factor.forward(&mut tau);
        let weight: f64 = rho.iter().map(|p| p * p).sum::<f64>().max(1e-12);
        for (i, &a) in column.iter().enumerate() {
            if a != 0.0 && i != r {
                self.values[i] -= by * a;
                let k = a / column[r];
                let w = self.weights[i] - 2.0 * k * tau[i] + k * k * weight;
                self.weights[i] = w.max(1e-4);
            }
        }
        self.weights[r] = (weight / (column[r] * column[r])).max(1e-4);
        self.values[r] = start + by;
        self.place[out] = if bound == self.low[out] { Place::Low } else { Place::High };
        self.place[q] = Place::Basic(r as u32);
        self.basis[r] = q as u32;
        self.factor.replace(r, column);
    }

    /// Adds `by` times the variable's column.
    fn load(&self, j: usize, by: f64, to: &mut [f64]) {
        match j.checked_sub(self.columns) {
            Some(i) => to[i] += by,
            None => self.by_column[j].iter().for_each(|&(i, a)| to[i as usize] += by * a),
        }
    }

    /// New factors, values and reduced costs; `false` when the basis cannot be repaired.
    fn refactor(&mut self) -> bool {
        for _ in 0..3 {
            let columns: Vec<Vec<(u32, f64)>> = (self.basis.iter())
                .map(|&j| match (j as usize).checked_sub(self.columns) {
                    Some(i) => vec![(i as u32, 1.0)],
                    None => self.by_column[j as usize].clone(),
                })
                .collect();
            match Factor::new(&columns) {
                Ok(factor) => {
                    self.factor = factor;
                    self.recompute();
                    return true;
                }
                Err(missing) => {
                    for (position, row) in missing {
                        let out = self.basis[position] as usize;
                        self.place[out] = Place::Low;
                        let logical = self.columns + row;
                        self.basis[position] = logical as u32;
                        self.place[logical] = Place::Basic(position as u32);
                    }
                    self.weights.fill(1.0);
                }
            }
        }
        false
    }

    fn recompute(&mut self) {
        let mut y: Vec<f64> = self.basis.iter().map(|&j| self.shaken[j as usize]).collect();
        self.factor.backward(&mut y);
        self.reduced.clone_from(&self.shaken);
        for (i, &y) in y.iter().enumerate() {
            if y != 0.0 {
                for &(j, a) in &self.by_row[i] {
                    self.reduced[j as usize] -= y * a;
                }
                self.reduced[self.columns + i] = -y;
            }
        }
        for &j in &self.basis {
            self.reduced[j as usize] = 0.0;
        }
        let mut x = self.limits.clone();
        for j in 0..self.place.len() {
            if matches!(self.place[j], Place::Basic(_)) {
                continue;
            }
            if self.reduced[j] < 0.0 && self.high[j].is_finite() {
                self.place[j] = Place::High;
            } else if self.reduced[j] > 0.0 {
                self.place[j] = Place::Low;
            } else if self.reduced[j] < 0.0 {
                // A logical on the wrong side by the arithmetic's error: pay for it in its cost.
                self.shaken[j] -= self.reduced[j];
                self.reduced[j] = 0.0;
            }
            let value = if self.place[j] == Place::High { self.high[j] } else { self.low[j] };
            if value != 0.0 {
                match j.checked_sub(self.columns) {
                    Some(i) => x[i] -= value,
                    None => self.by_column[j].iter().for_each(|&(i, a)| x[i as usize] -= a * value),
                }
            }
        }
        self.factor.forward(&mut x);
        self.values = x;
    }
}

fn clear(entries: &mut [f64], touched: &[u32]) {
    touched.iter().for_each(|&j| entries[j as usize] = 0.0);
}
