//! The highest risk is not gathered in one vehicle.

use std::collections::BTreeMap;

use super::Effort;
use super::exchange::{Exchange, rules_hurt_of_two, swap};
use super::hall::Hall;
use super::pain::Pain;
use crate::plan::UnmetKind;
use crate::solve::chance::Chance;

/// Exchanges tried for each person of the highest risk.
const TRIES: usize = 60;

/// People of the highest risk there is; nobody when nobody is a risk.
fn highest(hall: &Hall) -> Vec<bool> {
    let most = hall.riders.iter().map(|r| r.traveller.risk).max().unwrap_or(0);
    hall.riders.iter().map(|r| most > 0 && r.traveller.risk == most).collect()
}

/// Brings each vehicle near its share of a movement's highest risk, where that hurts nobody and
/// changes nobody's place in the plan in force for the worse.
pub(super) fn spread(hall: &mut Hall, effort: &Effort) {
    let mut chance = Chance::new(effort.seed);
    let top = highest(hall);
    let moving = |n: &usize| top[*n] && hall.riders[*n].place.is_some() && !hall.riders[*n].moved;
    let people: Vec<usize> = (0..hall.riders.len()).filter(moving).collect();
    let mut aboard: Vec<i64> =
        hall.cabins.iter().map(|c| c.people.iter().filter(|&&n| top[n]).count() as i64).collect();
    for _ in 0..people.len() * TRIES {
        let a = people[chance.below(people.len())];
        let Some(b) = neighbour(hall, a, &mut chance).filter(|&b| !top[b]) else { continue };
        let (Some(x), Some(y)) = (hall.riders[a].place, hall.riders[b].place) else { continue };
        let size = |c: usize| hall.cabins[c].people.len() as i64;
        // From x to y as long as x stays at least as full of risk as y becomes.
        if (aboard[x.cabin] - 1) * size(y.cabin) < (aboard[y.cabin] + 1) * size(x.cabin) {
            continue;
        }
        let before = (rules_hurt_of_two(hall, a, b), hall.change(a) + hall.change(b));
        swap(hall, Exchange::Seat, a, b);
        let after = (rules_hurt_of_two(hall, a, b), hall.change(a) + hall.change(b));
        if after.0 > before.0 || after.1 > before.1 {
            swap(hall, Exchange::Seat, a, b);
        } else {
            aboard[x.cabin] -= 1;
            aboard[y.cabin] += 1;
        }
    }
}

/// Somebody of the same load group in another vehicle of the same movement.
fn neighbour(hall: &Hall, a: usize, chance: &mut Chance) -> Option<usize> {
    let here = hall.riders[a].place?.cabin;
    let near = here.saturating_sub(6)..(here + 7).min(hall.cabins.len());
    let cabin = near.start + chance.below(near.len());
    let same = hall.cabins[cabin].movement == hall.cabins[here].movement && cabin != here;
    let b = chance.pick(&hall.cabins[cabin].people).filter(|_| same)?;
    let fits = hall.load_group(a) == hall.load_group(b) && !hall.riders[b].moved;
    fits.then_some(b)
}

/// Vehicles with more than half again their share of the highest risk of their load group in the
/// movement.
pub(super) fn gathered(hall: &Hall) -> Vec<Pain> {
    let top = highest(hall);
    let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (c, cabin) in hall.cabins.iter().enumerate().filter(|(_, c)| !c.flight) {
        if let Some(&first) = cabin.people.first() {
            groups.entry((cabin.movement, hall.load_group(first))).or_default().push(c);
        }
    }
    let risky = |c: usize| hall.cabins[c].people.iter().copied().filter(|&n| top[n]);
    let mut all = Vec::new();
    for cabins in groups.values() {
        let people: i64 = cabins.iter().map(|&c| hall.cabins[c].people.len() as i64).sum();
        let risk: i64 = cabins.iter().map(|&c| risky(c).count() as i64).sum();
        for &c in cabins {
            let share = 3 * risk * hall.cabins[c].people.len() as i64;
            let most = (share + 2 * people - 1) / (2 * people);
            let moved = hall.cabins[c].people.iter().all(|&n| hall.riders[n].moved);
            if risky(c).count() as i64 > most && !moved {
                let people = risky(c).collect();
                let kind = UnmetKind::RiskGathered;
                all.push(Pain { kind, people, cabin: Some(c), wing: None });
            }
        }
    }
    all
}
