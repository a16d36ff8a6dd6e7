//! The relaxation: people by load group, convoys, vehicles and orbits in fractions.
//!
//! Every plan of the problem is a point of this program at its own cost, so the program's value is
//! a lower bound on every plan, people left behind included.
//! - `X` people who are alike on a route in a night, at what leaving then saves; `y` vehicles by load
//!   group, `c` convoys by mode, `pi` orbits by pattern, `f` sorties, `z` vehicles changing depot. The
//!   constant is the cost of moving nobody.
//! - `Z` people of a class received by a facility over the horizon, `h` beds, `a` who hosts whom.

mod fleet;
mod gatherings;
mod housing;
mod orbits;
mod people;
mod roads;

use std::collections::{BTreeMap, BTreeSet};

use super::program::{Counted, Group, Program, Tag};
use crate::problem::Problem;
use crate::solve::largest_sets;

type Terms = Vec<(u32, i64)>;

struct Builder<'p> {
    p: &'p Problem,
    program: Program,
    alike: Vec<Alike>,
    /// Who of those alike arrive at a facility.
    arrive: BTreeMap<(usize, usize), Terms>,
    leave_origin: BTreeMap<(usize, usize), Terms>,
    limits: BTreeMap<Tag, Terms>,
    /// Convoys by origin and by facility, each night.
    departing: BTreeMap<(usize, usize), Terms>,
    arriving: BTreeMap<(usize, usize), Terms>,
    cover: Vec<BTreeMap<i64, Terms>>,
    /// Columns `Z` by class and facility.
    received: BTreeMap<(usize, usize), u32>,
    /// Vehicles used and back, by depot, type and night.
    used: BTreeMap<(usize, usize, usize), Terms>,
    back: BTreeMap<(usize, usize, usize), Terms>,
    said: gatherings::Said,
}

/// People whom the relaxation does not tell apart on the way.
pub(super) struct Alike {
    pub origin: usize,
    pub group: Group,
    pub vulnerability: i64,
    /// Facilities with a wing that suits them.
    pub reach: BTreeSet<usize>,
    pub classes: Vec<usize>,
    pub people: i64,
}

/// Everyone, by who is alike.
pub(super) fn alike(p: &Problem) -> Vec<Alike> {
    let mut all: Vec<Alike> = Vec::new();
    for (k, c) in p.classes.iter().enumerate().filter(|(_, c)| c.count > 0) {
        let wings = (0..p.wings.len()).filter(|&w| p.suits(k, w));
        let one = Alike {
            origin: c.origin,
            group: (c.need, c.separation),
            vulnerability: c.vulnerability,
            reach: wings.map(|w| p.wings[w].facility).collect(),
            classes: vec![k],
            people: c.count,
        };
        let same = |a: &&mut Alike| {
            (a.origin, a.group, a.vulnerability) == (one.origin, one.group, one.vulnerability)
                && a.reach == one.reach
        };
        match all.iter_mut().find(same) {
            Some(known) => {
                known.classes.push(k);
                known.people += c.count;
            }
            None => all.push(one),
        }
    }
    all
}

/// Who may go a route's way: positions among those who are alike, by load group.
fn riders(p: &Problem, alike: &[Alike], route: usize) -> BTreeMap<Group, Vec<usize>> {
    let r = &p.routes[route];
    let mut riders: BTreeMap<Group, Vec<usize>> = BTreeMap::new();
    for (u, a) in alike.iter().enumerate() {
        if a.origin == r.origin && a.reach.contains(&r.dest) {
            riders.entry(a.group).or_default().push(u);
        }
    }
    riders
}

/// The largest sets of a route's separation groups that may share a convoy, or a cabin, as bits.
pub(super) fn modes(p: &Problem, alike: &[Alike], route: usize) -> Vec<u8> {
    let pairs = if p.routes[route].is_air() { &p.conflicts } else { &p.convoy_apart };
    let mask = riders(p, alike, route).keys().fold(0, |m, g| m | 1 << g.1);
    let all = largest_sets(p.separation_groups.len(), pairs);
    let mut modes: Vec<u8> = all.iter().map(|m| m & mask).filter(|m| *m != 0).collect();
    modes.sort_unstable();
    modes.dedup();
    let inside = |m: &u8| modes.iter().any(|n| n != m && n & m == *m);
    modes.iter().copied().filter(|m| !inside(m)).collect()
}

pub(super) fn build(p: &Problem) -> Program {
    let mut b = Builder {
        p,
        program: Program::default(),
        alike: alike(p),
        arrive: BTreeMap::new(),
        leave_origin: BTreeMap::new(),
        limits: BTreeMap::new(),
        departing: BTreeMap::new(),
        arriving: BTreeMap::new(),
        cover: vec![BTreeMap::new(); p.nights],
        received: BTreeMap::new(),
        used: BTreeMap::new(),
        back: BTreeMap::new(),
        said: gatherings::Said::default(),
    };
    for route in 0..p.routes.len() {
        b.route(route);
    }
    b.sums_of_convoys();
    b.orbits();
    b.nightly_limits();
    b.people();
    b.crowding();
    b.fleet();
    b.housing();
    b.gatherings();
    b.program
}

impl Builder<'_> {
    fn saved(&self, class: usize, night: usize) -> i64 {
        (night..self.p.nights).map(|t| self.p.wait(class, t)).sum::<i64>() + self.p.left(class)
    }

    fn limit(&mut self, tag: Tag, column: u32, n: i64) {
        self.limits.entry(tag).or_default().push((column, n));
    }

    /// `column` uses `n` of what `tag` names for each night of `nights`.
    fn limit_while(
        &mut self,
        tag: impl Fn(usize) -> Tag,
        nights: std::ops::Range<usize>,
        column: u32,
        n: i64,
    ) {
        for t in nights.start..nights.end.min(self.p.nights) {
            self.limit(tag(t), column, n);
        }
    }

    /// How many convoys leave an origin and reach a facility in a night: columns of their own, because
    /// a case that settles one of these sums settles more than one that settles a single convoy.
    fn sums_of_convoys(&mut self) {
        let p = self.p;
        for ((origin, night), terms) in std::mem::take(&mut self.departing) {
            let counted = Counted::Departing { origin, night };
            self.sum_of(counted, terms, p.origins[origin].bays[night]);
        }
        for ((facility, night), terms) in std::mem::take(&mut self.arriving) {
            self.sum_of(Counted::Arriving { facility, night }, terms, i64::MAX);
        }
    }

    /// A column that is the sum of others; of one column it would say nothing.
    fn sum_of(&mut self, counted: Counted, mut terms: Terms, most: i64) {
        if terms.len() > 1 {
            let all: i64 = terms.iter().map(|&(j, n)| n * self.program.most[j as usize]).sum();
            let sum = self.program.column(counted, all.min(most), 0);
            terms.push((sum, -1));
            self.program.equal(Tag::Form, terms, 0);
        }
    }

    fn nightly_limits(&mut self) {
        let p = self.p;
        for (tag, terms) in std::mem::take(&mut self.limits) {
            let limit = match tag {
                Tag::OutProcessing { origin, night } => p.origins[origin].out_limit[night],
                Tag::Intake { facility, night } => p.facilities[facility].intake[night],
                Tag::Bays { origin, night } => p.origins[origin].bays[night],
                Tag::Crossing { crossing, night } => p.crossings[crossing].slots[night],
                Tag::Sorties { night } => p.air.sorties[night],
                Tag::Teams { depot, .. } => p.depots[depot].teams,
                Tag::Guards { depot, .. } => p.depots[depot].guards,
                Tag::Form | Tag::Orbits { .. } | Tag::Fleet { .. } | Tag::Wing { .. } => continue,
            };
            self.program.at_most(tag, terms, limit);
        }
    }
}
