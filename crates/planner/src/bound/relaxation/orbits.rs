//! The orbits that cover a night's convoys.

use super::super::patterns::{Patterns, orbit_patterns};
use super::super::program::{Counted, Tag};
use super::{Builder, Terms};

impl Builder<'_> {
    pub(super) fn orbits(&mut self) {
        let p = self.p;
        for t in 0..p.nights {
            let convoys = std::mem::take(&mut self.cover[t]);
            if convoys.is_empty() {
                continue;
            }
            let cover = p.cover[t];
            let lengths: Vec<i64> = convoys.keys().rev().copied().filter(|&e| e > 0).collect();
            match orbit_patterns(&lengths, cover.slots) {
                Patterns::All(patterns) => {
                    let columns: Vec<u32> = (patterns.iter())
                        .map(|room| {
                            let counted = Counted::Orbits { night: t, room: room.clone() };
                            self.program.column(counted, cover.orbits, p.orbit_cost)
                        })
                        .collect();
                    let all = columns.iter().map(|&j| (j, 1)).collect();
                    self.program.at_most(Tag::Orbits { night: t }, all, cover.orbits);
                    let mut longer: Terms = Vec::new();
                    for (n, length) in lengths.iter().enumerate() {
                        longer.extend(&convoys[length]);
                        let mut terms = longer.clone();
                        for (pattern, &j) in patterns.iter().zip(&columns) {
                            terms.push((j, -pattern[..=n].iter().sum::<i64>()));
                        }
                        self.program.at_most(Tag::Form, terms, 0);
                    }
                }
                Patterns::TooMany => {
                    let counted = Counted::Orbits { night: t, room: Vec::new() };
                    let j = self.program.column(counted, cover.orbits, p.orbit_cost);
                    self.program.at_most(Tag::Orbits { night: t }, vec![(j, 1)], cover.orbits);
                    let mut terms = vec![(j, -cover.slots)];
                    for (length, cs) in &convoys {
                        terms.extend(cs.iter().map(|&(c, n)| (c, n * length)));
                    }
                    self.program.at_most(Tag::Form, terms, 0);
                }
            }
        }
    }
}
