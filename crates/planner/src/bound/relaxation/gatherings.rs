//! Which rows speak of the same people: what [`super::super::horizon`] adds up.

use std::collections::{BTreeMap, BTreeSet};

use super::super::program::{Gathering, Group};
use super::Builder;
use crate::problem::Need;

/// What a row about a ride limits, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// People who are alike, by what convoys can carry.
    Alike(usize),
    /// People of a load group, by the places of its vehicles; by what convoys can carry.
    Seats(Group),
    Convoys(Group),
    /// People of one need, everybody: by what convoys can carry.
    Need(Need),
    All,
}

/// People on a route in a night are at most the places: `people - places <= 0`.
pub(super) struct Ride {
    pub route: usize,
    pub night: usize,
    pub of: Of,
    pub row: u32,
}

/// Rows noted while the relaxation is written.
#[derive(Default)]
pub(super) struct Said {
    pub rides: Vec<Ride>,
    /// Position among those alike, facility, row: who arrives is received.
    pub arriving: Vec<(usize, usize, u32)>,
    /// Position among those alike, row of one class: nobody is received twice.
    pub received: Vec<(usize, u32)>,
}

/// More sets of facilities than this are not looked at for one gathering.
const MOST_SETS: usize = 24;

impl Builder<'_> {
    pub(super) fn gatherings(&mut self) {
        let mut groups: BTreeMap<usize, BTreeMap<Group, Vec<usize>>> = BTreeMap::new();
        for (u, a) in self.alike.iter().enumerate() {
            groups.entry(a.origin).or_default().entry(a.group).or_default().push(u);
        }
        for groups in groups.values() {
            for (&group, members) in groups {
                self.gather(members, &|of| of == Of::Seats(group));
                self.gather(members, &|of| of == Of::Convoys(group));
                if members.len() > 1 {
                    for &u in members {
                        self.gather(&[u], &|of| of == Of::Alike(u));
                    }
                }
            }
            for need in Need::ALL {
                let some: Vec<&Vec<usize>> =
                    groups.iter().filter(|(g, _)| g.0 == need).map(|g| g.1).collect();
                if some.len() > 1 {
                    let members: Vec<usize> = some.into_iter().flatten().copied().collect();
                    self.gather(&members, &|of| of == Of::Need(need));
                }
            }
            let everyone: Vec<usize> = groups.values().flatten().copied().collect();
            self.gather(&everyone, &|of| of == Of::All);
        }
    }

    /// The gathering of these people of an origin, and those of them who can only go to some of the
    /// facilities.
    fn gather(&mut self, members: &[usize], of: &dyn Fn(Of) -> bool) {
        let p = self.p;
        let reach = |u: &usize| &self.alike[*u].reach;
        let everywhere: BTreeSet<usize> = members.iter().flat_map(reach).copied().collect();
        let mut sets: BTreeSet<BTreeSet<usize>> = BTreeSet::new();
        for a in members.iter().map(reach) {
            for b in members.iter().map(reach) {
                sets.insert(a.union(b).copied().collect());
            }
        }
        sets.remove(&everywhere);
        let origin = members.first().map(|&u| self.alike[u].origin);
        let mut found = Vec::new();
        for set in std::iter::once(&everywhere).chain(sets.iter().take(MOST_SETS)) {
            let within = |u: &usize| members.contains(u) && self.alike[*u].reach.is_subset(set);
            let rides = self.said.rides.iter().filter(|r| {
                let route = &p.routes[r.route];
                Some(route.origin) == origin && set.contains(&route.dest) && of(r.of)
            });
            let received = self.said.received.iter().filter(|(u, _)| within(u));
            let arriving = self.said.arriving.iter();
            let arriving = arriving.filter(|(u, d, _)| members.contains(u) && set.contains(d));
            let g = Gathering {
                people: members.iter().filter(|u| within(u)).map(|&u| self.alike[u].people).sum(),
                partial: *set != everywhere,
                rides: rides.map(|r| (r.night, r.row)).collect(),
                links: received.map(|r| r.1).chain(arriving.map(|a| a.2)).collect(),
            };
            if g.people > 0 && !g.rides.is_empty() {
                found.push(g);
            }
        }
        self.program.gatherings.extend(found);
    }
}
