//! Vehicles at their depots and between them.

use std::collections::BTreeMap;

use super::super::program::{Counted, Tag};
use super::{Builder, Terms};

impl Builder<'_> {
    /// Vehicles at each depot, what it owns, and moves between depots.
    pub(super) fn fleet(&mut self) {
        let p = self.p;
        let depots = p.depots.len();
        for v in 0..p.vehicle_types.len() {
            let all: i64 = p.depots.iter().map(|d| d.fleet[v]).sum();
            let mut idle: Vec<Option<u32>> = vec![None; depots];
            let mut owned: Vec<Option<u32>> = vec![None; depots];
            // Vehicles on their way, by (from, to), that left the night before.
            let mut moving: BTreeMap<(usize, usize), u32> = BTreeMap::new();
            for t in 0..p.nights {
                let mut leaving = BTreeMap::new();
                if t + 1 < p.nights {
                    for from in 0..depots {
                        for to in (0..depots).filter(|&to| to != from) {
                            let counted = Counted::Driven { night: t, from, to, kind: v };
                            let z = self.program.column(counted, all, p.reposition_cost);
                            leaving.insert((from, to), z);
                        }
                    }
                }
                for d in 0..depots {
                    let swapped: Terms = (moving.iter())
                        .filter(|((from, to), _)| *from == d || *to == d)
                        .map(|((_, to), &z)| (z, if *to == d { -1 } else { 1 }))
                        .collect();
                    let counted = Counted::Idle { depot: d, kind: v, night: t };
                    let rest = self.program.column(counted, all, 0);
                    let mut terms = self.used.remove(&(d, v, t)).unwrap_or_default();
                    terms.push((rest, 1));
                    terms.extend(
                        leaving.iter().filter(|((from, _), _)| *from == d).map(|(_, &z)| (z, 1)),
                    );
                    terms.extend(swapped.iter().filter(|(_, n)| *n == -1));
                    terms.extend(idle[d].map(|j| (j, -1)));
                    let back = self.back.remove(&(d, v, t)).unwrap_or_default();
                    terms.extend(back.into_iter().map(|(j, n)| (j, -n)));
                    let start = if t == 0 { p.depots[d].fleet[v] } else { 0 };
                    let tag = if t == 0 { Tag::Fleet { depot: d, kind: v } } else { Tag::Form };
                    self.program.equal(tag, terms, start);
                    idle[d] = Some(rest);
                    if t > 0 && depots > 1 {
                        let counted = Counted::Owned { depot: d, kind: v, night: t };
                        let own = self.program.column(counted, p.depots[d].park[v], 0);
                        self.program.boxed.push(own);
                        let mut terms = swapped;
                        terms.push((own, 1));
                        terms.extend(owned[d].map(|j| (j, -1)));
                        let start = if t == 1 { p.depots[d].fleet[v] } else { 0 };
                        self.program.equal(Tag::Form, terms, start);
                        owned[d] = Some(own);
                    }
                }
                moving = leaving;
            }
        }
    }
}
