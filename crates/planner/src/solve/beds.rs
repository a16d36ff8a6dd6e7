//! Who can still be housed, under a choice of hosts.
//!
//! A plan says how many of each class live in each wing only as a whole, so nobody need be given a bed when they
//! arrive. All who come to a facility have beds exactly if no set of its wings has more people who can live
//! nowhere else than beds (P. Hall, "On Representatives of Subsets", 1935, with more than one place each). A
//! class's own wings, and overlapping ones of several classes together, are the only sets that can be full first.

use std::collections::BTreeMap;

use super::model::{Groups, Lane, LaneClass, Model};

/// Sets of wings that are counted in a facility, one bit each.
pub(super) type Sets = u64;
/// Sets beyond which people are given one wing alone, and beyond which even that is not counted.
const MANY_SETS: usize = 48;
const MOST_SETS: usize = Sets::BITS as usize;

/// By lane class the sets of wings that it fills, and how much room each set has.
#[derive(Default)]
pub(super) struct Beds {
    pub hosts: Vec<Groups>,
    /// Free before the search, by wing.
    free: Vec<i32>,
    /// Nothing where no wing takes the class.
    sets: Vec<Option<Sets>>,
    /// Where in the state each facility's sets begin: the state ends in the room left in each.
    first: Vec<usize>,
    /// Room in each set before the search.
    rooms: Vec<i32>,
}

impl Beds {
    /// `free` are the beds that nobody has, by wing.
    pub fn new(m: &Model, hosts: &[Groups], free: &[i32]) -> Self {
        let mut beds = Self { free: free.to_vec(), ..Self::default() };
        beds.set(m, hosts);
        beds
    }

    /// Takes another choice of hosts.
    pub fn set(&mut self, m: &Model, hosts: &[Groups]) {
        self.hosts.clear();
        self.hosts.extend_from_slice(hosts);
        let classes = m.lanes.iter().map(|lane| lane.classes.len()).sum();
        self.sets.clear();
        self.sets.resize(classes, None);
        self.first.clear();
        self.rooms.clear();
        for facility in 0..m.problem.facilities.len() {
            self.first.push(m.layout.len + self.rooms.len());
            self.count(m, facility);
        }
    }

    /// Writes the room before the search behind the rest of a state.
    pub fn begin(&self, m: &Model, state: &mut Vec<i32>) {
        state.truncate(m.layout.len);
        state.extend_from_slice(&self.rooms);
    }

    pub fn rooms(&self, facility: usize) -> Rooms {
        let (first, next) = (self.first[facility], self.first.get(facility + 1));
        let end = next.copied().unwrap_or_else(|| self.first[0] + self.rooms.len());
        Rooms { first, end }
    }

    /// The sets that the class at `position` of `lane` fills; nothing where no wing takes it.
    pub fn sets(&self, lane: &Lane, position: usize) -> Option<Sets> {
        self.sets[lane.before + position]
    }

    fn count(&mut self, m: &Model, facility: usize) {
        let p = m.problem;
        let lanes = || m.lanes.iter().skip(facility).step_by(p.facilities.len());
        let choice = |hosts: &[Groups], c: &LaneClass| {
            let takes = c.wings.iter().filter(|&&w| hosts[w as usize] & c.separation != 0);
            takes.fold(0, |all, &w| all | m.wing_bit[w as usize])
        };
        let mut choices = Choices::new();
        for c in lanes().flat_map(|lane| &lane.classes) {
            *choices.entry(choice(&self.hosts, c)).or_default() += p.classes[c.class].count;
        }
        let here = |w: &usize| p.wings[*w].facility == facility;
        let beds = |wings: u64| -> i32 {
            let of = (0..p.wings.len()).filter(here).filter(|&w| m.wing_bit[w] & wings != 0);
            of.map(|w| self.free[w]).sum()
        };
        let counted = Counted::new(choices, &beds);
        for lane in lanes() {
            for (position, c) in lane.classes.iter().enumerate() {
                self.sets[lane.before + position] = counted.filled_by(choice(&self.hosts, c));
            }
        }
        self.rooms.extend(counted.sets.iter().map(|&set| beds(set)));
    }
}

/// Wings that people can choose from, with how many have no other choice.
type Choices = BTreeMap<u64, i64>;

/// The sets of one facility's wings that are counted.
struct Counted {
    sets: Vec<u64>,
    /// The wings given to the people of each choice: all of theirs, as long as the sets can be counted.
    given: BTreeMap<u64, u64>,
}

impl Counted {
    fn new(choices: Choices, beds: &dyn Fn(u64) -> i32) -> Self {
        let mut by_people: Vec<(u64, i64)> = choices.into_iter().filter(|&(w, _)| w != 0).collect();
        by_people.sort_by_key(|&(_, people)| std::cmp::Reverse(people));
        let (mut sets, mut given) = (Vec::new(), BTreeMap::new());
        for &(wings, _) in &by_people {
            if join(&mut sets, wings, MANY_SETS) {
                given.insert(wings, wings);
                continue;
            }
            let each = (0..u64::BITS).map(|n| wings & 1 << n).filter(|&wing| wing != 0);
            if let Some(alone) = each.max_by_key(|&wing| beds(wing))
                && join(&mut sets, alone, MOST_SETS)
            {
                given.insert(wings, alone);
            }
        }
        // A set with beds for everybody who could need one never fills.
        let people = |set: u64| -> i64 {
            let within = |wings: &u64| given.get(wings).is_some_and(|to| to & !set == 0);
            by_people.iter().filter(|(wings, _)| within(wings)).map(|(_, people)| people).sum()
        };
        sets.retain(|&set| i64::from(beds(set)) < people(set));
        Self { sets, given }
    }

    /// The sets that people of a choice fill; nothing when they have no wing.
    fn filled_by(&self, wings: u64) -> Option<Sets> {
        let to = self.given.get(&wings)?;
        let filled = self.sets.iter().enumerate().filter(|(_, set)| to & !**set == 0);
        Some(filled.fold(0, |all, (n, _)| all | 1 << n))
    }
}

/// Adds a set, and its unions with those that it overlaps; false, with nothing added, if they were more than
/// `most` then.
fn join(sets: &mut Vec<u64>, set: u64, most: usize) -> bool {
    let before = sets.len();
    let mut next = before;
    if !sets.contains(&set) {
        sets.push(set);
    }
    while next < sets.len() {
        for other in 0..next {
            let (a, b) = (sets[next], sets[other]);
            if a & b != 0 && !sets.contains(&(a | b)) {
                sets.push(a | b);
            }
        }
        if sets.len() > most {
            sets.truncate(before);
            return false;
        }
        next += 1;
    }
    true
}

/// The sets of one facility in a state.
#[derive(Clone, Copy, Default)]
pub(super) struct Rooms {
    first: usize,
    end: usize,
}

impl Rooms {
    /// The sets with room for fewer people than so many.
    pub fn below(self, people: i32, state: &[i32]) -> Sets {
        let rooms = state[self.first..self.end].iter().enumerate();
        rooms.fold(0, |sets, (n, &room)| sets | Sets::from(room < people) << n)
    }

    /// How many more people can be housed who fill these sets.
    pub fn left(self, sets: Sets, state: &[i32]) -> i32 {
        let rooms = &state[self.first..];
        each(sets).map(|n| rooms[n]).min().unwrap_or(i32::MAX)
    }

    pub fn take(self, sets: Sets, people: i32, state: &mut [i32]) {
        let rooms = &mut state[self.first..];
        each(sets).for_each(|n| rooms[n] -= people);
    }
}

fn each(mut sets: Sets) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let n = sets.trailing_zeros();
        sets &= sets.wrapping_sub(1);
        (n < Sets::BITS).then_some(n as usize)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// By all subsets of the choices, which is what Hall's condition says.
    fn all_can_be_housed(come: &[(u64, i64)], beds: &dyn Fn(u64) -> i32) -> bool {
        (1u32..1 << come.len()).all(|subset| {
            let of = || come.iter().enumerate().filter(|(n, _)| subset >> n & 1 == 1);
            let wings = of().fold(0, |all, (_, (wings, _))| all | wings);
            of().map(|(_, (_, people))| people).sum::<i64>() <= i64::from(beds(wings))
        })
    }

    proptest! {
        /// Those who come have beds exactly if no counted set is overfull.
        #[test]
        fn no_set_is_overfull_exactly_if_all_have_beds(
            people in prop::collection::btree_map(1u64..16, 5i64..20, 2..6),
            wings in prop::collection::vec(0i32..15, 4),
            share in prop::collection::vec(30i64..=100, 6),
        ) {
            let beds = |set: u64| (0..4).filter(|n| set >> n & 1 == 1).map(|n| wings[n]).sum();
            let come: Vec<(u64, i64)> =
                people.iter().zip(share).map(|((&w, &n), share)| (w, n * share / 100)).collect();
            let counted = Counted::new(people.clone(), &beds);
            let mut rooms: Vec<i32> = counted.sets.iter().map(|&set| beds(set)).collect();
            let at = Rooms { first: 0, end: rooms.len() };
            for &(wings, n) in &come {
                let sets = counted.filled_by(wings).expect("few sets");
                at.take(sets, n as i32, &mut rooms);
            }
            prop_assert_eq!(rooms.iter().all(|&room| room >= 0), all_can_be_housed(&come, &beds));
        }

        /// Where there are too many sets, whoever is said to have a bed has one.
        #[test]
        fn too_many_sets_give_away_no_bed_twice(
            people in prop::collection::btree_map(1u64..1 << 12, 1i64..30, 9..12),
        ) {
            let beds = |set: u64| set.count_ones() as i32 * 10;
            let counted = Counted::new(people.clone(), &beds);
            prop_assert!(counted.sets.len() <= MOST_SETS);
            let mut rooms: Vec<i32> = counted.sets.iter().map(|&set| beds(set)).collect();
            let at = Rooms { first: 0, end: rooms.len() };
            let come: Vec<(u64, i64)> = (people.iter())
                .map(|(&wings, &n)| {
                    let Some(sets) = counted.filled_by(wings) else { return (wings, 0) };
                    let n = at.left(sets, &rooms).min(n as i32);
                    at.take(sets, n, &mut rooms);
                    (wings, i64::from(n))
                })
                .collect();
            prop_assert!(all_can_be_housed(&come, &beds));
        }
    }
}
