//! A first seating: by rank within each class, and where the plan in force has people if it can.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::hall::{Apart, Cabin, Group, Hall, Place, Rider};
use super::{Before, SeatIn, SeatingError, Traveller};
use crate::plan::{ClassPlan, Load};
use crate::problem::{Health, Problem};

/// Everyone the plan moves, seated; whoever has moved already, where they are.
pub(super) fn fill<'a>(
    problem: &'a Problem,
    plan: &ClassPlan,
    travellers: &'a [Traveller],
    before: &Before,
) -> Result<Hall<'a>, SeatingError> {
    let mut hall = Hall {
        problem,
        riders: riders(problem, travellers, before)?,
        cabins: Vec::new(),
        groups: Vec::new(),
        pools: Vec::new(),
        free_beds: problem.wings.iter().map(|w| w.capacity).collect(),
        guests: vec![vec![0; problem.separation_groups.len()]; problem.wings.len()],
    };
    link(&mut hall);
    pool(&mut hall);
    let mut open = cabins(&mut hall, plan);
    let mut beds = beds(problem, plan);
    keep_moved(&mut hall, before, &mut open, &mut beds)?;
    if let Some(memory) = &before.memory {
        memory.remind(problem, &mut hall.riders, &hall.cabins);
    }
    for (class, seats) in open.iter().enumerate() {
        seat_class(&mut hall, class, seats, &mut beds);
    }
    Ok(hall)
}

fn riders<'a>(
    problem: &Problem,
    travellers: &'a [Traveller],
    before: &Before,
) -> Result<Vec<Rider<'a>>, SeatingError> {
    let classes: HashMap<&str, usize> =
        problem.classes.iter().enumerate().map(|(n, c)| (c.id.as_str(), n)).collect();
    let mut seen = HashSet::new();
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
        riders.push(Rider {
            traveller: t,
            class,
            pool: 0,
            ready: t.ready,
            apart: Vec::new(),
            group: None,
            place: None,
            moved: before.seats.contains_key(&t.number),
            was: None,
        });
    }
    for (c, listed) in problem.classes.iter().zip(listed) {
        if listed != c.count {
            return Err(SeatingError::Count { class: c.id.clone(), listed, counted: c.count });
        }
    }
    Ok(riders)
}

/// Who must be apart from whom, and who belongs together.
fn link(hall: &mut Hall) {
    let numbers: HashMap<&str, usize> =
        hall.riders.iter().enumerate().map(|(n, r)| (r.traveller.number.as_str(), n)).collect();
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut families: BTreeMap<(&str, usize, usize), Vec<usize>> = BTreeMap::new();
    let mut pairs: BTreeMap<(usize, usize), bool> = BTreeMap::new();
    let mut pair = |a: usize, b: usize, convoy: bool| {
        if a != b {
            *pairs.entry((a.min(b), a.max(b))).or_insert(false) |= convoy;
        }
    };
    for (n, rider) in hall.riders.iter().enumerate() {
        let t = rider.traveller;
        for (list, convoy) in [(&t.keep_apart, false), (&t.convoy_apart, true)] {
            list.iter().filter_map(|x| numbers.get(x.as_str())).for_each(|&m| pair(n, m, convoy));
        }
        for group in &t.apart_groups {
            let others = members.entry(group).or_default();
            others.iter().for_each(|&m| pair(n, m, false));
            others.push(n);
        }
        if let Some(name) = t.together.as_deref().filter(|_| !rider.moved) {
            let (origin, _, separation) = hall.load_group(n);
            families.entry((name, origin, separation)).or_default().push(n);
        }
    }
    for ((a, b), convoy) in pairs {
        hall.riders[a].apart.push(Apart { from: b, convoy });
        hall.riders[b].apart.push(Apart { from: a, convoy });
    }
    for ((name, ..), people) in families.into_iter().filter(|(_, people)| people.len() > 1) {
        let ready = people.iter().map(|&n| hall.riders[n].ready).max().unwrap_or(0);
        for &n in &people {
            hall.riders[n].group = Some(hall.groups.len());
            hall.riders[n].ready = ready;
        }
        let need = hall.load_group(people[0]);
        let one_vehicle = people.iter().all(|&n| hall.load_group(n) == need);
        hall.groups.push(Group { name: name.to_owned(), people, one_vehicle });
    }
}

/// People who may change places whole at no cost. A class whose people are not those its `ready`
/// counts is a pool of its own.
fn pool(hall: &mut Hall) {
    let p = hall.problem;
    let mut by_night = vec![vec![0; p.nights]; p.classes.len()];
    for rider in &hall.riders {
        by_night[rider.class].iter_mut().skip(rider.traveller.ready).for_each(|n| *n += 1);
    }
    let mut keys = HashMap::new();
    let of_class: Vec<usize> = (p.classes.iter().enumerate())
        .map(|(k, c)| {
            let counted = by_night[k].iter().zip(&c.ready).all(|(people, ready)| people <= ready);
            let alone = (!counted).then_some(k);
            let litter = c.health == Health::Stretcher;
            let next = keys.len();
            let key = (c.origin, c.need, c.separation, c.vulnerability, litter, alone);
            *keys.entry(key).or_insert(next)
        })
        .collect();
    hall.pools = vec![Vec::new(); keys.len()];
    for n in 0..hall.riders.len() {
        let pool = of_class[hall.riders[n].class];
        hall.riders[n].pool = pool;
        if !hall.riders[n].moved {
            hall.pools[pool].push(n);
        }
    }
}

/// Cabins by night; gives the open seats of each class by cabin, in that order.
fn cabins(hall: &mut Hall, plan: &ClassPlan) -> Vec<BTreeMap<usize, i64>> {
    let p = hall.problem;
    let ids: HashMap<&str, usize> =
        p.classes.iter().enumerate().map(|(n, c)| (c.id.as_str(), n)).collect();
    let route = |id: &str| p.route_at(id).unwrap_or(0);
    let mut all: Vec<(SeatIn, i64, usize, usize, &Load, i64)> = Vec::new();
    for (convoy, c) in plan.convoys.iter().enumerate() {
        for (vehicle, v) in c.vehicles.iter().enumerate() {
            let seat = SeatIn::Vehicle { convoy, vehicle };
            let kind = p.vehicle_types.iter().find(|k| k.id == v.vehicle_type);
            let places = kind.map_or(0, |k| k.places);
            all.push((seat, c.night, convoy, route(&c.route), &v.load, places));
        }
    }
    for (sortie, s) in plan.sorties.iter().enumerate() {
        let movement = plan.convoys.len() + sortie;
        let places = s.load.values().sum();
        let seat = SeatIn::Aircraft { sortie };
        all.push((seat, s.night, movement, route(&s.route), &s.load, places));
    }
    all.sort_by_key(|(seat, night, ..)| (*night, *seat));
    let mut open = vec![BTreeMap::new(); p.classes.len()];
    for (seat, night, movement, route, load, places) in all {
        for (k, &n) in load.iter().filter(|(_, n)| **n > 0) {
            if let Some(&class) = ids.get(k.as_str()) {
                open[class].insert(hall.cabins.len(), n);
            }
        }
        let (dest, flight) = (p.routes[route].dest, p.routes[route].is_air());
        let people = Vec::new();
        hall.cabins.push(Cabin {
            seat,
            night,
            route,
            flight,
            movement,
            dest,
            places,
            people,
            minors: 0,
        });
    }
    open
}

/// Beds by class and wing.
type Beds = BTreeMap<(usize, usize), i64>;

fn beds(p: &Problem, plan: &ClassPlan) -> Beds {
    let mut beds = Beds::new();
    for h in &plan.housing {
        let class = p.class_at(&h.class);
        let wing = p.wing_at(&h.wing);
        if let (Some(k), Some(w)) = (class, wing) {
            *beds.entry((k, w)).or_insert(0) += h.count.max(0);
        }
    }
    beds
}

fn keep_moved(
    hall: &mut Hall,
    before: &Before,
    open: &mut [BTreeMap<usize, i64>],
    beds: &mut Beds,
) -> Result<(), SeatingError> {
    let by_seat: HashMap<SeatIn, usize> =
        hall.cabins.iter().enumerate().map(|(n, c)| (c.seat, n)).collect();
    for n in 0..hall.riders.len() {
        let rider = &hall.riders[n];
        if !rider.moved {
            continue;
        }
        let number = &rider.traveller.number;
        let missing = || SeatingError::Moved { number: number.clone() };
        let cabin = before.seats.get(number).and_then(|s| by_seat.get(s)).ok_or_else(missing)?;
        let wing = before.beds.get(number).and_then(|id| hall.problem.wing_at(id));
        let (cabin, wing, class) = (*cabin, wing.ok_or_else(missing)?, rider.class);
        let seats = open[class].get_mut(&cabin).filter(|n| **n > 0).ok_or_else(missing)?;
        *seats -= 1;
        let bed = beds.get_mut(&(class, wing)).filter(|n| **n > 0);
        *bed.ok_or_else(missing)? -= 1;
        place(hall, n, cabin, wing);
    }
    Ok(())
}

fn place(hall: &mut Hall, n: usize, cabin: usize, wing: usize) {
    hall.riders[n].place = Some(Place { cabin, wing });
    hall.board(n, cabin);
    hall.take_bed(n, wing);
}

/// Who goes first among equals: the worst place, then the longest wait, then the number.
pub(super) fn rank<'a>(hall: &Hall<'a>, n: usize) -> (Reverse<i32>, i32, &'a str) {
    let t = hall.riders[n].traveller;
    (Reverse(t.priority), t.waiting_since, &t.number)
}

/// Seats one class, night by night: those who were on this night, then those whose own night has
/// gone or is too full, by rank.
fn seat_class(hall: &mut Hall, class: usize, seats: &BTreeMap<usize, i64>, beds: &mut Beds) {
    let mut waiting: Vec<usize> =
        (0..hall.riders.len()).filter(|&n| hall.riders[n].class == class).collect();
    waiting.retain(|&n| !hall.riders[n].moved);
    waiting.sort_by_key(|&n| rank(hall, n));
    let mut nights: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (&cabin, &n) in seats {
        let list = nights.entry(hall.cabins[cabin].night).or_default();
        list.extend(std::iter::repeat_n(cabin, n.max(0) as usize));
    }
    // People who remember a night beyond the seats it has now have to change anyway.
    let mut surplus: BTreeMap<i64, i64> = BTreeMap::new();
    for was in waiting.iter().filter_map(|&n| hall.riders[n].was) {
        *surplus.entry(was.night).or_insert(0) += 1;
    }
    for (night, list) in &nights {
        *surplus.entry(*night).or_insert(0) -= list.len() as i64;
    }
    for (night, mut cabins) in nights {
        // People who belong together wait for the last of them, unless the seat would stay empty.
        let early = |n: usize| i64::from(hall.riders[n].ready as i64 > night);
        let mut able: Vec<(i64, i64, usize)> = Vec::new();
        for (at, &n) in waiting.iter().enumerate() {
            let rider = &hall.riders[n];
            if rider.traveller.ready as i64 > night {
                continue;
            }
            let order = match rider.was {
                Some(was) if was.night == night => 0,
                Some(was)
                    if was.night > night && surplus.get(&was.night).is_none_or(|s| *s <= 0) =>
                {
                    2
                }
                _ => 1,
            };
            able.push((early(n), order, at));
        }
        able.sort_unstable();
        able.truncate(cabins.len());
        let mut chosen: Vec<usize> = able.iter().map(|&(.., at)| waiting[at]).collect();
        waiting.retain(|n| !chosen.contains(n));
        for was in chosen.iter().filter_map(|&n| hall.riders[n].was) {
            *surplus.entry(was.night).or_insert(0) -= i64::from(was.night != night);
        }
        // The same vehicle, else the same movement, else any; under-18s side by side.
        for step in 0..3 {
            chosen.sort_by_key(|&n| !hall.riders[n].traveller.under18);
            let mut rest = Vec::new();
            for &n in &chosen {
                let was = hall.riders[n].was;
                let wanted = |&c: &usize| match step {
                    0 => was.is_some_and(|w| w.cabin == Some(c)),
                    1 => was.is_some_and(|w| w.movement == Some(hall.cabins[c].movement)),
                    _ => true,
                };
                let Some(at) = cabins.iter().position(wanted) else {
                    rest.push(n);
                    continue;
                };
                let cabin = cabins.remove(at);
                let dest = hall.cabins[cabin].dest;
                if let Some(wing) = bed(hall, beds, n, dest) {
                    place(hall, n, cabin, wing);
                }
            }
            chosen = rest;
        }
    }
}

/// A bed of their class where they arrive: the one they were to have, if it is free.
fn bed(hall: &Hall, beds: &mut Beds, n: usize, dest: usize) -> Option<usize> {
    let class = hall.riders[n].class;
    let of_class = beds.range((class, 0)..=(class, usize::MAX));
    let free = of_class.filter(|((_, w), n)| **n > 0 && hall.problem.wings[*w].facility == dest);
    let was = hall.riders[n].was.and_then(|was| was.wing);
    let wing = free.map(|((_, w), _)| *w).max_by_key(|w| (Some(*w) == was, *w))?;
    *beds.get_mut(&(class, wing))? -= 1;
    Some(wing)
}
