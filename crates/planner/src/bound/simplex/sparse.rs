//! Vectors that are mostly zero, and sets of numbers met in order.

/// A vector, and where it may not be zero.
#[derive(Debug, Clone, Default)]
pub(super) struct Sparse {
    values: Vec<f64>,
    index: Vec<u32>,
}

/// What an entry holds that cancelled to zero, so that it is listed once.
const NOTHING: f64 = 1e-100;

impl Sparse {
    pub fn new(size: usize) -> Self {
        Self { values: vec![0.0; size], index: Vec::new() }
    }

    pub fn of(values: Vec<f64>) -> Self {
        let index = (0..values.len() as u32).filter(|&i| values[i as usize] != 0.0).collect();
        Self { values, index }
    }

    pub fn into_values(self) -> Vec<f64> {
        self.values
    }

    pub fn clear(&mut self) {
        self.index.iter().for_each(|&i| self.values[i as usize] = 0.0);
        self.index.clear();
    }

    /// How many entries may not be zero.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    pub fn add(&mut self, i: usize, by: f64) {
        let value = &mut self.values[i];
        if *value == 0.0 {
            self.index.push(i as u32);
        }
        *value += by;
        if *value == 0.0 {
            *value = NOTHING;
        }
    }

    pub fn copy(&mut self, other: &Self) {
        self.clear();
        self.index.extend_from_slice(&other.index);
        self.index.iter().for_each(|&i| self.values[i as usize] = other.values[i as usize]);
    }

    /// Entries that may not be zero, each once.
    pub fn iter(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.index.iter().map(|&i| (i as usize, self.values[i as usize]))
    }

    /// Takes every entry out.
    pub fn drain(&mut self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let values = &mut self.values;
        self.index.drain(..).map(|i| (i as usize, std::mem::take(&mut values[i as usize])))
    }
}

impl std::ops::Index<usize> for Sparse {
    type Output = f64;

    fn index(&self, i: usize) -> &f64 {
        &self.values[i]
    }
}

/// A set of numbers below its size. What is inserted behind the last one taken is met on the way.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    words: Vec<u64>,
}

impl Marks {
    /// Room for numbers below `size`.
    pub fn grow(&mut self, size: usize) {
        self.words.resize(size.div_ceil(64), 0);
    }

    pub fn insert(&mut self, k: usize) {
        self.words[k / 64] |= 1 << (k % 64);
    }

    pub fn remove(&mut self, k: usize) {
        self.words[k / 64] &= !(1 << (k % 64));
    }

    pub fn clear(&mut self) {
        self.words.fill(0);
    }

    /// Takes the least out; `word` is zero at first and kept between the calls.
    pub fn take_up(&mut self, word: &mut usize) -> Option<usize> {
        while let Some(bits) = self.words.get_mut(*word) {
            if *bits != 0 {
                let bit = bits.trailing_zeros() as usize;
                *bits &= *bits - 1;
                return Some(*word * 64 + bit);
            }
            *word += 1;
        }
        None
    }

    /// Takes the greatest out; `words` is [`Marks::end`] at first and kept between the calls.
    pub fn take_down(&mut self, words: &mut usize) -> Option<usize> {
        while *words > 0 {
            let bits = &mut self.words[*words - 1];
            if *bits != 0 {
                let bit = 63 - bits.leading_zeros() as usize;
                *bits &= !(1 << bit);
                return Some((*words - 1) * 64 + bit);
            }
            *words -= 1;
        }
        None
    }

    pub fn end(&self) -> usize {
        self.words.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().filter(|(_, bits)| **bits != 0).flat_map(|(word, &bits)| {
            let mut bits = bits;
            std::iter::from_fn(move || {
                let bit = bits.trailing_zeros() as usize;
                (bits != 0).then(|| {
                    bits &= bits - 1;
                    word * 64 + bit
                })
            })
        })
    }
}
