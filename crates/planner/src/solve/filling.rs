//! Who could ride with the convoy that is being filled, kept up to date vehicle by vehicle.

use super::beds::{Beds, Rooms, Sets};
use super::decode::Listener;
use super::genome::{ANY, Wish};
use super::model::{Evening, Groups, Lane, Model};
use crate::problem::MAX_VEHICLE_TYPES;

/// People of one class who could ride: those who may board, as far as there are beds for them.
struct Riders {
    /// Position in the lane's classes.
    position: usize,
    able: i32,
    /// Sets of wings that each of them fills.
    sets: Sets,
    /// What one of them is worth before others.
    weight: i32,
}

/// One of a favoured class is worth so many of another.
const FAVOUR: i32 = 4;

/// Who may ride with a convoy or an aircraft.
#[derive(Clone, Copy)]
pub(super) struct Asked<'w> {
    pub mode: Groups,
    pub wish: &'w Wish,
    /// The most people.
    pub room: i32,
}

/// A load group with somebody who could ride.
struct Waiting {
    /// Position in the lane's groups.
    group: usize,
    /// Where in [`Filling::riders`] its classes are, worst off first.
    riders: std::ops::Range<usize>,
    stale: bool,
    /// Worth of one vehicle of each type filled from this group.
    worth: [i32; MAX_VEHICLE_TYPES],
}

#[derive(Default)]
pub(super) struct Filling {
    riders: Vec<Riders>,
    waiting: Vec<Waiting>,
    /// Beds where the riders go.
    rooms: Rooms,
    /// Sets that can fill while this convoy is.
    scarce: Sets,
}

/// What a convoy may still take.
pub(super) struct Allowance<'a> {
    pub room: i32,
    pub guards: i32,
    pub wanted: &'a [u8; MAX_VEHICLE_TYPES],
    /// Vehicles at the depot, by type.
    pub stock: &'a [i32],
}

/// One of the waiting groups.
#[derive(Clone, Copy)]
pub(super) struct Boarding(usize);

/// Where people may ride from and to.
#[derive(Clone, Copy)]
pub(super) struct Way<'a> {
    pub model: &'a Model<'a>,
    pub lane: &'a Lane,
}

/// A vehicle to send next, and who rides in it.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    pub vehicle: usize,
    pub riders: Boarding,
}

impl Filling {
    /// Looks at the lane for those who are asked; false when nobody could ride.
    pub fn start(
        &mut self,
        evening: Evening,
        lane: &Lane,
        asked: Asked,
        beds: &Beds,
        state: &[i32],
    ) -> bool {
        self.riders.clear();
        self.waiting.clear();
        self.rooms = beds.rooms(lane.facility);
        self.scarce = self.rooms.below(lane.largest.saturating_add(asked.room), state);
        for (group, g) in lane.groups.iter().enumerate() {
            if g.separation & asked.mode == 0 {
                continue;
            }
            let first = self.riders.len();
            for position in g.classes.clone() {
                let c = &lane.classes[position];
                let present = evening.able(c.class, state);
                let present = present.min(asked.wish.most(c.bit));
                if present == 0 {
                    continue;
                }
                let Some(sets) = beds.sets(lane, position) else { continue };
                let able = present.min(self.rooms.left(sets & self.scarce, state));
                if able > 0 {
                    let favoured = c.bit & asked.wish.favoured != 0;
                    let weight = c.vulnerability as i32 * if favoured { FAVOUR } else { 1 };
                    self.riders.push(Riders { position, able, sets, weight });
                }
            }
            if asked.wish.favoured != 0 {
                self.riders[first..].sort_by_key(|r| std::cmp::Reverse(r.weight));
            }
            let riders = first..self.riders.len();
            if !riders.is_empty() {
                let worth = [0; MAX_VEHICLE_TYPES];
                self.waiting.push(Waiting { group, riders, stale: true, worth });
            }
        }
        !self.waiting.is_empty()
    }

    /// The waiting group at this position of the lane's groups.
    pub fn riders_of(&self, group: usize) -> Option<Boarding> {
        self.waiting.iter().position(|w| w.group == group).map(Boarding)
    }

    /// Vehicle type and load group worth most: first among the types asked for by number, then
    /// among groups that were `promised` the night (people by class, or nothing at all).
    pub fn best(
        &mut self,
        m: &Model,
        lane: &Lane,
        allowed: &Allowance,
        promised: &[i32],
    ) -> Option<Choice> {
        let short = allowed.room < m.max_places;
        let mut usable = [false; MAX_VEHICLE_TYPES];
        for (v, usable) in usable.iter_mut().enumerate().take(m.places.len()) {
            *usable =
                allowed.wanted[v] != 0 && allowed.stock[v] > 0 && allowed.guards >= m.guards[v];
        }
        let mut best = None;
        let (mut most, mut asked) = ((false, 0), false);
        for (n, waiting) in self.waiting.iter_mut().enumerate() {
            let group = &lane.groups[waiting.group];
            if waiting.stale || short {
                waiting.stale = false;
                let riders = &self.riders[waiting.riders.clone()];
                for &v in &group.suited {
                    let places = m.places[v].min(allowed.room);
                    waiting.worth[v] = worth(riders, places) * group.scarcity;
                }
            }
            let told = group.is_told(promised);
            for &v in &group.suited {
                let worth = (told, waiting.worth[v]);
                if usable[v] && worth.1 > 0 {
                    let by_number = allowed.wanted[v] != ANY;
                    if (by_number, worth) > (asked, most) {
                        (most, asked) = (worth, by_number);
                        best = Some(Choice { vehicle: v, riders: Boarding(n) });
                    }
                }
            }
        }
        best
    }

    /// Seats up to `places` people of the chosen group, for whom there are beds: first those who were
    /// `promised` the night, then the worst off.
    pub fn board(
        &mut self,
        way: Way,
        boarding: Boarding,
        places: i32,
        promised: &mut [i32],
        (state, out): (&mut [i32], &mut impl Listener),
    ) -> i32 {
        let told = self.board_told(way, boarding, places, promised, (&mut *state, &mut *out));
        told + self.board_some(way, boarding, places - told, None, (state, out))
    }

    /// Seats only those who were `promised` the night.
    pub fn board_told(
        &mut self,
        way: Way,
        boarding: Boarding,
        places: i32,
        promised: &mut [i32],
        to: (&mut [i32], &mut impl Listener),
    ) -> i32 {
        match promised.is_empty() {
            true => 0,
            false => self.board_some(way, boarding, places, Some(promised), to),
        }
    }

    /// The worst off first; with `promised`, at most so many of each class.
    fn board_some(
        &mut self,
        way: Way,
        Boarding(group): Boarding,
        places: i32,
        mut promised: Option<&mut [i32]>,
        (state, out): (&mut [i32], &mut impl Listener),
    ) -> i32 {
        let Way { model: m, lane } = way;
        let mut left = places;
        for i in self.waiting[group].riders.clone() {
            let Riders { position, able, sets, .. } = self.riders[i];
            let told = promised.as_ref().map_or(able, |people| people[position]);
            let n = left.min(able).min(told);
            if n <= 0 {
                continue;
            }
            let class = lane.classes[position].class;
            self.rooms.take(sets, n, state);
            self.riders[i].able = able - n;
            self.took_beds(sets & self.scarce, state);
            depart(m, class, n, state);
            left -= n;
            out.board(class, n);
            if let Some(people) = &mut promised {
                people[position] -= n;
            }
            if left == 0 {
                break;
            }
        }
        self.waiting[group].stale = true;
        places - left
    }

    /// Beds are gone for everyone on the lane who fills some of the same sets.
    fn took_beds(&mut self, sets: Sets, state: &[i32]) {
        if sets == 0 {
            return;
        }
        for waiting in &mut self.waiting {
            for riders in &mut self.riders[waiting.riders.clone()] {
                let room = self.rooms.left(riders.sets & sets, state);
                if room < riders.able {
                    riders.able = room;
                    waiting.stale = true;
                }
            }
        }
    }
}

/// Takes people who leave off every count of those who wait.
pub(super) fn depart(m: &Model, class: usize, people: i32, state: &mut [i32]) {
    state[class] -= people;
    state[m.class_crowd[class]] -= people;
    state[m.layout.at + m.class_origin[class]] -= people;
}

fn worth(riders: &[Riders], places: i32) -> i32 {
    let (mut left, mut sum) = (places, 0);
    for r in riders {
        let n = left.min(r.able);
        sum += n * r.weight;
        left -= n;
        if left == 0 {
            break;
        }
    }
    sum
}
