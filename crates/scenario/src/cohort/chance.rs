//! Chance from a seed: the same on every machine and in every version.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// One stream of chance. Each purpose has its own, so that one that draws more changes no other.
pub struct Chance(ChaCha8Rng);

impl Chance {
    pub fn new(seed: u64, purpose: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(purpose);
        Self(rng)
    }

    /// 0 to `n` - 1; 0 when `n` is 0. The bias of one in 2^64 / n does not matter here.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.0.next_u64()) * n as u128) >> 64) as usize
    }

    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// Whether something of `permille` in a thousand happens.
    pub fn happens(&mut self, permille: u32) -> bool {
        self.below(1000) < permille as usize
    }

    /// Fisher-Yates.
    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for i in (1..all.len()).rev() {
            all.swap(i, self.below(i + 1));
        }
    }
}

/// Splits `total` by weights, whole numbers that sum to it: by largest remainder, ties to the first.
pub fn apportion(total: u32, weights: &[u32]) -> Vec<u32> {
    let sum: u64 = weights.iter().map(|w| u64::from(*w)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let exact = |w: &u32| u64::from(total) * u64::from(*w);
    let mut parts: Vec<u32> = weights.iter().map(|w| (exact(w) / sum) as u32).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(exact(&weights[i]) % sum), i));
    let missing = total - parts.iter().sum::<u32>();
    for &i in order.iter().take(missing as usize) {
        parts[i] += 1;
    }
    parts
}

/// Each value as often as its share of `total` says, in order.
pub fn deal<T: Clone>(total: u32, shares: &[(T, u32)]) -> Vec<T> {
    let weights: Vec<u32> = shares.iter().map(|(_, w)| *w).collect();
    let counts = apportion(total, &weights);
    let each = shares.iter().zip(counts);
    each.flat_map(|((value, _), n)| std::iter::repeat_n(value.clone(), n as usize)).collect()
}
