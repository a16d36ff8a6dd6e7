//! Where facts are in the order of arrival, by 64 bits of a digest.
//!
//! Appending and verifying search this more than anything else, a million facts long. A balanced tree
//! of whole hashes is six levels of cold memory for each search, and each insert into a version that
//! somebody else holds copies a node of each. Here marks lie sorted in a few runs, each many times as
//! long as the next. A run is searched where a mark should be if all are spread evenly, which marks
//! are, and never changed: versions share it. New marks go into the one short run that is, and when
//! that is full it is merged into those not much longer.

use super::Nth;
use crate::ids::FactHash;
use std::sync::Arc;

/// The first 64 bits of a SHA-256 digest.
///
/// Whoever signs may try until a mark is to their liking, and gains nothing by it. Marks that crowd
/// together where few should be are still found in logarithmic time. Only equal ones are gone
/// through one by one, and to make even eight facts of one mark takes some 2^56 tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark(u64);

impl From<&FactHash> for Mark {
    fn from(hash: &FactHash) -> Self {
        Self(u64::from_be_bytes(std::array::from_fn(|n| hash.0[n])))
    }
}

/// Facts by mark. More than one can bear the same, so whoever asks looks at the fact.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    /// Longest first, each at least [`RATIO`] times as long as the next.
    runs: Vec<Arc<Run>>,
    /// What came in last, up to [`SHORT`].
    newest: Arc<Run>,
}

/// Marks that are copied when one is added to a version that somebody else holds.
const SHORT: usize = 256;
/// Of a run's length to the next one's. More means fewer runs to search and more merging.
const RATIO: usize = 12;

impl Places {
    pub fn insert(&mut self, mark: Mark, nth: Nth) {
        let newest = Arc::make_mut(&mut self.newest);
        newest.insert(mark, nth);
        if newest.marks.len() < SHORT {
            return;
        }
        let mut full = std::mem::take(&mut self.newest);
        while let Some(longer) = self.runs.pop_if(|run| run.marks.len() < RATIO * full.marks.len())
        {
            full = Arc::new(longer.merged(&full));
        }
        self.runs.push(full);
    }

    /// Whatever bears the mark, in no order.
    pub fn at(&self, mark: Mark) -> impl Iterator<Item = Nth> {
        self.runs.iter().chain([&self.newest]).flat_map(move |run| run.at(mark))
    }
}

/// Sorted marks, and beside each the fact that bears it.
#[derive(Debug, Clone, Default)]
struct Run {
    marks: Vec<Mark>,
    nths: Vec<Nth>,
}

impl Run {
    fn at(&self, mark: Mark) -> impl Iterator<Item = Nth> {
        let found = self.first(mark);
        let equal = self.marks[found..].iter().take_while(move |other| **other == mark);
        self.nths[found..].iter().zip(equal).map(|(nth, _)| *nth)
    }

    fn insert(&mut self, mark: Mark, nth: Nth) {
        let place = self.first(mark);
        self.marks.insert(place, mark);
        self.nths.insert(place, nth);
    }

    /// How many marks are smaller.
    fn first(&self, mark: Mark) -> usize {
        let (marks, len) = (&self.marks, self.marks.len());
        if len == 0 {
            return 0;
        }
        // Marks as far apart as this have so many between them.
        let between = |apart: u64| ((u128::from(apart) * len as u128) >> u64::BITS) as usize;
        let guess = between(mark.0);
        // What lies there tells how far off that was.
        let there = marks[guess];
        let guess = if there <= mark {
            (guess + between(mark.0 - there.0)).min(len - 1)
        } else {
            guess.saturating_sub(between(there.0 - mark.0))
        };
        // In doubling steps to a mark on the other side, then by halves.
        let (mut from, mut to, mut step) = (0, len, 8);
        if marks[guess] < mark {
            from = guess + 1;
            while from + step < len {
                if marks[from + step] >= mark {
                    to = from + step;
                    break;
                }
                from += step + 1;
                step *= 2;
            }
        } else {
            to = guess;
            while step <= to {
                if marks[to - step] < mark {
                    from = to - step + 1;
                    break;
                }
                to -= step;
                step *= 2;
            }
        }
        from + marks[from..to].partition_point(|other| *other < mark)
    }

    fn merged(&self, other: &Run) -> Run {
        let len = self.marks.len() + other.marks.len();
        let mut all = Run { marks: Vec::with_capacity(len), nths: Vec::with_capacity(len) };
        let mut rest = other.marks.iter().zip(&other.nths).peekable();
        for (mark, nth) in self.marks.iter().zip(&self.nths) {
            while let Some((mark, nth)) = rest.next_if(|(other, _)| *other < mark) {
                all.push(*mark, *nth);
            }
            all.push(*mark, *nth);
        }
        rest.for_each(|(mark, nth)| all.push(*mark, *nth));
        all
    }

    fn push(&mut self, mark: Mark, nth: Nth) {
        self.marks.push(mark);
        self.nths.push(nth);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// As digests fall, crowded at either end, and one mark again and again.
    fn marks() -> impl Strategy<Value = Vec<u64>> {
        let crowded = any::<u16>().prop_map(u64::from);
        let one = prop_oneof![any::<u64>(), crowded.clone(), crowded.prop_map(|n| !n), 7..9u64];
        proptest::collection::vec(one, 0..6_000)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        /// Whatever the marks and however versions part, each finds its own facts and no other's.
        #[test]
        fn each_version_finds_what_went_into_it(marks in marks(), held in 0..6_000usize) {
            let (mut places, mut before) = (Places::default(), None);
            let mut expected: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
            for (n, mark) in marks.iter().enumerate() {
                if n == held {
                    before = Some((places.clone(), expected.clone()));
                }
                places.insert(Mark(*mark), Nth(n as u32));
                expected.entry(*mark).or_default().push(n as u32);
            }
            for (places, expected) in before.into_iter().chain([(places, expected)]) {
                for mark in marks.iter().flat_map(|m| [*m, m.wrapping_add(1), m.wrapping_sub(1)]) {
                    let mut found: Vec<_> = places.at(Mark(mark)).map(|nth| nth.0).collect();
                    found.sort_unstable();
                    let expected = expected.get(&mark).cloned().unwrap_or_default();
                    prop_assert_eq!(found, expected);
                }
            }
        }
    }

    #[test]
    fn a_million_lie_in_few_runs() {
        let mut places = Places::default();
        let mut mark = 1u64;
        for n in 0..1_000_000 {
            mark = mark.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(1);
            places.insert(Mark(mark), Nth(n));
        }
        let lengths: Vec<_> = places.runs.iter().map(|run| run.marks.len()).collect();
        assert!(lengths.windows(2).all(|pair| pair[0] >= RATIO * pair[1]), "{lengths:?}");
        assert!(lengths.len() <= 4, "{lengths:?}");
    }
}
