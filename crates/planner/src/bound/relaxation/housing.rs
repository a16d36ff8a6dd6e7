//! Beds, and who may live in one wing.

use std::collections::BTreeMap;

use super::super::program::{Counted, Tag};
use super::{Builder, Terms};
use crate::problem::{Health, Security};

impl Builder<'_> {
    /// Beds by kind of resident, and which of two groups that must be apart a wing hosts.
    pub(super) fn housing(&mut self) {
        type Kind = (Security, bool, usize);
        let p = self.p;
        let received = std::mem::take(&mut self.received);
        for d in 0..p.facilities.len() {
            let mut kinds: BTreeMap<Kind, Vec<usize>> = BTreeMap::new();
            for (k, _) in received.keys().filter(|(_, there)| *there == d) {
                let c = &p.classes[*k];
                kinds
                    .entry((c.security, c.health != Health::Fit, c.separation))
                    .or_default()
                    .push(*k);
            }
            let mut living: BTreeMap<Kind, Terms> = BTreeMap::new();
            for (w, wing) in p.wings.iter().enumerate().filter(|(_, w)| w.facility == d) {
                let mut by_group: BTreeMap<usize, Terms> = BTreeMap::new();
                for (kind, classes) in &kinds {
                    if p.suits(classes[0], w) {
                        let people: i64 = classes.iter().map(|&k| p.classes[k].count).sum();
                        let (security, care, group) = *kind;
                        let counted = Counted::Beds { wing: w, security, care, group };
                        let h = self.program.column(counted, wing.capacity.min(people), 0);
                        living.entry(*kind).or_default().push((h, -1));
                        by_group.entry(kind.2).or_default().push((h, 1));
                    }
                }
                let all = by_group.values().flatten().copied().collect();
                self.program.at_most(Tag::Wing { wing: w }, all, wing.capacity);
                let mut hosts: BTreeMap<usize, u32> = BTreeMap::new();
                for &g in p.conflicts.iter().flatten() {
                    if let (Some(beds), false) = (by_group.get(&g), hosts.contains_key(&g)) {
                        let counted = Counted::Hosts { wing: w, group: g };
                        let a = self.program.column(counted, 1, 0);
                        hosts.insert(g, a);
                        let mut terms = beds.clone();
                        terms.push((a, -wing.capacity));
                        self.program.at_most(Tag::Form, terms, 0);
                    }
                }
                for [g, h] in &p.conflicts {
                    if let (Some(&a), Some(&b)) = (hosts.get(g), hosts.get(h)) {
                        self.program.at_most(Tag::Form, vec![(a, 1), (b, 1)], 1);
                    }
                }
            }
            for (kind, classes) in kinds {
                let mut terms: Terms = classes.iter().map(|&k| (received[&(k, d)], 1)).collect();
                terms.extend(living.remove(&kind).unwrap_or_default());
                self.program.equal(Tag::Form, terms, 0);
            }
        }
    }
}
