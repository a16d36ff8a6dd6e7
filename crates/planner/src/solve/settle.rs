//! Gives those who have arrived their beds, once it is known who all of them are.

use std::collections::{BTreeMap, VecDeque};

use super::model::{Groups, Model};

/// People by class and facility, and by class and wing.
pub(super) type Arrived = BTreeMap<(usize, usize), i64>;
pub(super) type Housed = BTreeMap<(usize, usize), i64>;

/// Beds under a choice of `hosts` for all who `arrived`, of those that are `free` (by wing): the plainest first, and
/// those with the fewest wings first. Somebody who has a bed takes another where that makes room for those who
/// would have none. People for whom there is no way stay without.
pub(super) fn settle(m: &Model, hosts: &[Groups], free: &[i32], arrived: &Arrived) -> Housed {
    let p = m.problem;
    let wings_of = |class: usize, facility: usize| -> Vec<usize> {
        let takes = |w: &usize| {
            let group: Groups = 1 << p.classes[class].separation;
            p.wings[*w].facility == facility && hosts[*w] & group != 0 && p.suits(class, *w)
        };
        let mut wings: Vec<usize> = (0..p.wings.len()).filter(takes).collect();
        wings.sort_by_key(|&w| (p.wings[w].rating, p.wings[w].medical));
        wings
    };
    let guest = |(&(class, facility), &people): (&(usize, usize), &i64)| Guests {
        class,
        wings: wings_of(class, facility),
        people,
    };
    let mut guests: Vec<Guests> = arrived.iter().map(guest).collect();
    guests.sort_by_key(|g| (g.wings.len(), g.class));
    let mut house = House {
        free: free.iter().map(|&beds| i64::from(beds)).collect(),
        housed: vec![BTreeMap::new(); guests.len()],
        guests,
    };
    for n in 0..house.guests.len() {
        while house.guests[n].people > 0 && house.make_room(n) {}
    }
    let mut all = Housed::new();
    for (guests, housed) in house.guests.iter().zip(&house.housed) {
        for (&wing, &people) in housed.iter().filter(|(_, people)| **people > 0) {
            *all.entry((guests.class, wing)).or_default() += people;
        }
    }
    all
}

/// People of one class who have come to one facility.
struct Guests {
    class: usize,
    /// The plainest first.
    wings: Vec<usize>,
    /// Without a bed.
    people: i64,
}

struct House {
    guests: Vec<Guests>,
    free: Vec<i64>,
    /// By guests: people in each wing.
    housed: Vec<BTreeMap<usize, i64>>,
}

impl House {
    /// Beds for some of guests `n` along the shortest chain of people who change wings; false when there is none.
    fn make_room(&mut self, n: usize) -> bool {
        // By wing: the guests who would move there, and from where (nowhere for those without a bed).
        let mut into: Vec<Option<(usize, Option<usize>)>> = vec![None; self.free.len()];
        let mut next: VecDeque<usize> = VecDeque::new();
        let mut reach =
            |guests: usize, from: Option<usize>, next: &mut VecDeque<usize>, of: &[usize]| {
                for &wing in of.iter().filter(|&&wing| Some(wing) != from) {
                    if into[wing].is_none() {
                        into[wing] = Some((guests, from));
                        next.push_back(wing);
                    }
                }
            };
        reach(n, None, &mut next, &self.guests[n].wings);
        let mut end = None;
        while let Some(wing) = next.pop_front() {
            if self.free[wing] > 0 {
                end = Some(wing);
                break;
            }
            for (other, housed) in self.housed.iter().enumerate() {
                if housed.get(&wing).is_some_and(|&people| people > 0) {
                    reach(other, Some(wing), &mut next, &self.guests[other].wings);
                }
            }
        }
        let Some(end) = end else { return false };
        let mut moves = Vec::new();
        let mut people = self.guests[n].people.min(self.free[end]);
        let mut wing = end;
        while let Some((guests, from)) = into[wing] {
            moves.push((guests, from, wing));
            let Some(from) = from else { break };
            people = people.min(self.housed[guests][&from]);
            wing = from;
        }
        for (guests, from, to) in moves {
            *self.housed[guests].entry(to).or_default() += people;
            if let Some(from) = from {
                *self.housed[guests].entry(from).or_default() -= people;
            }
        }
        self.free[end] -= people;
        self.guests[n].people -= people;
        true
    }
}
