//! Cuts from sums of rows whose half is rounded.
//!
//! Half of a sum of rows with whole coefficients may be rounded down; where the sum's limit is odd that
//! cuts half a unit off, less half of the rows' slacks and of the columns whose coefficient is odd
//! (Caprara and Fischetti, Mathematical Programming 1996). Rows with little slack are added to one
//! another, so that the columns farthest from their bounds become even, those first (Koster,
//! Zymolka and Kutschka, Algorithmica 2009). Sums of such limits as "two convoys under these orbits" and
//! "five teams in these nights" give what neither says alone.

use fixedbitset::FixedBitSet;

use super::cut::CutProof;
use super::separate::{Found, Scene};

/// A column this near to a bound costs nothing.
const NEAR: f64 = 1e-6;
/// What a sum must cut off, in halves, to be looked at.
const LEAST: f64 = 0.05;
/// Rows with more terms are left out.
const LONGEST_ROW: usize = 800;
/// Bits of all rows, at most.
const LARGEST: usize = 1 << 29;
/// Sums proven in one search, at most: those that cut most.
const MOST: usize = 200;

/// What each column costs in which a sum is odd: its distance from the nearer bound.
struct Costs {
    /// The dearest first.
    of: Vec<f64>,
    /// By column, its place there.
    place: Vec<Option<usize>>,
}

/// A sum of rows, in what is odd.
#[derive(Clone)]
struct Half {
    /// Columns that cost something, by place.
    odd: FixedBitSet,
    /// Rows of the sum, by position among the tight ones.
    of: FixedBitSet,
    limit_is_odd: bool,
    slack: f64,
}

/// All cuts found, each proven.
pub(super) fn search(scene: &Scene<'_>, enough: &dyn Fn() -> bool) -> Vec<Found> {
    let costs = Costs::at(scene);
    let rows = tight(scene);
    if rows.len() * (rows.len() + costs.of.len()) > LARGEST {
        return Vec::new();
    }
    let mut halves: Vec<Half> =
        (0..rows.len()).map(|n| Half::of(scene, &costs, &rows, n)).collect();
    let mut promising: Vec<(f64, FixedBitSet)> = Vec::new();
    for column in 0..costs.of.len() {
        if column % 16 == 0 && enough() {
            break;
        }
        make_even(&mut halves, column, &costs, &mut promising);
    }
    promising.sort_by(|a, b| b.0.total_cmp(&a.0));
    promising.dedup_by(|a, b| a.1 == b.1);
    let sums = promising.into_iter().take(MOST);
    sums.filter_map(|(_, of)| proven(scene, of.ones().map(|n| rows[n].0))).collect()
}

/// Adds the row with least slack of those odd in the column to the others, unless that slack costs more
/// than the column; notes the sums that cut.
fn make_even(
    halves: &mut Vec<Half>,
    column: usize,
    costs: &Costs,
    cut: &mut Vec<(f64, FixedBitSet)>,
) {
    let (mut odd, rest): (Vec<Half>, Vec<Half>) =
        std::mem::take(halves).into_iter().partition(|half| half.odd.contains(column));
    *halves = rest;
    let by_slack = |a: &&Half, b: &&Half| {
        a.slack.total_cmp(&b.slack).then(a.odd.count_ones(..).cmp(&b.odd.count_ones(..)))
    };
    let added = odd.iter().filter(|half| half.slack <= costs.of[column]).min_by(by_slack);
    let Some(added) = added.cloned() else {
        halves.append(&mut odd);
        return;
    };
    for mut half in odd.into_iter().filter(|half| half.of != added.of) {
        if half.slack + added.slack < 1.0 {
            half.add(&added);
            let depth = half.cuts(costs);
            if depth > LEAST {
                cut.push((depth, half.of.clone()));
            }
        }
        halves.push(half);
    }
}

/// Rows with slack of less than one, and how much.
fn tight(scene: &Scene<'_>) -> Vec<(u32, f64)> {
    let slack = |&number: &u32| {
        let row = scene.row(number);
        (row.terms.len() <= LONGEST_ROW).then_some((number, row.slack(scene.point).max(0.0)))
    };
    scene.numbers.iter().filter_map(slack).filter(|(_, slack)| *slack < 1.0 - LEAST).collect()
}

fn proven(scene: &Scene<'_>, rows: impl Iterator<Item = u32>) -> Option<Found> {
    let weights: Vec<(u32, i64)> = rows.map(|number| (number, 1)).collect();
    let touched = weights.iter().flat_map(|&(number, _)| &scene.row(number).terms);
    let mut flipped: Vec<u32> = touched.map(|t| t.0).filter(|&j| scene.is_flipped(j)).collect();
    flipped.sort_unstable();
    flipped.dedup();
    scene.prove_exact(CutProof { weights, flipped, divisor: 2, shrink: 1 })
}

impl Costs {
    fn at(scene: &Scene<'_>) -> Self {
        let most = scene.program.most.iter().map(|&most| most as f64);
        let distance: Vec<f64> =
            scene.point.iter().zip(most).map(|(x, most)| x.min(most - x)).collect();
        let mut order: Vec<usize> = (0..distance.len()).filter(|&j| distance[j] > NEAR).collect();
        order.sort_by(|&a, &b| distance[b].total_cmp(&distance[a]).then(a.cmp(&b)));
        let mut place = vec![None; distance.len()];
        for (n, &j) in order.iter().enumerate() {
            place[j] = Some(n);
        }
        Self { of: order.iter().map(|&j| distance[j]).collect(), place }
    }
}

impl Half {
    /// The `n`th of the tight rows alone.
    fn of(scene: &Scene<'_>, costs: &Costs, rows: &[(u32, f64)], n: usize) -> Self {
        let (number, slack) = rows[n];
        let row = scene.row(number);
        let (mut odd, mut of) =
            (FixedBitSet::with_capacity(costs.of.len()), FixedBitSet::with_capacity(rows.len()));
        of.insert(n);
        let mut limit_is_odd = row.limit % 2 != 0;
        for j in row.terms.iter().filter(|t| t.1 % 2 != 0).map(|t| t.0) {
            if let Some(place) = costs.place[j as usize] {
                odd.insert(place);
            }
            limit_is_odd ^= scene.is_flipped(j) && scene.program.most[j as usize] % 2 != 0;
        }
        Self { odd, of, limit_is_odd, slack }
    }

    fn add(&mut self, other: &Half) {
        self.odd.symmetric_difference_with(&other.odd);
        self.of.symmetric_difference_with(&other.of);
        self.limit_is_odd ^= other.limit_is_odd;
        self.slack += other.slack;
    }

    /// How much its rounded half cuts off, in halves.
    fn cuts(&self, costs: &Costs) -> f64 {
        if !self.limit_is_odd {
            return 0.0;
        }
        let mut left = 1.0 - self.slack;
        // The dearest come first.
        for n in self.odd.ones() {
            left -= costs.of[n];
            if left <= 0.0 {
                return 0.0;
            }
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::super::program::{Counted, Program, Tag};
    use super::*;

    /// Of three things no two go together: one goes, though half of each keeps every limit.
    #[test]
    fn three_limits_in_a_ring_give_what_none_says_alone() {
        let mut program = Program::default();
        let sent: Vec<u32> = (0..3)
            .map(|route| program.column(Counted::Sorties { route, night: 0, mode: 1 }, 1, -1))
            .collect();
        for (a, b) in [(0, 1), (1, 2), (0, 2)] {
            program.at_most(Tag::Form, vec![(sent[a], 1), (sent[b], 1)], 1);
        }
        let scene = Scene {
            program: &program,
            cuts: &[],
            numbers: &[0, 1, 2],
            scales: &[1.0; 3],
            point: &[0.5; 3],
            longest: 100,
        };
        let found = search(&scene, &|| false);
        let all: Vec<(u32, i64)> = sent.iter().map(|&j| (j, 1)).collect();
        let rows: Vec<_> = found.iter().map(|f| (f.row.terms.clone(), f.row.limit)).collect();
        assert_eq!(rows, [(all, 1)]);
    }
}
