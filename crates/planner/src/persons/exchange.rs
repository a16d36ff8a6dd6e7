//! Min-conflicts: somebody who is badly placed changes places with whoever makes it best, or takes
//! a free bed or place.

use super::Effort;
use super::hall::{Hall, Place};
use crate::solve::chance::Chance;

/// What is hurt, in the order it matters.
const APART: i64 = 1000;
const MINORS: i64 = 400;
const TOGETHER: i64 = 300;
/// Candidates of each kind looked at for one person.
const SAMPLE: usize = 10;
/// One in so many exchanges that make it worse is taken, to get out of a corner.
const WORSE_ONE_IN: usize = 50;
/// Exchanges without fewer people hurting, for each one hurting, after which a cut is called for.
const PATIENCE: usize = 400;
/// Partners looked at to bring somebody back to the night they know, and rounds of it.
const RECALLED_BY: usize = 60;
const RECALLS: usize = 4;

/// What two people exchange.
#[derive(Clone, Copy)]
pub(super) enum Exchange {
    Seat,
    Bed,
    Both,
}

#[derive(Clone, Copy)]
enum Step {
    With(Exchange, usize),
    /// To a free bed in this wing.
    ToBed(usize),
    /// To a free place in this vehicle of the same movement.
    ToSeat(usize),
}

/// Exchanges until nothing hurts or the effort is spent; exchanges looked at.
pub(super) fn settle(hall: &mut Hall, effort: &Effort) -> u64 {
    let mut chance = Chance::new(effort.seed);
    let (mut tried, mut since_better, mut fewest) = (0, 0, usize::MAX);
    let mut hurting: Vec<usize> =
        (0..hall.riders.len()).filter(|&n| !hall.riders[n].moved && hurt(hall, n) > 0).collect();
    while !hurting.is_empty() && tried < effort.exchanges {
        since_better += 1;
        if hurting.len() < fewest {
            (fewest, since_better) = (hurting.len(), 0);
        }
        if since_better > PATIENCE * (fewest + 9) {
            break;
        }
        let at = chance.below(hurting.len());
        let n = hurting[at];
        if hurt(hall, n) == 0 {
            hurting.swap_remove(at);
            continue;
        }
        tried += 1;
        let Some((gain, remembered, step)) = best_step(hall, n, &mut chance) else { continue };
        let better = gain > 0 || (gain == 0 && remembered >= 0);
        if better || chance.below(WORSE_ONE_IN) == 0 {
            take(hall, n, step);
            for m in touched(hall, n, step) {
                if !hall.riders[m].moved && hurt(hall, m) > 0 && !hurting.contains(&m) {
                    hurting.push(m);
                }
            }
        }
    }
    tried
}

/// Brings people back to the night, vehicle and wing of the plan in force, where no rule is hurt.
pub(super) fn recall(hall: &mut Hall, effort: &Effort) {
    let mut chance = Chance::new(effort.seed);
    for _ in 0..RECALLS {
        let mut changed = false;
        for n in 0..hall.riders.len() {
            if hall.riders[n].moved || hall.change(n) == 0 {
                continue;
            }
            let mut best: Option<(i64, Exchange, usize)> = None;
            for (exchange, other) in old_places(hall, n, &mut chance) {
                let before =
                    (rules_hurt_of_two(hall, n, other), hall.change(n) + hall.change(other));
                swap(hall, exchange, n, other);
                let after =
                    (rules_hurt_of_two(hall, n, other), hall.change(n) + hall.change(other));
                swap(hall, exchange, n, other);
                let gain = before.1 - after.1;
                if after.0 <= before.0 && gain > best.map_or(0, |(gain, ..)| gain) {
                    best = Some((gain, exchange, other));
                }
            }
            if let Some((_, exchange, other)) = best {
                swap(hall, exchange, n, other);
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

/// Who sits or sleeps where somebody was in the plan in force.
fn old_places(hall: &Hall, n: usize, chance: &mut Chance) -> Vec<(Exchange, usize)> {
    let rider = &hall.riders[n];
    let Some(was) = rider.was else { return Vec::new() };
    let pool = &hall.pools[rider.pool];
    let start = chance.below(pool.len().max(1));
    let there = |m: &&usize| {
        let place = hall.riders[**m].place;
        place.is_some_and(|p| hall.cabins[p.cabin].night == was.night || Some(p.wing) == was.wing)
    };
    let around = pool[start..].iter().chain(&pool[..start]).filter(there).take(RECALLED_BY);
    let aboard = was.cabin.into_iter().flat_map(|c| &hall.cabins[c].people);
    let people = around.chain(aboard).filter(|&&m| m != n);
    people.flat_map(|&m| allowed(hall, n, m).into_iter().flatten().map(move |e| (e, m))).collect()
}

/// Everyone whose hurt a step can change.
fn touched(hall: &Hall, n: usize, step: Step) -> Vec<usize> {
    let mut list = vec![n];
    if let Step::With(_, other) = step {
        list.push(other);
    }
    for n in list.clone() {
        list.extend(hall.riders[n].apart.iter().map(|a| a.from));
        list.extend(hall.riders[n].group.iter().flat_map(|&g| &hall.groups[g].people));
        if let Some(place) = hall.riders[n].place.filter(|p| hall.cabins[p.cabin].minors > 0) {
            list.extend(&hall.cabins[place.cabin].people);
        }
    }
    list
}

/// The step that heals most, then the one that changes least for the two.
fn best_step(hall: &mut Hall, n: usize, chance: &mut Chance) -> Option<(i64, i64, Step)> {
    let mut best: Option<(i64, i64, Step)> = None;
    for step in candidates(hall, n, chance) {
        let before = looked_at(hall, n, step);
        let home = hall.riders[n].place;
        take(hall, n, step);
        let after = looked_at(hall, n, step);
        match (step, home) {
            (Step::With(..), _) => take(hall, n, step),
            (Step::ToBed(_), Some(home)) => take(hall, n, Step::ToBed(home.wing)),
            (Step::ToSeat(_), Some(home)) => take(hall, n, Step::ToSeat(home.cabin)),
            _ => {}
        }
        let gain = (before.0 - after.0, before.1 - after.1);
        if best.is_none_or(|(g, r, _)| gain > (g, r)) {
            best = Some((gain.0, gain.1, step));
        }
    }
    best
}

/// Hurt and change of everyone a step moves, the vehicle they may come from or go to included.
fn looked_at(hall: &Hall, n: usize, step: Step) -> (i64, i64) {
    match step {
        Step::With(_, other) => {
            (rules_hurt_of_two(hall, n, other), hall.change(n) + hall.change(other))
        }
        Step::ToBed(_) => (hurt(hall, n), hall.change(n)),
        Step::ToSeat(_) => {
            // All vehicles of the movement: the one left is not known after the step.
            let movement = hall.riders[n].place.map(|p| hall.cabins[p.cabin].movement);
            let cabins =
                (0..hall.cabins.len()).filter(|&c| Some(hall.cabins[c].movement) == movement);
            let mixed: i64 = cabins.map(|c| hall.mixed(c)).sum();
            let group = hall.riders[n].group.map_or(0, |g| hall.split(g));
            (APART * apart(hall, n) + MINORS * mixed + TOGETHER * group, hall.change(n))
        }
    }
}

fn candidates(hall: &Hall, n: usize, chance: &mut Chance) -> Vec<Step> {
    let mut list = Vec::new();
    let offer = |list: &mut Vec<Step>, other: usize| {
        if other != n {
            let steps = allowed(hall, n, other).into_iter().flatten();
            list.extend(steps.map(|e| Step::With(e, other)));
        }
    };
    let rider = &hall.riders[n];
    let pool = &hall.pools[rider.pool];
    for _ in 0..SAMPLE {
        offer(&mut list, pool[chance.below(pool.len())]);
    }
    // Seats beside those they belong with.
    let mates = || rider.group.iter().flat_map(|&g| &hall.groups[g].people);
    for place in mates().filter_map(|&m| hall.riders[m].place) {
        if Some(place.cabin) != rider.place.map(|p| p.cabin) {
            hall.cabins[place.cabin].people.iter().for_each(|&other| offer(&mut list, other));
        }
    }
    let Some(here) = rider.place else { return list };
    // Seats in the same movement, where another class of the group may sit, or nobody sits yet.
    let movement = hall.cabins[here.cabin].movement;
    let near = here.cabin.saturating_sub(8)..(here.cabin + 9).min(hall.cabins.len());
    for c in near.filter(|&c| c != here.cabin && hall.cabins[c].movement == movement) {
        let people = &hall.cabins[c].people;
        for _ in 0..3.min(people.len()) {
            offer(&mut list, people[chance.below(people.len())]);
        }
        let same = people.first().is_some_and(|&m| hall.load_group(m) == hall.load_group(n));
        let room = (people.len() as i64) < hall.cabins[c].places;
        if same && room && hall.cabins[here.cabin].people.len() > 1 {
            list.push(Step::ToSeat(c));
        }
    }
    // Beds: anyone bound for the same facility, and free ones.
    for _ in 0..SAMPLE {
        let any = &hall.cabins[chance.below(hall.cabins.len())].people;
        if let Some(other) = chance.pick(any) {
            offer(&mut list, other);
        }
    }
    let facility = hall.cabins[here.cabin].dest;
    for (w, wing) in hall.problem.wings.iter().enumerate() {
        if w != here.wing && wing.facility == facility && hall.welcomes(w, rider.class) {
            list.push(Step::ToBed(w));
        }
    }
    list
}

/// Which exchanges keep every class-level rule and the cost.
pub(super) fn allowed(hall: &Hall, a: usize, b: usize) -> [Option<Exchange>; 3] {
    let (x, y) = (&hall.riders[a], &hall.riders[b]);
    if x.moved || y.moved {
        return [None; 3];
    }
    let p = hall.problem;
    let may_take = |taker: usize, place: Place| {
        let rider = &hall.riders[taker];
        rider.traveller.ready as i64 <= hall.cabins[place.cabin].night
            && p.suits(rider.class, place.wing)
    };
    let (px, py) = match (x.place, y.place) {
        (Some(px), Some(py)) => (px, py),
        // Somebody stays behind instead.
        (Some(free), None) => {
            let both = x.class == y.class && may_take(b, free);
            return [None, None, both.then_some(Exchange::Both)];
        }
        (None, Some(free)) => {
            let both = x.class == y.class && may_take(a, free);
            return [None, None, both.then_some(Exchange::Both)];
        }
        (None, None) => return [None; 3],
    };
    let (cx, cy) = (&hall.cabins[px.cabin], &hall.cabins[py.cabin]);
    let ready = |n: usize, night: i64| hall.riders[n].traveller.ready as i64 <= night;
    let in_time = cx.night == cy.night || (ready(a, cy.night) && ready(b, cx.night));
    let same_pool = x.pool == y.pool;
    let aboard = hall.load_group(a) == hall.load_group(b) && cx.movement == cy.movement;
    let seat = cx.dest == cy.dest && px.cabin != py.cabin && (same_pool || aboard) && in_time;
    let separation = |n: usize| p.classes[hall.riders[n].class].separation;
    let bed = cx.dest == cy.dest
        && px.wing != py.wing
        && separation(a) == separation(b)
        && p.suits(x.class, py.wing)
        && p.suits(y.class, px.wing);
    let both = same_pool && in_time && may_take(a, py) && may_take(b, px);
    [seat.then_some(Exchange::Seat), bed.then_some(Exchange::Bed), both.then_some(Exchange::Both)]
}

fn take(hall: &mut Hall, n: usize, step: Step) {
    match (step, hall.riders[n].place) {
        (Step::With(exchange, other), _) => swap(hall, exchange, n, other),
        (Step::ToBed(wing), Some(here)) => {
            hall.leave_bed(n, here.wing);
            hall.take_bed(n, wing);
            hall.riders[n].place = Some(Place { wing, ..here });
        }
        (Step::ToSeat(cabin), Some(here)) => {
            hall.alight(n, here.cabin);
            hall.board(n, cabin);
            hall.riders[n].place = Some(Place { cabin, ..here });
        }
        _ => {}
    }
}

pub(super) fn swap(hall: &mut Hall, exchange: Exchange, a: usize, b: usize) {
    let (x, y) = (hall.riders[a].place, hall.riders[b].place);
    let (new_a, new_b) = match (exchange, x, y) {
        (Exchange::Seat, Some(x), Some(y)) => (
            Some(Place { cabin: y.cabin, wing: x.wing }),
            Some(Place { cabin: x.cabin, wing: y.wing }),
        ),
        (Exchange::Bed, Some(x), Some(y)) => (
            Some(Place { cabin: x.cabin, wing: y.wing }),
            Some(Place { cabin: y.cabin, wing: x.wing }),
        ),
        (Exchange::Both, ..) => (y, x),
        _ => return,
    };
    hall.riders[a].place = new_a;
    hall.riders[b].place = new_b;
    let cabin = |place: Option<Place>| place.map(|p| p.cabin);
    if cabin(x) != cabin(new_a) {
        reseat(hall, cabin(x), a, b);
        reseat(hall, cabin(y), b, a);
    }
}

/// In `cabin`, `comes` takes the seat of `goes`. Both are of one separation group, so who lives in
/// which wing does not change by group.
fn reseat(hall: &mut Hall, cabin: Option<usize>, goes: usize, comes: usize) {
    let Some(cabin) = cabin else { return };
    let (old, new) = (hall.riders[goes].traveller, hall.riders[comes].traveller);
    let cabin = &mut hall.cabins[cabin];
    cabin.minors += i64::from(new.under18) - i64::from(old.under18);
    if let Some(seat) = cabin.people.iter_mut().find(|n| **n == goes) {
        *seat = comes;
    }
}

fn apart(hall: &Hall, n: usize) -> i64 {
    let Some(here) = hall.riders[n].place else { return 0 };
    let movement = hall.cabins[here.cabin].movement;
    let mut hurt = 0;
    for other in &hall.riders[n].apart {
        let Some(there) = hall.riders[other.from].place else { continue };
        let near = match other.convoy {
            true => hall.cabins[there.cabin].movement == movement,
            false => there.cabin == here.cabin,
        };
        hurt += i64::from(near) + i64::from(there.wing == here.wing);
    }
    hurt
}

/// How badly somebody is placed; 0 is well.
fn hurt(hall: &Hall, n: usize) -> i64 {
    let group = hall.riders[n].group.map_or(0, |g| hall.split(g));
    let mixed = hall.riders[n].place.map_or(0, |here| hall.mixed(here.cabin));
    APART * apart(hall, n) + MINORS * mixed + TOGETHER * group
}

/// Hurt of two people together; the vehicle they share counts once.
pub(super) fn rules_hurt_of_two(hall: &Hall, a: usize, b: usize) -> i64 {
    let (x, y) = (hall.riders[a].place, hall.riders[b].place);
    let (cx, cy) = (x.map(|p| p.cabin), y.map(|p| p.cabin));
    let mut hurt = APART * (apart(hall, a) + apart(hall, b));
    hurt += MINORS * cx.map_or(0, |c| hall.mixed(c));
    if cx != cy {
        hurt += MINORS * cy.map_or(0, |c| hall.mixed(c));
    }
    let (g, h) = (hall.riders[a].group, hall.riders[b].group);
    hurt += g.map_or(0, |g| TOGETHER * hall.split(g));
    if g != h {
        hurt += h.map_or(0, |h| TOGETHER * hall.split(h));
    }
    hurt
}
