//! A case that may be split, and which of them is next.

use std::cmp::{Ordering, Reverse};

use super::super::simplex::Saved;

/// Smallest and largest value of a column from here on.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub column: u32,
    pub low: i64,
    pub high: i64,
}

/// A case that may be split. The greatest in order is the one that proves least.
pub struct Open {
    /// Without what is certain, as the program counts.
    pub bound: i64,
    /// Position in the list of cases.
    pub at: usize,
    /// What sets it apart, each column once.
    pub path: Vec<Step>,
    pub basis: Saved,
    /// Whether it was solved to its end, or proves enough.
    pub solved: bool,
    /// Columns that are not whole in it when it is solved, and their values.
    pub broken: Vec<(u32, f64)>,
}

impl Open {
    /// The path with one more step.
    pub fn with(&self, step: Step) -> Vec<Step> {
        let mut path = self.path.clone();
        match path.iter_mut().find(|p| p.column == step.column) {
            Some(known) => *known = step,
            None => path.push(step),
        }
        path
    }

    fn key(&self) -> (Reverse<i64>, Reverse<usize>) {
        (Reverse(self.bound), Reverse(self.at))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Open {}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}
