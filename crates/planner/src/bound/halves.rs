//! Cuts from sums of rows whose half is rounded.
//!
//! Half of a sum of rows with whole coefficients may be rounded down; where the sum's limit is odd that
//! cuts half a unit off, less half of the rows' slacks and of the columns whose coefficient is odd
//! (Caprara and Fischetti, Mathematical Programming 1996). Rows with little slack are added to one
//! another, so that the columns farthest from their bounds become even, those first (Koster,
//! Zymolka and Kutschka, Algorithmica 2009). Sums of such limits as "two convoys under these orbits" and
//! "five teams in these nights" give what neither says alone.

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

/// A sum of rows, in what is odd.
struct Half {
    /// Columns that cost something.
    odd: Bits,
    /// Rows of the sum, by position in `Halves::rows`.
    of: Bits,
    limit_is_odd: bool,
    slack: f64,
}

/// All cuts found, each proven.
pub(super) fn search(scene: &Scene<'_>, enough: &dyn Fn() -> bool) -> Vec<Found> {
    let distance: Vec<f64> = (scene.point.iter().zip(&scene.program.most))
        .map(|(x, &most)| x.min(most as f64 - x).max(0.0))
        .collect();
    let mut order: Vec<u32> =
        (0..distance.len() as u32).filter(|&j| distance[j as usize] > NEAR).collect();
    order.sort_by(|&a, &b| distance[b as usize].total_cmp(&distance[a as usize]).then(a.cmp(&b)));
    let costs: Vec<f64> = order.iter().map(|&j| distance[j as usize]).collect();
    let mut place = vec![u32::MAX; distance.len()];
    for (n, &j) in order.iter().enumerate() {
        place[j as usize] = n as u32;
    }
    let rows = tight(scene);
    if rows.len() * (rows.len() + costs.len()) > LARGEST {
        return Vec::new();
    }
    let mut halves: Vec<Half> = (rows.iter().enumerate())
        .map(|(n, &(number, slack))| {
            half(scene, &place, costs.len(), (n, rows.len()), number, slack)
        })
        .collect();
    let mut promising: Vec<(f64, Bits)> = Vec::new();
    for n in 0..costs.len() {
        if n % 16 == 0 && enough() {
            break;
        }
        let with: Vec<usize> = (0..halves.len()).filter(|&i| halves[i].odd.has(n)).collect();
        let by_slack = |&a: &usize, &b: &usize| {
            let (a, b) = (&halves[a], &halves[b]);
            a.slack.total_cmp(&b.slack).then(a.odd.count().cmp(&b.odd.count()))
        };
        let Some(pivot) = with.iter().copied().min_by(by_slack) else { continue };
        if halves[pivot].slack > costs[n] {
            continue;
        }
        let pivot_row = halves.swap_remove(pivot);
        let last = halves.len();
        for i in with.into_iter().filter(|&i| i != pivot) {
            // The last has taken the pivot's place.
            let half = &mut halves[if i == last { pivot } else { i }];
            if half.slack + pivot_row.slack < 1.0 {
                half.add(&pivot_row);
                let cuts = half.cuts(&costs);
                if cuts > LEAST {
                    promising.push((cuts, half.of.clone()));
                }
            }
        }
    }
    promising.sort_by(|a, b| b.0.total_cmp(&a.0));
    promising.dedup_by(|a, b| a.1 == b.1);
    let sums = promising.into_iter().take(MOST);
    sums.filter_map(|(_, of)| proven(scene, of.ones().map(|n| rows[n].0))).collect()
}

/// Rows with slack of less than one, and how much.
fn tight(scene: &Scene<'_>) -> Vec<(u32, f64)> {
    let slack = |&number: &u32| {
        let row = scene.row(number);
        let sum: f64 = row.terms.iter().map(|&(j, a)| a as f64 * scene.point[j as usize]).sum();
        (row.terms.len() <= LONGEST_ROW).then_some((number, (row.limit as f64 - sum).max(0.0)))
    };
    scene.numbers.iter().filter_map(slack).filter(|(_, slack)| *slack < 1.0 - LEAST).collect()
}

fn half(
    scene: &Scene<'_>,
    place: &[u32],
    columns: usize,
    (n, rows): (usize, usize),
    number: u32,
    slack: f64,
) -> Half {
    let row = scene.row(number);
    let (mut odd, mut of) = (Bits::new(columns), Bits::new(rows));
    of.set(n);
    let mut limit_is_odd = row.limit % 2 != 0;
    for &(j, a) in row.terms.iter().filter(|t| t.1 % 2 != 0) {
        if place[j as usize] != u32::MAX {
            odd.set(place[j as usize] as usize);
        }
        limit_is_odd ^= scene.is_flipped(j) && scene.program.most[j as usize] % 2 != 0;
        debug_assert!(a % 2 != 0);
    }
    Half { odd, of, limit_is_odd, slack }
}

fn proven(scene: &Scene<'_>, rows: impl Iterator<Item = u32>) -> Option<Found> {
    let weights: Vec<(u32, i64)> = rows.map(|number| (number, 1)).collect();
    let touched = weights.iter().flat_map(|&(number, _)| &scene.row(number).terms);
    let mut flipped: Vec<u32> = touched.map(|t| t.0).filter(|&j| scene.is_flipped(j)).collect();
    flipped.sort_unstable();
    flipped.dedup();
    scene.prove_exact(CutProof { weights, flipped, divisor: 2, shrink: 1 })
}

impl Half {
    fn add(&mut self, other: &Half) {
        self.odd.add(&other.odd);
        self.of.add(&other.of);
        self.limit_is_odd ^= other.limit_is_odd;
        self.slack += other.slack;
    }

    /// How much its rounded half cuts off, in halves.
    fn cuts(&self, costs: &[f64]) -> f64 {
        if !self.limit_is_odd {
            return 0.0;
        }
        let mut left = 1.0 - self.slack;
        // The dearest come first.
        for n in self.odd.ones() {
            left -= costs[n];
            if left <= 0.0 {
                return 0.0;
            }
        }
        left
    }
}

/// A set of small numbers.
#[derive(Clone, PartialEq)]
struct Bits(Vec<u64>);

impl Bits {
    fn new(size: usize) -> Self {
        Self(vec![0; size.div_ceil(64)])
    }

    fn has(&self, n: usize) -> bool {
        self.0[n / 64] >> (n % 64) & 1 == 1
    }

    fn set(&mut self, n: usize) {
        self.0[n / 64] |= 1 << (n % 64);
    }

    /// What is in one of the two.
    fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a ^= b);
    }

    fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    fn ones(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                let n = rest.trailing_zeros() as usize;
                rest &= rest.wrapping_sub(1);
                (n < 64).then_some(at * 64 + n)
            })
        })
    }
}
