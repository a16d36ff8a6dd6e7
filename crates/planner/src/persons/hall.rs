//! The hall: everyone's seat and bed while they are being exchanged.

use std::collections::BTreeMap;

use super::memory::Was;
use super::{SeatIn, Seating, Traveller};
use crate::plan::{ClassPlan, Housing, Unmet, Unplaced};
use crate::problem::{Need, Problem};

/// One vehicle or aircraft of the plan.
pub(super) struct Cabin {
    pub seat: SeatIn,
    pub night: i64,
    pub route: usize,
    pub flight: bool,
    /// Convoy (or sortie) it belongs to, counted over both.
    pub movement: usize,
    pub dest: usize,
    /// People it may take by its type; for an aircraft those aboard, as nobody is added to one.
    pub places: i64,
    pub people: Vec<usize>,
    pub minors: i64,
}

/// Someone to be seated, by position in the list of travellers.
pub(super) struct Rider<'a> {
    pub traveller: &'a Traveller,
    pub class: usize,
    /// People of one pool weigh the same and may change places whole.
    pub pool: usize,
    /// Ready with all they belong together with.
    pub ready: usize,
    pub apart: Vec<Apart>,
    /// Position in [`Hall::groups`].
    pub group: Option<usize>,
    /// Where they ride and sleep; nobody not moved has either.
    pub place: Option<Place>,
    /// Has moved: keeps the place.
    pub moved: bool,
    pub was: Option<Was>,
}

/// Somebody to be kept apart from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Apart {
    pub from: usize,
    /// Not in one convoy either.
    pub convoy: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub cabin: usize,
    pub wing: usize,
}

/// People who belong together and have not moved: of one origin and separation group.
pub(super) struct Group {
    pub name: String,
    pub people: Vec<usize>,
    /// All need the same vehicle; otherwise one movement is enough.
    pub one_vehicle: bool,
}

pub(super) struct Hall<'a> {
    pub problem: &'a Problem,
    pub riders: Vec<Rider<'a>>,
    pub cabins: Vec<Cabin>,
    pub groups: Vec<Group>,
    /// People who have not moved, by pool; those staying behind included.
    pub pools: Vec<Vec<usize>>,
    /// Free beds by wing, and people of each separation group in it.
    pub free_beds: Vec<i64>,
    pub guests: Vec<Vec<i64>>,
}

impl Hall<'_> {
    pub fn number(&self, n: usize) -> String {
        self.riders[n].traveller.number.clone()
    }

    /// Origin, need and separation group: who may share a vehicle.
    pub fn load_group(&self, n: usize) -> (usize, Need, usize) {
        let class = &self.problem.classes[self.riders[n].class];
        (class.origin, class.need, class.separation)
    }

    /// Vehicles (or movements) a group is spread over, beyond the first; staying behind counts as
    /// one.
    pub fn split(&self, group: usize) -> i64 {
        let group = &self.groups[group];
        let where_is = |n: usize| {
            let cabin = self.riders[n].place.map(|p| p.cabin);
            if group.one_vehicle { cabin } else { cabin.map(|c| self.cabins[c].movement) }
        };
        let people = &group.people;
        let new = |i: &usize| !people[..*i].iter().any(|&m| where_is(m) == where_is(people[*i]));
        (1..people.len()).filter(new).count() as i64
    }

    /// Under-18s among strangers, or strangers among under-18s, whichever are fewer. Adults who
    /// belong together with an under-18 aboard are no strangers.
    pub fn mixed(&self, cabin: usize) -> i64 {
        let cabin = &self.cabins[cabin];
        if cabin.minors == 0 || cabin.minors == cabin.people.len() as i64 {
            return 0;
        }
        let minor = |n: &&usize| self.riders[**n].traveller.under18;
        let kin = |n: usize| {
            let group = self.riders[n].group;
            group.is_some()
                && cabin.people.iter().filter(minor).any(|&m| self.riders[m].group == group)
        };
        let strangers = cabin.people.iter().filter(|n| !minor(n) && !kin(**n)).count() as i64;
        cabin.minors.min(strangers)
    }

    /// Whether the wing may take one more of the class, beside those who live there.
    pub fn welcomes(&self, wing: usize, class: usize) -> bool {
        let own = self.problem.classes[class].separation;
        let hostile = |[a, b]: &[usize; 2]| {
            (*a == own && self.guests[wing][*b] > 0) || (*b == own && self.guests[wing][*a] > 0)
        };
        self.free_beds[wing] > 0
            && self.problem.suits(class, wing)
            && !self.problem.conflicts.iter().any(hostile)
    }

    pub fn leave_bed(&mut self, n: usize, wing: usize) {
        self.free_beds[wing] += 1;
        self.guests[wing][self.problem.classes[self.riders[n].class].separation] -= 1;
    }

    pub fn take_bed(&mut self, n: usize, wing: usize) {
        self.free_beds[wing] -= 1;
        self.guests[wing][self.problem.classes[self.riders[n].class].separation] += 1;
    }

    pub fn board(&mut self, n: usize, cabin: usize) {
        self.cabins[cabin].people.push(n);
        self.cabins[cabin].minors += i64::from(self.riders[n].traveller.under18);
    }

    pub fn alight(&mut self, n: usize, cabin: usize) {
        let cabin = &mut self.cabins[cabin];
        if let Some(at) = cabin.people.iter().position(|&m| m == n) {
            cabin.people.remove(at);
            cabin.minors -= i64::from(self.riders[n].traveller.under18);
        }
    }

    /// What changes for somebody against the plan in force.
    pub fn change(&self, n: usize) -> i64 {
        let rider = &self.riders[n];
        let at = rider.place.map(|p| (&self.cabins[p.cabin], p.cabin, p.wing));
        rider.was.map_or(0, |was| was.change(at))
    }

    pub fn cabin_name(&self, cabin: usize) -> String {
        let cabin = &self.cabins[cabin];
        match cabin.seat {
            SeatIn::Vehicle { convoy, vehicle } => {
                format!("night {} convoy {convoy} vehicle {vehicle}", cabin.night)
            }
            SeatIn::Aircraft { sortie } => format!("night {} sortie {sortie}", cabin.night),
        }
    }

    pub fn into_seating(
        self,
        plan: &ClassPlan,
        unplaced: Vec<Unplaced>,
        unmet: Vec<Unmet>,
        exchanges: u64,
    ) -> Seating {
        let p = self.problem;
        let mut plan = plan.clone();
        plan.convoys.iter_mut().flat_map(|c| &mut c.vehicles).for_each(|v| v.load.clear());
        plan.sorties.iter_mut().for_each(|s| s.load.clear());
        let (mut seats, mut beds) = (BTreeMap::new(), BTreeMap::new());
        let mut housing: BTreeMap<(usize, usize), i64> = BTreeMap::new();
        for rider in &self.riders {
            let Some(place) = rider.place else { continue };
            let seat = self.cabins[place.cabin].seat;
            let load = match seat {
                SeatIn::Vehicle { convoy, vehicle } => {
                    &mut plan.convoys[convoy].vehicles[vehicle].load
                }
                SeatIn::Aircraft { sortie } => &mut plan.sorties[sortie].load,
            };
            *load.entry(p.classes[rider.class].id.clone()).or_insert(0) += 1;
            *housing.entry((rider.class, place.wing)).or_insert(0) += 1;
            seats.insert(rider.traveller.number.clone(), seat);
            beds.insert(rider.traveller.number.clone(), p.wings[place.wing].id.clone());
        }
        plan.housing = (housing.into_iter())
            .map(|((k, w), count)| Housing {
                class: p.classes[k].id.clone(),
                wing: p.wings[w].id.clone(),
                count,
            })
            .collect();
        Seating { plan, seats, beds, unplaced, unmet, exchanges }
    }
}
