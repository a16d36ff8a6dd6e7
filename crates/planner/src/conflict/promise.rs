//! What was promised, and the problem without it.

use crate::problem::{Need, Problem, Security, Way};

/// Something promised that could be given up, by position in the problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Promise {
    /// Everyone of the class leaves by the deadline.
    Everyone(usize),
    /// Nobody of the class boards before the gates.
    Gates(usize),
    Accepts(usize),
    Ratings(usize),
    Care(usize),
    Beds(usize),
    ApartInWings,
    ApartInConvoys,
    Intake(usize),
    OutProcessing(usize),
    Bays(usize),
    Crossing(usize),
    Cover,
    Flights,
    Fleet(usize, usize),
    Teams(usize),
    Guards(usize),
    /// Vehicles carry only the needs they suit.
    Suitability(Need),
}

impl Promise {
    /// Every promise of the problem. Classes come first: with them gone the rest is quick to judge.
    pub fn all(p: &Problem) -> Vec<Self> {
        let some: Vec<usize> = (0..p.classes.len()).filter(|&k| p.classes[k].count > 0).collect();
        let late =
            |k: &usize| p.classes[*k].ready.first().is_some_and(|n| *n < p.classes[*k].count);
        let mut all: Vec<Self> = some.iter().map(|&k| Self::Everyone(k)).collect();
        all.extend(some.into_iter().filter(late).map(Self::Gates));
        let facilities = 0..p.facilities.len();
        let origins = 0..p.origins.len();
        let depots = 0..p.depots.len();
        all.extend(origins.clone().map(Self::OutProcessing));
        all.extend(origins.map(Self::Bays));
        all.extend((0..p.crossings.len()).map(Self::Crossing));
        all.extend(depots.clone().map(Self::Teams));
        all.extend(depots.clone().map(Self::Guards));
        let kinds = 0..p.vehicle_types.len();
        all.extend(depots.flat_map(|d| kinds.clone().map(move |v| Self::Fleet(d, v))));
        let needed = |need: &Need| p.classes.iter().any(|c| c.need == *need && c.count > 0);
        all.extend(Need::ALL.into_iter().filter(needed).map(Self::Suitability));
        all.push(Self::Cover);
        if p.routes.iter().any(|r| r.way == Way::Air) {
            all.push(Self::Flights);
        }
        if !p.convoy_apart.is_empty() {
            all.push(Self::ApartInConvoys);
        }
        if !p.conflicts.is_empty() {
            all.push(Self::ApartInWings);
        }
        all.extend(facilities.clone().map(Self::Accepts));
        all.extend(facilities.clone().map(Self::Ratings));
        all.extend(facilities.clone().map(Self::Care));
        all.extend(facilities.clone().map(Self::Beds));
        all.extend(facilities.map(Self::Intake));
        all
    }

    /// Changes `p` so that the promise limits nothing any more.
    pub fn let_go(&self, p: &mut Problem) {
        let people = p.people();
        // One vehicle for every few people: as many as could ever be of use.
        let vehicles = |p: &Problem, v: usize| {
            people / p.vehicle_types[v].places.max(1) + p.classes.len() as i64
        };
        let convoys = people / 2 + 1;
        match *self {
            Self::Everyone(k) => {
                p.classes[k].count = 0;
                p.classes[k].ready.fill(0);
            }
            Self::Gates(k) => {
                let count = p.classes[k].count;
                p.classes[k].ready.fill(count);
            }
            Self::Accepts(d) => {
                p.facilities[d].accepts = (0..p.nationality_groups.len()).collect();
            }
            Self::Ratings(d) => {
                let wings = p.wings.iter_mut().filter(|w| w.facility == d);
                wings.for_each(|w| w.rating = Security::High);
            }
            Self::Care(d) => {
                let wings = p.wings.iter_mut().filter(|w| w.facility == d);
                wings.for_each(|w| w.medical = true);
            }
            Self::Beds(d) => {
                let wings = p.wings.iter_mut().filter(|w| w.facility == d);
                wings.for_each(|w| w.capacity = w.capacity.max(people));
            }
            Self::ApartInWings => p.conflicts.clear(),
            Self::ApartInConvoys => p.convoy_apart.clear(),
            Self::Intake(d) => more(&mut p.facilities[d].intake, people),
            Self::OutProcessing(o) => more(&mut p.origins[o].out_limit, people),
            Self::Bays(o) => more(&mut p.origins[o].bays, convoys),
            Self::Crossing(b) => more(&mut p.crossings[b].slots, convoys),
            Self::Cover => {
                let longest = p.routes.iter().map(|r| r.exposure).max().unwrap_or(0);
                for c in &mut p.cover {
                    (c.orbits, c.slots) = (c.orbits.max(convoys), c.slots.max(longest));
                }
            }
            Self::Flights => more(&mut p.air.sorties, people),
            Self::Fleet(d, v) => {
                let plenty = vehicles(p, v).max(p.depots[d].fleet[v]);
                p.depots[d].fleet[v] = plenty;
                p.depots[d].park[v] = p.depots[d].park[v].max(plenty);
            }
            Self::Teams(d) => {
                let each = p.routes.iter().map(|r| r.teams * r.team_cycle as i64).max();
                p.depots[d].teams = p.depots[d].teams.max(convoys * each.unwrap_or(1).max(1));
            }
            Self::Guards(d) => {
                let each = p.vehicle_types.iter().map(|v| v.guards).max().unwrap_or(1).max(1);
                p.depots[d].guards = p.depots[d].guards.max(people * each);
            }
            Self::Suitability(need) => {
                let types = p.vehicle_types.iter_mut().filter(|v| !v.needs.contains(&need));
                types.for_each(|v| v.needs.push(need));
            }
        }
    }

    /// The promise with its numbers.
    pub fn words(&self, p: &Problem) -> String {
        let facility = |d: usize| &p.facilities[d].id;
        let wings = |d: usize| p.wings.iter().filter(move |w| w.facility == d);
        match *self {
            Self::Everyone(k) => {
                let c = &p.classes[k];
                let (security, health, need) = (c.security, c.health, c.need);
                let kind = format!("{security:?} security, {health:?}, {need:?}").to_lowercase();
                format!(
                    "all {} people of class {} leave {} by night {} ({kind}, group {})",
                    c.count,
                    c.id,
                    p.origins[c.origin].id,
                    p.nights - 1,
                    p.nationality_groups[c.nationality]
                )
            }
            Self::Gates(k) => {
                let c = &p.classes[k];
                let last = c.ready.last().copied().unwrap_or(c.count);
                format!(
                    "nobody of class {} boards before their gates are passed ({last} of {} by the last night)",
                    c.id, c.count
                )
            }
            Self::Accepts(d) => {
                let names: Vec<&str> = (p.facilities[d].accepts.iter())
                    .map(|&n| p.nationality_groups[n].as_str())
                    .collect();
                match names[..] {
                    [] => format!("{} accepts no nationality group", facility(d)),
                    _ => format!(
                        "{} accepts only nationality groups {}",
                        facility(d),
                        names.join(", ")
                    ),
                }
            }
            Self::Ratings(d) => {
                let beds = |least: Security| {
                    wings(d).filter(|w| w.rating >= least).map(|w| w.capacity).sum::<i64>()
                };
                format!(
                    "the wings of {} hold people up to their rating (beds for high security {}, for medium {})",
                    facility(d),
                    beds(Security::High),
                    beds(Security::Medium)
                )
            }
            Self::Care(d) => {
                let beds: i64 = wings(d).filter(|w| w.medical).map(|w| w.capacity).sum();
                format!("{} has care for {beds} people", facility(d))
            }
            Self::Beds(d) => {
                let beds: i64 = wings(d).map(|w| w.capacity).sum();
                format!("{} has {beds} beds", facility(d))
            }
            Self::ApartInWings => format!("{} do not share a wing", pairs(p, &p.conflicts)),
            Self::ApartInConvoys => {
                format!("{} do not share a convoy", pairs(p, &p.convoy_apart))
            }
            Self::Intake(d) => {
                let all: i64 = p.facilities[d].intake.iter().sum();
                let most = p.facilities[d].intake.iter().max().copied().unwrap_or(0);
                format!("{} receives {all} people in all, at most {most} a night", facility(d))
            }
            Self::OutProcessing(o) => {
                let all: i64 = p.origins[o].out_limit.iter().sum();
                format!("{} out-processes {all} people in all", p.origins[o].id)
            }
            Self::Bays(o) => {
                let all: i64 = p.origins[o].bays.iter().sum();
                format!("{} loads {all} convoys in all", p.origins[o].id)
            }
            Self::Crossing(b) => {
                let all: i64 = p.crossings[b].slots.iter().sum();
                format!("crossing {} has {all} slots in all", p.crossings[b].id)
            }
            Self::Cover => {
                let orbits: i64 = p.cover.iter().map(|c| c.orbits).sum();
                let nights = p.cover.iter().filter(|c| c.orbits > 0 && c.slots > 0).count();
                format!("air cover: {orbits} orbits on {nights} nights")
            }
            Self::Flights => format!("{} flights in all", p.air.sorties.iter().sum::<i64>()),
            Self::Fleet(d, v) => format!(
                "depot {} has {} {}",
                p.depots[d].id, p.depots[d].fleet[v], p.vehicle_types[v].id
            ),
            Self::Teams(d) => {
                format!("depot {} has {} escort teams", p.depots[d].id, p.depots[d].teams)
            }
            Self::Guards(d) => {
                format!("depot {} has {} guards", p.depots[d].id, p.depots[d].guards)
            }
            Self::Suitability(need) => {
                let suit: Vec<&str> = (p.vehicle_types.iter())
                    .filter(|v| v.needs.contains(&need))
                    .map(|v| v.id.as_str())
                    .collect();
                let need = format!("{need:?}").to_lowercase();
                match suit[..] {
                    [] => format!("no vehicle type suits need {need}"),
                    _ => format!("only {} suits need {need}", suit.join(", ")),
                }
            }
        }
    }
}

fn more(limits: &mut [i64], least: i64) {
    limits.iter_mut().for_each(|n| *n = (*n).max(least));
}

fn pairs(p: &Problem, pairs: &[[usize; 2]]) -> String {
    let name = |[a, b]: &[usize; 2]| {
        format!("{} and {}", p.separation_groups[*a], p.separation_groups[*b])
    };
    pairs.iter().map(name).collect::<Vec<_>>().join("; ")
}
