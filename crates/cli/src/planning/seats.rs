//! Seats and beds of those who have not moved, beside those who have.

use planner::persons::{SeatIn, Seating, Traveller, seat};
use planner::plan::{ClassPlan, Housing};
use planner::problem::Problem;
use simulator::{CarriedOut, PlanRequest};
use std::collections::BTreeMap;

/// Seats those who have not moved; those who have keep the seat and bed they had.
pub fn seat_later(
    problem: &Problem,
    travellers: &[Traveller],
    request: &PlanRequest,
    from: usize,
    past: &ClassPlan,
    plan: &ClassPlan,
) -> anyhow::Result<Seating> {
    let moved: BTreeMap<String, String> = request
        .carried_out
        .iter()
        .flat_map(|c| c.vehicles.iter().flat_map(|v| &v.admitted))
        .map(|(person, unit)| (person.to_string(), unit.to_string()))
        .collect();
    let later = |night: i64| night >= from as i64;
    let mut future = ClassPlan {
        convoys: plan.convoys.iter().filter(|c| later(c.night)).cloned().collect(),
        sorties: plan.sorties.iter().filter(|s| later(s.night)).cloned().collect(),
        repositions: plan.repositions.clone(),
        housing: Vec::new(),
    };
    let mut beds = housing_map(&plan.housing);
    let mut open = problem.clone();
    for h in &past.housing {
        if let Some(n) = beds.get_mut(&(h.class.clone(), h.wing.clone())) {
            *n -= h.count;
        }
        if let Some(wing) = open.wings.iter_mut().find(|w| w.id == h.wing) {
            wing.capacity = (wing.capacity - h.count).max(0);
        }
        if let Some(class) = open.classes.iter_mut().find(|c| c.id == h.class) {
            class.count -= h.count;
            class.ready.iter_mut().for_each(|n| *n = (*n - h.count).max(0));
        }
    }
    beds.retain(|_, n| *n > 0);
    future.housing = housing_list(beds);
    let waiting: Vec<Traveller> =
        travellers.iter().filter(|t| !moved.contains_key(&t.number)).cloned().collect();
    let mut seating = seat(&open, &future, &waiting, &Default::default())?;

    let (convoys, sorties) = (past.convoys.len(), past.sorties.len());
    let shift = |seat: SeatIn| match seat {
        SeatIn::Vehicle { convoy, vehicle } => {
            SeatIn::Vehicle { convoy: convoy + convoys, vehicle }
        }
        SeatIn::Aircraft { sortie } => SeatIn::Aircraft { sortie: sortie + sorties },
    };
    seating.seats = seating.seats.into_iter().map(|(p, s)| (p, shift(s))).collect();
    let (mut convoy, mut sortie) = (0, 0);
    for carried in &request.carried_out {
        let full = carried.vehicles.iter().filter(|v| !v.admitted.is_empty());
        let air = past_is_air(problem, carried);
        let mut vehicle = 0;
        for v in full {
            let seat =
                if air { SeatIn::Aircraft { sortie } } else { SeatIn::Vehicle { convoy, vehicle } };
            seating.seats.extend(v.admitted.iter().map(|(p, _)| (p.to_string(), seat)));
            vehicle += 1;
        }
        if vehicle > 0 {
            if air { sortie += 1 } else { convoy += 1 }
        }
    }
    seating.beds.extend(moved);
    let mut whole = past.clone();
    whole.convoys.extend(seating.plan.convoys);
    whole.sorties.extend(seating.plan.sorties);
    whole.repositions = plan.repositions.clone();
    let mut beds = housing_map(&past.housing);
    for h in &seating.plan.housing {
        *beds.entry((h.class.clone(), h.wing.clone())).or_insert(0) += h.count;
    }
    whole.housing = housing_list(beds);
    seating.plan = whole;
    Ok(seating)
}

fn past_is_air(problem: &Problem, carried: &CarriedOut) -> bool {
    problem.routes.iter().any(|r| r.id == carried.route && r.is_air())
}

fn housing_map(list: &[Housing]) -> BTreeMap<(String, String), i64> {
    let mut beds = BTreeMap::new();
    for h in list {
        *beds.entry((h.class.clone(), h.wing.clone())).or_insert(0) += h.count;
    }
    beds
}

pub fn housing_list(beds: BTreeMap<(String, String), i64>) -> Vec<Housing> {
    beds.into_iter().map(|((class, wing), count)| Housing { class, wing, count }).collect()
}
