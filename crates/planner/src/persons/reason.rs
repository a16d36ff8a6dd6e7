//! Why somebody is not moved: what their class ran out of.

use std::collections::BTreeMap;

use super::hall::Hall;
use crate::check::case::Case;
use crate::plan::{ClassPlan, Unplaced};
use crate::problem::{Problem, Way};

/// Everyone without a seat, with the reason of their class.
pub(super) fn unplaced(problem: &Problem, plan: &ClassPlan, hall: &Hall) -> Vec<Unplaced> {
    let case = Case::new(problem, plan);
    let mut reasons: BTreeMap<usize, String> = BTreeMap::new();
    let mut out: Vec<Unplaced> = (hall.riders.iter())
        .filter(|r| r.place.is_none())
        .map(|r| Unplaced {
            person: r.traveller.number.clone(),
            reason: reasons.entry(r.class).or_insert_with(|| reason(&case, r.class)).clone(),
        })
        .collect();
    out.sort_by(|a, b| a.person.cmp(&b.person));
    out
}

fn reason(case: &Case, class: usize) -> String {
    let p = case.problem;
    let c = &p.classes[class];
    let wings: Vec<usize> = (0..p.wings.len()).filter(|&w| p.suits(class, w)).collect();
    if wings.is_empty() {
        return format!("no wing takes class {}: nationality group, rating or care", c.id);
    }
    let ready = c.ready.last().copied().unwrap_or(c.count);
    if case.gone[class] >= ready {
        return format!("gates: class {} has {ready} of {} ready by the last night", c.id, c.count);
    }
    if !p.vehicle_types.iter().any(|v| v.needs.contains(&c.need)) {
        return format!("no vehicle suits the need of class {}", c.id);
    }
    let open: Vec<usize> = wings
        .into_iter()
        .filter(|&w| {
            let guests = &case.wing_groups[w];
            let hostile = |[a, b]: &[usize; 2]| {
                (*a == c.separation && guests.contains(b))
                    || (*b == c.separation && guests.contains(a))
            };
            case.wing_people[w] < p.wings[w].capacity && !p.conflicts.iter().any(hostile)
        })
        .collect();
    if open.is_empty() {
        return format!(
            "beds: every wing that suits class {} is full or hosts another group",
            c.id
        );
    }
    let mut short: BTreeMap<&'static str, usize> = BTreeMap::new();
    for (r, route) in p.routes.iter().enumerate() {
        if route.origin == c.origin && open.iter().any(|&w| p.wings[w].facility == route.dest) {
            for night in 0..p.nights {
                *short.entry(binding(case, class, r, night)).or_insert(0) += 1;
            }
        }
    }
    match short.into_iter().max_by_key(|&(_, nights)| nights) {
        Some((what, nights)) => format!("{what}: binds class {} in {nights} route-nights", c.id),
        None => format!("no route from {} to a facility with beds", p.origins[c.origin].id),
    }
}

/// The first thing that keeps one more of the class off this route in this night.
fn binding(case: &Case, class: usize, route: usize, night: usize) -> &'static str {
    let p = case.problem;
    let r = &p.routes[route];
    let (depot, need) = (p.origins[r.origin].depot, p.classes[class].need);
    let escorts = (night..p.nights.min(night + r.team_cycle))
        .any(|t| case.teams[depot][t] + r.teams > p.depots[depot].teams);
    let vehicles = || {
        (0..p.vehicle_types.len()).filter(|&v| p.vehicle_types[v].needs.contains(&need)).any(|v| {
            let mut there = p.depots[depot].fleet[v];
            let mut least = i64::MAX;
            for t in 0..p.nights {
                there += case.arriving[depot][v][t] - case.leaving[depot][v][t];
                if (night..night + r.cycle).contains(&t) {
                    least = least.min(there);
                }
            }
            least > 0
        })
    };
    match r.way {
        _ if case.out[r.origin][night] >= p.origins[r.origin].out_limit[night] => "out-processing",
        _ if case.intake[r.dest][night] >= p.facilities[r.dest].intake[night] => "intake",
        Way::Air if p.air.sorties[night] == 0 => "no sorties",
        Way::Air if case.flown[night] >= p.air.sorties[night] => "sorties",
        Way::Road { .. } if p.cover[night].orbits == 0 => "no air cover",
        Way::Road { crossing }
            if case.crossings[crossing][night] >= p.crossings[crossing].slots[night] =>
        {
            "crossing slots"
        }
        Way::Road { .. } if case.bays[r.origin][night] >= p.origins[r.origin].bays[night] => {
            "loading bays"
        }
        Way::Road { .. } if !window(case, night, r.exposure) => "air cover windows",
        _ if escorts => "escort teams",
        Way::Road { .. } if !vehicles() => "vehicles that suit",
        _ => "the search: a place may be left",
    }
}

fn window(case: &Case, night: usize, exposure: i64) -> bool {
    let cover = case.problem.cover[night];
    (0..cover.orbits)
        .any(|orbit| cover.slots - case.orbits[night].get(&orbit).copied().unwrap_or(0) >= exposure)
}
