//! From one basis to the next, until none is better.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::super::watch::Deadline;
use super::sparse::Sparse;
use super::{End, Place, Simplex};

/// Values may miss their bounds by this much.
const PRIMAL: f64 = 1e-7;
/// Reduced costs may be wrong by this much.
const DUAL: f64 = 1e-7;
/// Entries of the pivot row smaller than this are nothing.
const SMALL: f64 = 1e-8;
/// A pivot smaller than this is not trusted without new factors.
const PIVOT: f64 = 1e-6;
/// Pivots between looks at the clock and at the cost.
const LOOK: usize = 32;

impl Simplex {
    /// Solves until optimal or `until`.
    pub(in crate::bound) fn solve(&mut self, until: Deadline) -> End {
        self.solve_within(until, usize::MAX)
    }

    /// [`Simplex::solve`], paused after `most` pivots.
    pub(in crate::bound) fn solve_within(&mut self, until: Deadline, most: usize) -> End {
        if !self.fresh && !self.refactor() {
            return End::Stopped;
        }
        self.survey();
        let mut work = Work::new(self.rows(), self.columns);
        let mut refused = 0;
        for count in 1.. {
            if count > most {
                return End::Paused;
            }
            if count % LOOK == 0 {
                if until.passed() {
                    return End::Stopped;
                }
                if self.ceiling.is_finite() && self.value() > self.ceiling {
                    return End::Above;
                }
            }
            if self.factor.is_worn() && !self.renew() {
                return End::Stopped;
            }
            let Some((r, excess)) = self.leaving() else { return End::Optimal };
            work.rho.clear();
            work.rho.add(r, 1.0);
            self.factor.backward_leaving(&mut work.rho);
            self.pivot_row(&mut work);
            let Some(q) = self.entering(excess, &mut work) else {
                if self.factor.is_changed() {
                    if !self.renew() {
                        return End::Stopped;
                    }
                    continue;
                }
                self.unmendable = Some((r, excess));
                return End::Infeasible;
            };
            work.column.clear();
            self.load(q, 1.0, &mut work.column);
            self.factor.forward_entering(&mut work.column);
            let pivot = work.column[r];
            let by_row =
                if q < self.columns { work.entries[q] } else { work.rho[q - self.columns] };
            if (pivot - by_row).abs() > 1e-5 * (1.0 + pivot.abs()) || pivot.abs() < PIVOT {
                if self.factor.is_changed() {
                    if !self.renew() {
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
            self.flip(&mut work);
            self.pivot((r, excess), q, &mut work);
        }
        End::Stopped
    }

    fn renew(&mut self) -> bool {
        let done = self.refactor();
        self.survey();
        done
    }

    /// Finds out anew which values miss their bounds.
    fn survey(&mut self) {
        self.missing.clear();
        self.missing.grow(self.rows());
        self.missed.resize(self.rows(), 0.0);
        (0..self.rows()).for_each(|r| self.look_at(r));
    }

    /// Whether a value misses its bounds, after it changed.
    fn look_at(&mut self, r: usize) {
        let excess = self.excess(r);
        if excess == 0.0 {
            self.missing.remove(r);
        } else {
            self.missing.insert(r);
            self.missed[r] = excess * excess;
        }
    }

    fn excess(&self, r: usize) -> f64 {
        let (x, j) = (self.values[r], self.basis[r] as usize);
        if x < self.low[j] - PRIMAL {
            x - self.low[j]
        } else if x > self.high[j] + PRIMAL {
            x - self.high[j]
        } else {
            0.0
        }
    }

    /// The position whose value misses its bounds most, for its weight, and by how much.
    fn leaving(&self) -> Option<(usize, f64)> {
        let mut best = None;
        let mut most = 0.0;
        for r in self.missing.iter() {
            if self.missed[r] > most * self.weights[r] {
                most = self.missed[r] / self.weights[r];
                best = Some(r);
            }
        }
        best.map(|r| (r, self.excess(r)))
    }

    /// `rho · A`, into `entries`.
    fn pivot_row(&self, work: &mut Work) {
        work.entries.clear();
        for (i, p) in work.rho.iter().filter(|(_, p)| p.abs() >= 1e-14) {
            for &(j, a) in &self.by_row[i][..self.outside[i]] {
                work.entries.add(j as usize, p * a);
            }
        }
    }

    /// The column or logical that enters; the boxed ones that change sides on the way, into `flips`.
    fn entering(&self, excess: f64, work: &mut Work) -> Option<usize> {
        let sign = excess.signum();
        let mut turns = std::mem::take(&mut work.turns);
        turns.clear();
        let mut consider = |j: usize, entry: f64| {
            let entry = entry * sign;
            let blocks = match self.place[j] {
                Place::Low => entry > SMALL,
                Place::High => entry < -SMALL,
                Place::Basic(_) => false,
            };
            if blocks && self.high[j] > self.low[j] {
                turns.push(Turn {
                    ratio: self.reduced[j] / entry,
                    entry: entry.abs(),
                    variable: j as u32,
                });
            }
        };
        work.entries.iter().for_each(|(j, entry)| consider(j, entry));
        work.rho.iter().for_each(|(i, p)| consider(self.columns + i, p));
        let mut later = BinaryHeap::from(turns);
        let range = |j: u32| self.high[j as usize] - self.low[j as usize];
        let mut slope = excess.abs();
        let mut passed: Vec<Turn> = Vec::new();
        let first = loop {
            // All of them at their other side still leave the row short: `None`.
            let turn = later.pop()?;
            slope -= turn.entry * range(turn.variable);
            if slope < PRIMAL {
                break turn;
            }
            passed.push(turn);
        };
        // Of those that may come first without another's reduced cost going wrong by more than the
        // tolerance, the largest pivot (Harris).
        let reach = |turn: &Turn| turn.ratio.max(0.0) + DUAL / turn.entry;
        let most = later.iter().map(reach).fold(reach(&first), f64::min);
        let within = later.iter().filter(|turn| turn.ratio <= most);
        let larger = |a: Turn, b: &Turn| if b.entry > a.entry { *b } else { a };
        let mut best = within.fold(first, larger);
        // One that is too small gives way to the last before it that is much larger.
        if best.entry < 1e-3
            && let Some(n) = passed.iter().rposition(|turn| turn.entry > best.entry * 100.0)
        {
            best = passed[n];
            passed.truncate(n);
        }
        work.flips.clear();
        work.flips.extend(passed.iter().map(|turn| turn.variable));
        work.turns = later.into_vec();
        Some(best.variable as usize)
    }

    fn flip(&mut self, work: &mut Work) {
        if work.flips.is_empty() {
            return;
        }
        work.change.clear();
        for j in work.flips.drain(..) {
            let j = j as usize;
            let range = self.high[j] - self.low[j];
            let (to, by) = match self.place[j] {
                Place::Low => (Place::High, range),
                _ => (Place::Low, -range),
            };
            self.place[j] = to;
            self.load(j, by, &mut work.change);
        }
        self.factor.forward(&mut work.change);
        for (r, by) in work.change.iter() {
            self.values[r] -= by;
            self.look_at(r);
        }
    }

    fn pivot(&mut self, (r, excess): (usize, f64), q: usize, work: &mut Work) {
        let Work { rho, entries, column, tau, .. } = work;
        let out = self.basis[r] as usize;
        let step = self.reduced[q] / column[r];
        for (j, entry) in entries.iter() {
            self.reduced[j] -= step * entry;
        }
        for (i, p) in rho.iter() {
            self.reduced[self.columns + i] -= step * p;
        }
        self.reduced[q] = 0.0;
        self.reduced[out] = -step;
        let (low, high) = (self.low[out], self.high[out]);
        let bound = if excess < 0.0 { low } else { high };
        let by = (self.values[r] - bound) / column[r];
        let start = match self.place[q] {
            Place::High => self.high[q],
            _ => self.low[q],
        };
        // Steepest edge needs one more solve.
        tau.copy(rho);
        self.factor.forward(tau);
        let weight: f64 = rho.iter().map(|(_, p)| p * p).sum::<f64>().max(1e-12);
        for (i, a) in column.iter().filter(|(i, _)| *i != r) {
            self.values[i] -= by * a;
            let k = a / column[r];
            let w = self.weights[i] - 2.0 * k * tau[i] + k * k * weight;
            self.weights[i] = w.max(1e-4);
            self.look_at(i);
        }
        self.weights[r] = (weight / (column[r] * column[r])).max(1e-4);
        self.values[r] = start + by;
        self.place[out] = if bound == low { Place::Low } else { Place::High };
        self.place[q] = Place::Basic(r as u32);
        self.basis[r] = q as u32;
        self.part_column(out);
        self.part_column(q);
        self.look_at(r);
        self.factor.replace(r);
    }
}

/// Vectors of one pivot, kept for the next.
struct Work {
    /// The row of the inverse, and that row of the program.
    rho: Sparse,
    entries: Sparse,
    /// The entering column by basis position, what the steepest edge needs, and what flips change.
    column: Sparse,
    tau: Sparse,
    change: Sparse,
    turns: Vec<Turn>,
    flips: Vec<u32>,
}

impl Work {
    fn new(rows: usize, columns: usize) -> Self {
        let row = || Sparse::new(rows);
        Self {
            rho: row(),
            entries: Sparse::new(columns),
            column: row(),
            tau: row(),
            change: row(),
            turns: Vec::new(),
            flips: Vec::new(),
        }
    }
}

/// Where a variable's reduced cost turns, on the way of the leaving one.
#[derive(Debug, Clone, Copy)]
struct Turn {
    ratio: f64,
    entry: f64,
    variable: u32,
}

/// The greatest turn comes first: that of the least ratio.
impl Ord for Turn {
    fn cmp(&self, other: &Self) -> Ordering {
        other.ratio.total_cmp(&self.ratio).then(other.variable.cmp(&self.variable))
    }
}

impl PartialOrd for Turn {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Turn {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Turn {}
