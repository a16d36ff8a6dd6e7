//! The hall: everyone's seat and bed while they are being exchanged, and what hurts.

use std::collections::{BTreeMap, HashMap};

use super::{SeatIn, Seating, SeatingError, Traveller};
use crate::plan::{ClassPlan, Housing, Unmet, UnmetKind, Unplaced};
use crate::problem::Problem;

/// One vehicle or aircraft of the plan.
pub(super) struct Cabin {
    pub seat: SeatIn,
    pub night: i64,
    /// Convoy (or sortie) it belongs to, counted over both.
    pub movement: usize,
    pub dest: usize,
    pub people: Vec<usize>,
    pub minors: i64,
    pub risk: i64,
}

/// Someone who is moved, by position in the list of travellers.
pub(super) struct Rider<'a> {
    pub traveller: &'a Traveller,
    pub class: usize,
    /// Keep-apart partners who are moved too.
    pub apart: Vec<usize>,
    /// Position in [`Hall::groups`].
    pub group: Option<usize>,
    /// Where they ride and sleep; nobody not moved has either.
    pub place: Option<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub cabin: usize,
    pub wing: usize,
}

pub(super) struct Hall<'a> {
    pub problem: &'a Problem,
    pub riders: Vec<Rider<'a>>,
    pub cabins: Vec<Cabin>,
    /// People who belong together.
    pub groups: Vec<Vec<usize>>,
    pub group_names: Vec<&'a str>,
    /// Moved people by class, and by (separation group, facility).
    pub by_class: Vec<Vec<usize>>,
}

impl<'a> Hall<'a> {
    pub fn new(
        problem: &'a Problem,
        plan: &ClassPlan,
        travellers: &'a [Traveller],
    ) -> Result<Self, SeatingError> {
        let riders = riders(problem, travellers)?;
        let mut hall = Self {
            problem,
            riders,
            cabins: Vec::new(),
            groups: Vec::new(),
            group_names: Vec::new(),
            by_class: vec![Vec::new(); problem.classes.len()],
        };
        hall.link();
        hall.fill(plan);
        Ok(hall)
    }

    /// Who must be apart from whom, and who belongs together.
    fn link(&mut self) {
        let numbers: HashMap<&str, usize> =
            self.riders.iter().enumerate().map(|(n, r)| (r.traveller.number.as_str(), n)).collect();
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for n in 0..self.riders.len() {
            let t = self.riders[n].traveller;
            for other in t.keep_apart.iter().filter_map(|x| numbers.get(x.as_str()).copied()) {
                if other != n && !self.riders[n].apart.contains(&other) {
                    self.riders[n].apart.push(other);
                    self.riders[other].apart.push(n);
                }
            }
            if let Some(group) = &t.together {
                groups.entry(group).or_default().push(n);
            }
        }
        for (name, people) in groups {
            for &n in &people {
                self.riders[n].group = Some(self.groups.len());
            }
            self.groups.push(people);
            self.group_names.push(name);
        }
    }

    /// Seats each class in order: the first to go on the first night, under-18s side by side.
    fn fill(&mut self, plan: &ClassPlan) {
        let p = self.problem;
        let class_of = |id: &str| p.classes.iter().position(|c| c.id == id).unwrap_or(0);
        let mut seats: Vec<Vec<usize>> = vec![Vec::new(); p.classes.len()];
        let dest = |id: &str| p.routes.iter().find(|r| r.id == id).map_or(0, |r| r.dest);
        let mut cabins = Vec::new();
        for (convoy, c) in plan.convoys.iter().enumerate() {
            for (vehicle, v) in c.vehicles.iter().enumerate() {
                let seat = SeatIn::Vehicle { convoy, vehicle };
                cabins.push((seat, c.night, convoy, dest(&c.route), &v.load));
            }
        }
        for (sortie, s) in plan.sorties.iter().enumerate() {
            let movement = plan.convoys.len() + sortie;
            cabins.push((SeatIn::Aircraft { sortie }, s.night, movement, dest(&s.route), &s.load));
        }
        cabins.sort_by_key(|(seat, night, ..)| (*night, *seat));
        for (seat, night, movement, dest, load) in cabins {
            for (k, &n) in load {
                let class = class_of(k);
                seats[class].extend(std::iter::repeat_n(self.cabins.len(), n.max(0) as usize));
            }
            let people = Vec::new();
            self.cabins.push(Cabin { seat, night, movement, dest, people, minors: 0, risk: 0 });
        }
        let mut beds: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        for h in &plan.housing {
            let w = p.wings.iter().position(|w| w.id == h.wing).unwrap_or(0);
            let list = beds.entry((class_of(&h.class), p.wings[w].facility)).or_default();
            list.extend(std::iter::repeat_n(w, h.count.max(0) as usize));
        }
        for (k, seats) in seats.into_iter().enumerate() {
            let mut queue: Vec<usize> =
                (0..self.riders.len()).filter(|&n| self.riders[n].class == k).collect();
            queue.sort_by_key(|&n| {
                let t = self.riders[n].traveller;
                (t.ready, std::cmp::Reverse(t.priority), t.waiting_since, &t.number)
            });
            queue.truncate(seats.len());
            // The same people move; of those in one night, the under-18s take the first cabins.
            let mut from = 0;
            while from < queue.len() {
                let night = self.cabins[seats[from]].night;
                let to = (from..queue.len())
                    .find(|&i| self.cabins[seats[i]].night != night)
                    .unwrap_or(queue.len());
                queue[from..to].sort_by_key(|&n| !self.riders[n].traveller.under18);
                from = to;
            }
            for (&n, &cabin) in queue.iter().zip(&seats) {
                let bed = beds.get_mut(&(k, self.cabins[cabin].dest)).and_then(Vec::pop);
                let Some(wing) = bed else { continue };
                self.riders[n].place = Some(Place { cabin, wing });
                self.by_class[k].push(n);
                let t = self.riders[n].traveller;
                let cabin = &mut self.cabins[cabin];
                cabin.people.push(n);
                cabin.minors += i64::from(t.under18);
                cabin.risk += i64::from(t.risk);
            }
        }
    }

    /// What is not met, with why and what would help.
    pub fn unmet(&self) -> Vec<Unmet> {
        let mut out = Vec::new();
        let number = |n: usize| self.riders[n].traveller.number.clone();
        for (a, rider) in self.riders.iter().enumerate() {
            for &b in rider.apart.iter().filter(|&&b| a < b) {
                let (Some(x), Some(y)) = (rider.place, self.riders[b].place) else { continue };
                let mut persons = vec![number(a), number(b)];
                persons.sort();
                if x.cabin == y.cabin {
                    out.push(Unmet {
                        kind: UnmetKind::KeepApartVehicle,
                        persons: persons.clone(),
                        place: self.cabin_name(x.cabin),
                        reason: "no exchange of seats parts them: give their load group a second \
                                 vehicle that night"
                            .to_owned(),
                    });
                }
                if x.wing == y.wing {
                    let wing = &self.problem.wings[x.wing];
                    out.push(Unmet {
                        kind: UnmetKind::KeepApartWing,
                        persons,
                        place: format!("wing {}", wing.id),
                        reason: format!(
                            "no exchange of beds parts them: their classes need beds in a second \
                             wing of {}",
                            self.problem.facilities[wing.facility].id
                        ),
                    });
                }
            }
        }
        for (n, cabin) in self.cabins.iter().enumerate() {
            if cabin.minors > 0 && cabin.minors < cabin.people.len() as i64 {
                let young = cabin.people.iter().filter(|&&n| self.riders[n].traveller.under18);
                let mut persons: Vec<String> = young.map(|&n| number(n)).collect();
                persons.sort();
                out.push(Unmet {
                    kind: UnmetKind::UnderAgeWithAdults,
                    persons,
                    place: self.cabin_name(n),
                    reason: "the load of this vehicle is larger than the under-18s of its group: \
                             give under-18s a separation group of their own"
                        .to_owned(),
                });
            }
        }
        for (group, people) in self.groups.iter().enumerate() {
            if self.split(group) > 0 {
                let mut persons: Vec<String> = people.iter().map(|&n| number(n)).collect();
                persons.sort();
                out.push(Unmet {
                    kind: UnmetKind::TogetherSplit,
                    persons,
                    place: format!("group {}", self.group_names[group]),
                    reason: "their classes do not share a vehicle with room for all of them"
                        .to_owned(),
                });
            }
        }
        out
    }

    /// Vehicles a group is spread over, beyond the first; being left behind counts as one.
    pub fn split(&self, group: usize) -> i64 {
        let people = &self.groups[group];
        let cabin = |n: usize| self.riders[n].place.map(|p| p.cabin);
        let new = |i: &usize| !people[..*i].iter().any(|&m| cabin(m) == cabin(people[*i]));
        (1..people.len()).filter(new).count() as i64
    }

    fn cabin_name(&self, cabin: usize) -> String {
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

fn riders<'a>(
    problem: &Problem,
    travellers: &'a [Traveller],
) -> Result<Vec<Rider<'a>>, SeatingError> {
    let classes: HashMap<&str, usize> =
        problem.classes.iter().enumerate().map(|(n, c)| (c.id.as_str(), n)).collect();
    let mut seen = std::collections::HashSet::new();
    let mut listed = vec![0; problem.classes.len()];
    let mut riders = Vec::with_capacity(travellers.len());
    for t in travellers {
        let Some(&class) = classes.get(t.class.as_str()) else {
            let (number, class) = (t.number.clone(), t.class.clone());
            return Err(SeatingError::UnknownClass { number, class });
        };
        if !seen.insert(t.number.as_str()) {
            return Err(SeatingError::TwiceListed { number: t.number.clone() });
        }
        listed[class] += 1;
        riders.push(Rider { traveller: t, class, apart: Vec::new(), group: None, place: None });
    }
    for (c, listed) in problem.classes.iter().zip(listed) {
        if listed != c.count {
            return Err(SeatingError::Count { class: c.id.clone(), listed, counted: c.count });
        }
    }
    Ok(riders)
}
