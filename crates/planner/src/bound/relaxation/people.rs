//! Who is received where, and who is still there.

use super::super::program::{Counted, Tag};
use super::{Builder, Terms};

impl Builder<'_> {
    /// Who of a class reaches which facility.
    pub(super) fn people(&mut self) {
        let p = self.p;
        self.program.constant =
            (0..p.classes.len()).map(|k| p.classes[k].count * self.saved(k, 0)).sum();
        for u in 0..self.alike.len() {
            let arriving: Vec<(usize, Terms)> = (self.alike[u].reach.iter())
                .filter_map(|&d| Some((d, self.arrive.get(&(u, d))?.clone())))
                .collect();
            for k in self.alike[u].classes.clone() {
                let mut all = Vec::new();
                for &(d, _) in &arriving {
                    let counted = Counted::Received { class: k, facility: d };
                    let z = self.program.column(counted, p.classes[k].count, 0);
                    self.received.insert((k, d), z);
                    all.push((z, 1));
                }
                let row = self.program.at_most(Tag::Form, all, p.classes[k].count);
                self.said.received.extend(row.map(|row| (u, row)));
            }
            for (d, mut terms) in arriving {
                let classes = self.alike[u].classes.iter();
                terms.extend(classes.map(|&k| (self.received[&(k, d)], -1)));
                let row = self.program.equal(Tag::Form, terms, 0);
                self.said.arriving.extend(row.map(|row| (u, d, row)));
            }
        }
    }

    /// People above the safe number, each night.
    pub(super) fn crowding(&mut self) {
        let p = self.p;
        for (o, origin) in p.origins.iter().enumerate() {
            let n: i64 = p.classes.iter().filter(|c| c.origin == o).map(|c| c.count).sum();
            if n <= origin.safe || origin.over_cost == 0 {
                continue;
            }
            let mut before: Option<u32> = None;
            for t in 0..p.nights {
                let here = self.program.column(Counted::Here { origin: o, night: t }, n, 0);
                let mut terms = vec![(here, 1)];
                terms.extend(before.map(|j| (j, -1)));
                terms.extend(self.leave_origin.get(&(o, t)).into_iter().flatten());
                let start = if before.is_none() { n } else { 0 };
                self.program.equal(Tag::Form, terms, start);
                let counted = Counted::Over { origin: o, night: t };
                let over = self.program.column(counted, n - origin.safe, origin.over_cost);
                self.program.at_most(Tag::Form, vec![(here, 1), (over, -1)], origin.safe);
                before = Some(here);
            }
        }
    }
}
