//! Seats and beds of those who have not moved, beside those who have.

use super::past::Past;
use planner::persons::{SeatIn, Seating, Traveller, seat};
use planner::plan::{ClassPlan, Housing};
use planner::problem::Problem;
use std::collections::BTreeMap;

/// Seats those who have not moved; those who have keep the seat and bed they had.
pub fn seat_later(
    problem: &Problem,
    travellers: &[Traveller],
    from: usize,
    past: Past,
    plan: &ClassPlan,
) -> anyhow::Result<Seating> {
    let later = |night: i64| night >= from as i64;
    let mut future = ClassPlan {
        convoys: plan.convoys.iter().filter(|c| later(c.night)).cloned().collect(),
        sorties: plan.sorties.iter().filter(|s| later(s.night)).cloned().collect(),
        repositions: plan.repositions.clone(),
        housing: Vec::new(),
    };
    let mut beds = housing_map(&plan.housing);
    let mut open = problem.clone();
    for h in &past.plan.housing {
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
        travellers.iter().filter(|t| !past.seats.contains_key(&t.number)).cloned().collect();
    let mut seating = seat(&open, &future, &waiting, &Default::default())?;

    let (convoys, sorties) = (past.plan.convoys.len(), past.plan.sorties.len());
    let shift = |seat: SeatIn| match seat {
        SeatIn::Vehicle { convoy, vehicle } => {
            SeatIn::Vehicle { convoy: convoy + convoys, vehicle }
        }
        SeatIn::Aircraft { sortie } => SeatIn::Aircraft { sortie: sortie + sorties },
    };
    seating.seats = seating.seats.into_iter().map(|(p, s)| (p, shift(s))).collect();
    seating.seats.extend(past.seats);
    seating.beds.extend(past.beds);
    let mut beds = housing_map(&past.plan.housing);
    let mut whole = past.plan;
    whole.convoys.extend(seating.plan.convoys);
    whole.sorties.extend(seating.plan.sorties);
    whole.repositions = plan.repositions.clone();
    for h in &seating.plan.housing {
        *beds.entry((h.class.clone(), h.wing.clone())).or_insert(0) += h.count;
    }
    whole.housing = housing_list(beds);
    seating.plan = whole;
    Ok(seating)
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
