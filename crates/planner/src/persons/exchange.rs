//! Min-conflicts: somebody who is badly placed changes places with whoever makes it best.

use super::Effort;
use super::start::{Hall, Place, Rider};
use crate::solve::chance::Chance;

/// What is hurt, in the order it matters.
const APART: i64 = 1000;
const MINORS: i64 = 400;
const TOGETHER: i64 = 300;
/// Candidates of each kind looked at for one person.
const SAMPLE: usize = 10;
/// One in so many exchanges that make it worse is taken, to get out of a corner.
const WORSE_ONE_IN: usize = 50;

/// What two people exchange.
#[derive(Clone, Copy)]
enum Exchange {
    Seat,
    Bed,
    Both,
}

/// Exchanges until nothing hurts or the effort is spent, then spreads risk; exchanges looked at.
pub(super) fn settle(hall: &mut Hall, effort: &Effort) -> u64 {
    let mut chance = Chance::new(effort.seed);
    let moved: Vec<usize> =
        (0..hall.riders.len()).filter(|&n| hall.riders[n].place.is_some()).collect();
    let mut tried = 0;
    let mut hurting: Vec<usize> = moved.iter().copied().filter(|&n| hurt(hall, n) > 0).collect();
    while !hurting.is_empty() && tried < effort.exchanges {
        let at = chance.below(hurting.len());
        let n = hurting[at];
        if hurt(hall, n) == 0 {
            hurting.swap_remove(at);
            continue;
        }
        tried += 1;
        let Some((gain, exchange, other)) = best_exchange(hall, n, &mut chance) else {
            continue;
        };
        if gain >= 0 || chance.below(WORSE_ONE_IN) == 0 {
            swap(hall, exchange, n, other);
            for m in touched(hall, n, other) {
                if hurt(hall, m) > 0 && !hurting.contains(&m) {
                    hurting.push(m);
                }
            }
        }
    }
    spread_risk(hall, &moved, &mut chance);
    tried
}

/// Everyone whose hurt an exchange between the two can change.
fn touched(hall: &Hall, a: usize, b: usize) -> Vec<usize> {
    let mut list = vec![a, b];
    for n in [a, b] {
        list.extend(&hall.riders[n].apart);
        list.extend(hall.riders[n].group.iter().flat_map(|&g| &hall.groups[g]));
    }
    list.retain(|&n| hall.riders[n].place.is_some());
    list
}

fn best_exchange(hall: &mut Hall, n: usize, chance: &mut Chance) -> Option<(i64, Exchange, usize)> {
    let mut best: Option<(i64, Exchange, usize)> = None;
    for (exchange, other) in candidates(hall, n, chance) {
        let before = hurt_of_two(hall, n, other);
        swap(hall, exchange, n, other);
        let gain = before - hurt_of_two(hall, n, other);
        swap(hall, exchange, n, other);
        if best.is_none_or(|(g, ..)| gain > g) {
            best = Some((gain, exchange, other));
        }
    }
    best
}

fn candidates(hall: &Hall, n: usize, chance: &mut Chance) -> Vec<(Exchange, usize)> {
    let mut list = Vec::new();
    let Some(here) = hall.riders[n].place else { return list };
    let offer = |list: &mut Vec<_>, other: usize| {
        if other != n {
            list.extend(allowed(hall, n, other).into_iter().flatten().map(|e| (e, other)));
        }
    };
    let class = &hall.by_class[hall.riders[n].class];
    for _ in 0..SAMPLE {
        offer(&mut list, class[chance.below(class.len())]);
    }
    // Seats in the same movement, where another class of the group may sit.
    let movement = hall.cabins[here.cabin].movement;
    let near = here.cabin.saturating_sub(8)..(here.cabin + 9).min(hall.cabins.len());
    for c in near.filter(|&c| c != here.cabin && hall.cabins[c].movement == movement) {
        let people = &hall.cabins[c].people;
        for _ in 0..3.min(people.len()) {
            offer(&mut list, people[chance.below(people.len())]);
        }
    }
    // Beds: anyone bound for the same facility.
    for _ in 0..SAMPLE {
        let any = &hall.cabins[chance.below(hall.cabins.len())].people;
        if let Some(other) = chance.pick(any) {
            offer(&mut list, other);
        }
    }
    // Seats beside those they belong with.
    for &mate in hall.riders[n].group.iter().flat_map(|&g| &hall.groups[g]) {
        if let Some(place) = hall.riders[mate].place.filter(|p| p.cabin != here.cabin) {
            for &other in &hall.cabins[place.cabin].people {
                offer(&mut list, other);
            }
        }
    }
    list
}

/// Which exchanges keep every class-level rule and the cost.
fn allowed(hall: &Hall, a: usize, b: usize) -> [Option<Exchange>; 3] {
    let (x, y) = (&hall.riders[a], &hall.riders[b]);
    let (Some(px), Some(py)) = (x.place, y.place) else { return [None; 3] };
    let (cx, cy) = (&hall.cabins[px.cabin], &hall.cabins[py.cabin]);
    let ready = |rider: &Rider, night: i64| rider.traveller.ready as i64 <= night;
    let in_time = cx.night == cy.night || (ready(x, cy.night) && ready(y, cx.night));
    let p = hall.problem;
    let (kx, ky) = (&p.classes[x.class], &p.classes[y.class]);
    let same_class = x.class == y.class;
    let same_group = (kx.origin, kx.need, kx.separation) == (ky.origin, ky.need, ky.separation);
    let seat = cx.dest == cy.dest
        && px.cabin != py.cabin
        && (same_class || (same_group && cx.movement == cy.movement));
    let bed = cx.dest == cy.dest
        && px.wing != py.wing
        && kx.separation == ky.separation
        && p.suits(x.class, py.wing)
        && p.suits(y.class, px.wing);
    [
        (seat && in_time).then_some(Exchange::Seat),
        bed.then_some(Exchange::Bed),
        (same_class && in_time).then_some(Exchange::Both),
    ]
}

fn swap(hall: &mut Hall, exchange: Exchange, a: usize, b: usize) {
    let (Some(x), Some(y)) = (hall.riders[a].place, hall.riders[b].place) else { return };
    let (new_a, new_b) = match exchange {
        Exchange::Seat => {
            (Place { cabin: y.cabin, wing: x.wing }, Place { cabin: x.cabin, wing: y.wing })
        }
        Exchange::Bed => {
            (Place { cabin: x.cabin, wing: y.wing }, Place { cabin: y.cabin, wing: x.wing })
        }
        Exchange::Both => (y, x),
    };
    hall.riders[a].place = Some(new_a);
    hall.riders[b].place = Some(new_b);
    if x.cabin != y.cabin && new_a.cabin != x.cabin {
        reseat(hall, x.cabin, a, b);
        reseat(hall, y.cabin, b, a);
    }
}

/// In `cabin`, `comes` takes the seat of `goes`.
fn reseat(hall: &mut Hall, cabin: usize, goes: usize, comes: usize) {
    let (old, new) = (hall.riders[goes].traveller, hall.riders[comes].traveller);
    let cabin = &mut hall.cabins[cabin];
    cabin.minors += i64::from(new.under18) - i64::from(old.under18);
    cabin.risk += i64::from(new.risk) - i64::from(old.risk);
    if let Some(seat) = cabin.people.iter_mut().find(|n| **n == goes) {
        *seat = comes;
    }
}

fn mixed(hall: &Hall, cabin: usize) -> i64 {
    let cabin = &hall.cabins[cabin];
    cabin.minors.min(cabin.people.len() as i64 - cabin.minors)
}

fn apart(hall: &Hall, n: usize) -> i64 {
    let Some(here) = hall.riders[n].place else { return 0 };
    let others = hall.riders[n].apart.iter().filter_map(|&m| hall.riders[m].place);
    others.map(|p| i64::from(p.cabin == here.cabin) + i64::from(p.wing == here.wing)).sum()
}

/// How badly somebody is placed; 0 is well.
fn hurt(hall: &Hall, n: usize) -> i64 {
    let Some(here) = hall.riders[n].place else { return 0 };
    let group = hall.riders[n].group.map_or(0, |g| hall.split(g));
    APART * apart(hall, n) + MINORS * mixed(hall, here.cabin) + TOGETHER * group
}

fn hurt_of_two(hall: &Hall, a: usize, b: usize) -> i64 {
    let (Some(x), Some(y)) = (hall.riders[a].place, hall.riders[b].place) else { return 0 };
    let mut hurt = APART * (apart(hall, a) + apart(hall, b)) + MINORS * mixed(hall, x.cabin);
    if x.cabin != y.cabin {
        hurt += MINORS * mixed(hall, y.cabin);
    }
    let (g, h) = (hall.riders[a].group, hall.riders[b].group);
    hurt += g.map_or(0, |g| TOGETHER * hall.split(g));
    if g != h {
        hurt += h.map_or(0, |h| TOGETHER * hall.split(h));
    }
    hurt
}

/// Evens out the risk aboard vehicles of one night, where it hurts nobody.
fn spread_risk(hall: &mut Hall, moved: &[usize], chance: &mut Chance) {
    if moved.is_empty() {
        return;
    }
    for _ in 0..moved.len() * 20 {
        let a = moved[chance.below(moved.len())];
        let class = &hall.by_class[hall.riders[a].class];
        let b = class[chance.below(class.len())];
        let (Some(x), Some(y)) = (hall.riders[a].place, hall.riders[b].place) else { continue };
        let (cx, cy) = (&hall.cabins[x.cabin], &hall.cabins[y.cabin]);
        if x.cabin == y.cabin || cx.night != cy.night || cx.dest != cy.dest {
            continue;
        }
        let shift =
            i64::from(hall.riders[b].traveller.risk) - i64::from(hall.riders[a].traveller.risk);
        let flat = |n: i64| n * n;
        let gain = flat(cx.risk) + flat(cy.risk) - flat(cx.risk + shift) - flat(cy.risk - shift);
        if gain <= 0 {
            continue;
        }
        let before = hurt_of_two(hall, a, b);
        swap(hall, Exchange::Seat, a, b);
        if hurt_of_two(hall, a, b) > before {
            swap(hall, Exchange::Seat, a, b);
        }
    }
}
