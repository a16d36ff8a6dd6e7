//! Small changes to a plan's wishes.

use super::chance::Chance;
use super::genome::{ANY, Genome, NightWishes, Shift, Wish};
use super::model::Model;

/// New wishes for one night, and for a second one when a wish moves between nights.
pub(super) struct Change {
    pub night: usize,
    pub wishes: NightWishes,
    pub other: Option<(usize, NightWishes)>,
}

/// Kinds of changes, some of them counted twice.
const KINDS: usize = 13;
/// Draws of a route until its origin has people waiting.
const DRAWS_FOR_SOMEBODY: usize = 3;
/// Open nights away that count as next to a night.
const NEXT_NIGHTS: usize = 3;

/// A wish for people who wait, if a few draws find any.
fn any_wish(m: &Model, t: usize, before: &[i32], chance: &mut Chance) -> Wish {
    let mut route = m.open[t][chance.below(m.open[t].len())];
    for _ in 0..DRAWS_FOR_SOMEBODY {
        if before[m.layout.at + m.lines[route as usize].origin] > 0 {
            break;
        }
        route = m.open[t][chance.below(m.open[t].len())];
    }
    let mode = chance.below(m.lines[route as usize].modes.len()) as u8;
    Wish::any(route, mode)
}

/// One random change at night `t` (which has an open route), or nothing when the draw does not
/// apply there. `nights` are those that may be changed, `before` is the state
/// before night `t`.
pub(super) fn draw(
    m: &Model,
    genome: &Genome,
    nights: &[usize],
    t: usize,
    chance: &mut Chance,
    before: &[i32],
) -> Option<Change> {
    let mut wishes = genome.nights[t].clone();
    let list = &mut wishes.wishes;
    let n = list.len();
    let mut other = None;
    let pick = chance.below(KINDS);
    if n == 0 && !matches!(pick, 0 | 1) {
        return None;
    }
    match pick {
        0 | 1 => list.insert(chance.below(n + 1), any_wish(m, t, before, chance)),
        2 => {
            list.remove(chance.below(n));
        }
        3 | 4 => list[chance.below(n)] = any_wish(m, t, before, chance),
        5 => {
            let (a, b) = (chance.below(n), chance.below(n));
            if a == b {
                return None;
            }
            list.swap(a, b);
        }
        6 | 7 => {
            let v = chance.below(m.places.len());
            let count = &mut list[chance.below(n)].vehicles[v];
            *count = match *count {
                ANY => chance.below(6) as u8,
                _ if chance.below(3) == 0 => ANY,
                n if chance.below(2) == 0 => near(n, chance),
                _ => chance.below(9) as u8,
            };
        }
        8 => {
            let wish = &mut list[chance.below(n)];
            let here = &m.lines[wish.route as usize];
            let by_origin = chance.below(2) == 0;
            let alike: Vec<u16> = (m.open[t].iter().copied())
                .filter(|&r| {
                    let there = &m.lines[r as usize];
                    if by_origin { there.origin == here.origin } else { there.dest == here.dest }
                })
                .collect();
            let origin = here.origin;
            wish.route = chance.pick(&alike)?;
            if m.lines[wish.route as usize].origin != origin {
                wish.forget_classes();
            }
        }
        11 | 12 => favour(m, &mut list[chance.below(n)], before, chance)?,
        _ => {
            let u = other_night(nights, t, chance)?;
            if u == t {
                return None;
            }
            let mut there = genome.nights[u].clone();
            let from = chance.below(n);
            let wish = list.remove(from);
            if !there.wishes.is_empty() && chance.below(2) == 0 {
                let at = chance.below(there.wishes.len());
                list.insert(from, std::mem::replace(&mut there.wishes[at], wish));
            } else {
                there.wishes.insert(chance.below(there.wishes.len() + 1), wish);
            }
            other = Some((u, there));
        }
    }
    Some(Change { night: t, wishes, other })
}

/// Puts a night back to what the plan in force had (`base`): one wish that is missing, half the time in
/// the place of one that the plan did not have; or the whole night.
pub(super) fn restore(
    genome: &Genome,
    base: &NightWishes,
    t: usize,
    chance: &mut Chance,
) -> Option<Change> {
    let now = &genome.nights[t];
    if now == base {
        return None;
    }
    let whole = || Change { night: t, wishes: base.clone(), other: None };
    let more = |here: &NightWishes, there: &NightWishes| -> Vec<usize> {
        let count = |night: &NightWishes, upto: usize, route: u16| {
            night.wishes[..upto].iter().filter(|w| w.route == route).count()
        };
        (0..here.wishes.len())
            .filter(|&n| {
                let route = here.wishes[n].route;
                count(here, n, route) >= count(there, there.wishes.len(), route)
            })
            .collect()
    };
    let missing = more(base, now);
    if missing.is_empty() || chance.below(4) == 0 {
        return Some(whole());
    }
    let wish = base.wishes[chance.pick(&missing)?];
    let mut wishes = now.clone();
    let extra = more(now, base);
    match chance.pick(&extra).filter(|_| chance.below(2) == 0) {
        Some(n) => wishes.wishes[n] = wish,
        None => wishes.wishes.insert(chance.below(wishes.wishes.len() + 1), wish),
    }
    Some(Change { night: t, wishes, other: None })
}

/// Looks at another class before others, or no longer at one.
fn favour(m: &Model, wish: &mut Wish, before: &[i32], chance: &mut Chance) -> Option<()> {
    let classes = &m.lanes[m.lines[wish.route as usize].lane].classes;
    let mut draw = || &classes[chance.below(classes.len())];
    let mut class = draw();
    for _ in 1..DRAWS_FOR_SOMEBODY {
        if before[class.class] > 0 {
            break;
        }
        class = draw();
    }
    let bit = class.bit;
    wish.favoured = match chance.below(3) {
        0 if wish.favoured != bit => bit,
        _ => wish.favoured ^ bit,
    };
    Some(())
}

/// One vehicle more or less.
fn near(count: u8, chance: &mut Chance) -> u8 {
    if count == 0 || chance.below(2) == 0 { (count + 1).min(ANY - 1) } else { count - 1 }
}

/// Half the time one of the nights next to `t`, else any.
fn other_night(nights: &[usize], t: usize, chance: &mut Chance) -> Option<usize> {
    if chance.below(2) == 0 {
        return Some(nights[chance.below(nights.len())]);
    }
    let here = nights.iter().position(|&night| night == t)?;
    let away = 1 + chance.below(NEXT_NIGHTS);
    let there = if chance.below(2) == 0 { here.checked_sub(away)? } else { here + away };
    nights.get(there).copied()
}

/// Moves empty vehicles on night `t`, or no longer. Nights without an open route are as good as others: vehicles
/// are idle then.
pub(super) fn shift(m: &Model, genome: &Genome, t: usize, chance: &mut Chance) -> Option<Change> {
    let depots = m.layout.depots;
    if depots < 2 {
        return None;
    }
    let mut wishes = genome.nights[t].clone();
    if !wishes.shifts.is_empty() && chance.below(3) > 0 {
        wishes.shifts.remove(chance.below(wishes.shifts.len()));
    } else {
        let from = chance.below(depots);
        wishes.shifts.push(Shift {
            from: from as u8,
            to: ((from + 1 + chance.below(depots - 1)) % depots) as u8,
            vehicle: chance.below(m.places.len()) as u8,
            count: 1 + chance.below(3) as u8,
        });
    }
    Some(Change { night: t, wishes, other: None })
}
