//! From one basis to the next, until none is better.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::super::watch::Deadline;
use super::{End, Place, Simplex};

/// Values may miss their bounds by this much.
const PRIMAL: f64 = 1e-7;
/// Reduced costs may be wrong by this much.
const DUAL: f64 = 1e-7;
/// Entries of the pivot row smaller than this are nothing.
const SMALL: f64 = 1e-8;
/// A pivot smaller than this is not trusted without new factors.
const PIVOT: f64 = 1e-6;
/// New factors after so many pivots, and one for so many rows, or so many entries per row.
const MOST_STEPS: usize = 100;
const ROWS_PER_STEP: usize = 50;
const MOST_ENTRIES: usize = 20;
/// Pivots between looks at the clock.
const LOOK: usize = 32;

impl Simplex {
    /// Solves until optimal or `until`.
    pub(in crate::bound) fn solve(&mut self, until: Deadline) -> End {
        self.solve_within(until, usize::MAX)
    }

    /// [`Simplex::solve`], stopped after `most` pivots.
    pub(in crate::bound) fn solve_within(&mut self, until: Deadline, most: usize) -> End {
        if !self.fresh && !self.refactor() {
            return End::Stopped;
        }
        let mut column = vec![0.0; self.rows()];
        let mut entries = vec![0.0; self.columns];
        let mut refused = 0;
        for count in 1.. {
            if count > most || (count % LOOK == 0 && until.passed()) {
                return End::Stopped;
            }
            let (steps, size) = self.factor.age();
            if (steps >= MOST_STEPS.max(self.rows() / ROWS_PER_STEP)
                || size > MOST_ENTRIES * self.rows())
                && !self.refactor()
            {
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
                self.unmendable = Some((r, excess));
                return End::Infeasible;
            };
            column.fill(0.0);
            self.load(q, 1.0, &mut column);
            self.factor.forward_entering(&mut column);
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
        let mut turns: Vec<Turn> = Vec::new();
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
        for &j in touched {
            consider(j as usize, entries[j as usize]);
        }
        for (i, &p) in rho.iter().enumerate() {
            if p != 0.0 {
                consider(self.columns + i, p);
            }
        }
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
        // One that is too small gives way to one before it.
        while best.entry < 1e-3
            && let Some(turn) = passed.pop()
        {
            best = if turn.entry > best.entry * 100.0 { turn } else { best };
        }
        let flips = passed.iter().map(|turn| turn.variable as usize).collect();
        Some((best.variable as usize, flips))
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
        self.factor.replace(r);
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

fn clear(entries: &mut [f64], touched: &[u32]) {
    touched.iter().for_each(|&j| entries[j as usize] = 0.0);
}
