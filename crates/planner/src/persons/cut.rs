//! Cuts: what the class-level problem has to know so that its plans can be carried out by persons.
//!
//! A cut takes a few people out of their class into one of their own, which may not live in a wing,
//! or which is a separation group of its own and so rides apart. A cut only takes plans away, so the
//! bound of the problem without it still holds.

use std::collections::{BTreeMap, BTreeSet};

use super::Traveller;
use super::hall::Hall;
use super::pain::Pain;
use crate::plan::{ClassPlan, Housing, Load, UnmetKind};
use crate::problem::{MAX_SEPARATION_GROUPS, Problem};

/// People who ride as a separation group of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
struct OwnGroup {
    people: BTreeSet<String>,
    /// The group they are of, whose conflicts they keep.
    like: usize,
    /// Groups never with them in one vehicle, aircraft or wing; in one convoy.
    conflicts: BTreeSet<usize>,
    convoy_apart: BTreeSet<usize>,
}

/// All cuts so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cuts {
    barred: BTreeMap<String, BTreeSet<usize>>,
    groups: Vec<OwnGroup>,
    /// Separation groups of the problem before any cut.
    given: usize,
    /// For each person cut from their class because of others, that in words.
    why: BTreeMap<String, String>,
}

/// The problem and its people under cuts, and for each class made by them the one it was cut from.
pub(super) struct Cutting {
    pub problem: Problem,
    pub travellers: Vec<Traveller>,
    origin: BTreeMap<String, String>,
}

impl Cuts {
    pub fn none(problem: &Problem) -> Self {
        Self { given: problem.separation_groups.len(), ..Self::default() }
    }

    /// Cuts of each kind, in words.
    pub fn told(&self, problem: &Problem) -> Vec<String> {
        let wings = self.barred.iter().flat_map(|(person, wings)| {
            wings.iter().map(move |w| format!("{person} not in wing {}", problem.wings[*w].id))
        });
        let groups = self.groups.iter().map(|g| {
            let people: Vec<&str> = g.people.iter().map(String::as_str).collect();
            format!("{} in vehicles apart", people.join(", "))
        });
        wings.chain(groups).collect()
    }

    /// Separation groups made.
    pub fn groups(&self) -> usize {
        self.groups.len()
    }

    /// Adds what would have kept the pain from being; `false` when no cut can.
    pub fn add(&mut self, hall: &Hall, pain: &Pain) -> bool {
        match pain.kind {
            UnmetKind::KeepApartWing => self.bar(hall, pain),
            UnmetKind::KeepApartVehicle | UnmetKind::KeepApartConvoy => self.part(hall, pain),
            UnmetKind::UnderAgeWithAdults => self.part_under_age(hall, pain),
            // A wish, not a rule.
            UnmetKind::RiskGathered => false,
            UnmetKind::TogetherSplit => {
                let people: Vec<usize> = pain.people.clone();
                let one_vehicle =
                    hall.riders[people[0]].group.is_some_and(|g| hall.groups[g].one_vehicle);
                one_vehicle && self.own_group(hall, &people, BTreeSet::new(), BTreeSet::new())
            }
        }
    }

    /// Whoever of the pair has more wings left does not live in this one.
    fn bar(&mut self, hall: &Hall, pain: &Pain) -> bool {
        let Some(wing) = pain.wing else { return false };
        let p = hall.problem;
        let others = |n: usize| {
            let class = hall.riders[n].class;
            (0..p.wings.len()).filter(|&w| w != wing && p.suits(class, w)).count()
        };
        let free = pain.people.iter().copied().filter(|&n| !hall.riders[n].moved);
        let Some(n) = free.filter(|&n| others(n) > 0).max_by_key(|&n| (others(n), n)) else {
            return false;
        };
        self.tell(hall, n, pain);
        self.barred.entry(hall.number(n)).or_default().insert(wing)
    }

    fn tell(&mut self, hall: &Hall, n: usize, pain: &Pain) {
        let others = pain.people.iter().filter(|&&m| m != n).map(|&m| hall.number(m));
        let others: Vec<String> = others.collect();
        self.why.insert(hall.number(n), format!("kept apart from {}", others.join(", ")));
    }

    /// Because of whom somebody was cut from their class.
    pub fn why(&self, person: &str) -> Option<&str> {
        self.why.get(person).map(String::as_str)
    }

    fn part(&mut self, hall: &Hall, pain: &Pain) -> bool {
        let group = |n: usize| hall.problem.classes[hall.riders[n].class].separation;
        let free = pain.people.iter().copied().filter(|&n| !hall.riders[n].moved);
        // Somebody without ties first: others would have to come along.
        let Some(n) = free.min_by_key(|&n| (hall.riders[n].group.is_some(), n)) else {
            return false;
        };
        self.tell(hall, n, pain);
        let other: BTreeSet<usize> =
            pain.people.iter().filter(|&&m| m != n).map(|&m| group(m)).collect();
        let convoy = pain.kind == UnmetKind::KeepApartConvoy;
        let aircraft = pain.cabin.is_some_and(|c| hall.cabins[c].flight);
        let conflicts = if aircraft { other.clone() } else { BTreeSet::new() };
        let convoy_apart = if convoy { other } else { BTreeSet::new() };
        self.own_group(hall, &[n], conflicts, convoy_apart)
    }

    /// All under-18s of the group, apart from every other group in vehicles, aircraft and wings.
    fn part_under_age(&mut self, hall: &Hall, pain: &Pain) -> bool {
        let group = |n: usize| hall.problem.classes[hall.riders[n].class].separation;
        let Some(&first) = pain.people.iter().find(|&&n| !hall.riders[n].moved) else {
            return false;
        };
        let like = group(first);
        let young: Vec<usize> = (0..hall.riders.len())
            .filter(|&n| hall.riders[n].traveller.under18 && group(n) == like)
            .filter(|&n| !hall.riders[n].moved)
            .collect();
        let others = (0..hall.problem.separation_groups.len()).collect();
        self.own_group(hall, &young, others, BTreeSet::new())
    }

    /// `people` and all who belong together with them.
    fn own_group(
        &mut self,
        hall: &Hall,
        people: &[usize],
        conflicts: BTreeSet<usize>,
        convoy_apart: BTreeSet<usize>,
    ) -> bool {
        let like = hall.problem.classes[hall.riders[people[0]].class].separation;
        let kin =
            |&n: &usize| hall.riders[n].group.map_or(vec![n], |g| hall.groups[g].people.clone());
        let people: BTreeSet<String> =
            people.iter().flat_map(kin).map(|n| hall.number(n)).collect();
        let known = |g: &OwnGroup| people.iter().any(|p| g.people.contains(p));
        let full = self.given + self.groups.len() >= MAX_SEPARATION_GROUPS;
        if full || self.groups.iter().any(known) {
            return false;
        }
        self.groups.push(OwnGroup { people, like, conflicts, convoy_apart });
        true
    }

    /// The problem under these cuts.
    pub fn apply(&self, problem: &Problem, travellers: &[Traveller]) -> Cutting {
        let mut cut = Cutting {
            problem: problem.clone(),
            travellers: travellers.to_vec(),
            origin: BTreeMap::new(),
        };
        let first = problem.separation_groups.len();
        for (n, group) in self.groups.iter().enumerate() {
            let own = first + n;
            let p = &mut cut.problem;
            p.separation_groups.push(format!("{}/{}", p.separation_groups[group.like], n + 1));
            inherit(&mut p.conflicts, group.like, own);
            inherit(&mut p.convoy_apart, group.like, own);
            p.conflicts.extend(group.conflicts.iter().map(|&g| [g, own]));
            p.convoy_apart.extend(group.convoy_apart.iter().map(|&g| [g, own]));
        }
        let mut made: BTreeMap<(String, Option<usize>, Vec<usize>), String> = BTreeMap::new();
        for traveller in &mut cut.travellers {
            let group = self.groups.iter().position(|g| g.people.contains(&traveller.number));
            let barred = self.barred.get(&traveller.number);
            if group.is_none() && barred.is_none() {
                continue;
            }
            let barred: Vec<usize> = barred.into_iter().flatten().copied().collect();
            let key = (traveller.class.clone(), group, barred.clone());
            let next = format!("{}/{}", traveller.class, made.len() + 1);
            let id = made.entry(key).or_insert(next).clone();
            let p = &mut cut.problem;
            let Some(from) = p.class_at(&traveller.class) else {
                continue;
            };
            if !p.classes.iter().any(|c| c.id == id) {
                let mut class = p.classes[from].clone();
                (class.id, class.count) = (id.clone(), 0);
                class.ready.fill(0);
                class.barred.extend(barred);
                class.separation = group.map_or(class.separation, |g| first + g);
                p.classes.push(class);
            }
            for class in p.classes.iter_mut().filter(|c| c.id == id || c.id == traveller.class) {
                let sign = if class.id == id { 1 } else { -1 };
                class.count += sign;
                class.ready.iter_mut().skip(traveller.ready).for_each(|n| *n += sign);
                let count = class.count;
                class.ready.iter_mut().for_each(|n| *n = (*n).clamp(0, count));
            }
            cut.origin.insert(id.clone(), traveller.class.clone());
            traveller.class = id;
        }
        cut
    }
}

/// `own` keeps the conflicts of the group it is like.
fn inherit(pairs: &mut Vec<[usize; 2]>, like: usize, own: usize) {
    let new: Vec<[usize; 2]> = (pairs.iter())
        .filter(|pair| pair.contains(&like))
        .map(|&[a, b]| if a == like { [own, b] } else { [a, own] })
        .collect();
    pairs.extend(new);
}

impl Cutting {
    /// A plan of this problem in the classes of the problem before the cuts.
    pub fn mend(&self, plan: &mut ClassPlan) {
        let vehicles = plan.convoys.iter_mut().flat_map(|c| &mut c.vehicles).map(|v| &mut v.load);
        vehicles.chain(plan.sorties.iter_mut().map(|s| &mut s.load)).for_each(|load| {
            let mut mended = Load::new();
            for (class, n) in std::mem::take(load) {
                *mended.entry(self.class_before(class)).or_insert(0) += n;
            }
            *load = mended;
        });
        let mut housing: BTreeMap<(String, String), i64> = BTreeMap::new();
        for h in plan.housing.drain(..) {
            *housing.entry((self.class_before(h.class), h.wing)).or_insert(0) += h.count;
        }
        let list = housing.into_iter().map(|((class, wing), count)| Housing { class, wing, count });
        plan.housing = list.collect();
    }

    fn class_before(&self, id: String) -> String {
        self.origin.get(&id).cloned().unwrap_or(id)
    }

    /// A reason in words that names the class before the cuts.
    pub fn mend_words(&self, reason: &str) -> String {
        let mut words = reason.to_owned();
        for (id, before) in self.origin.iter().rev() {
            words = words.replace(id.as_str(), before);
        }
        words
    }
}
