//! When neither exchange nor cut helps: who stays, why, and what then runs empty.

use std::collections::BTreeMap;

use super::hall::Hall;
use super::pain::{Pain, pains};
use super::start::rank;
use super::{SeatIn, Seating};
use crate::plan::{UnmetKind, Unplaced};

/// Takes people off until no rule is broken; those taken off, with the reason. The rule is kept:
/// whoever goes last among equals stays.
pub(super) fn unseat(hall: &mut Hall) -> Vec<Unplaced> {
    let mut stay = Vec::new();
    loop {
        let Some((people, reason)) = pains(hall).iter().find_map(|pain| who_stays(hall, pain))
        else {
            return stay;
        };
        for n in people {
            if let Some(place) = hall.riders[n].place.take() {
                hall.alight(n, place.cabin);
                hall.leave_bed(n, place.wing);
                stay.push(Unplaced { person: hall.number(n), reason: reason.clone() });
            }
        }
    }
}

fn who_stays(hall: &Hall, pain: &Pain) -> Option<(Vec<usize>, String)> {
    let seated = |n: &usize| hall.riders[*n].place.is_some() && !hall.riders[*n].moved;
    let named = |list: &[usize]| {
        let mut numbers: Vec<String> = list.iter().map(|&n| hall.number(n)).collect();
        numbers.sort();
        numbers.join(", ")
    };
    let place = pain.place(hall);
    let (people, reason) = match pain.kind {
        UnmetKind::RiskGathered => return None,
        UnmetKind::TogetherSplit => (
            pain.people.clone(),
            format!(
                "belong together ({}), and no vehicle has room for all of them",
                named(&pain.people)
            ),
        ),
        UnmetKind::UnderAgeWithAdults => {
            let aboard = &hall.cabins[pain.cabin?].people;
            let young = |n: &&usize| hall.riders[**n].traveller.under18;
            let adults: Vec<usize> = aboard.iter().filter(|n| !young(n)).copied().collect();
            let fewer = if adults.len() < pain.people.len() { adults } else { pain.people.clone() };
            let reason = format!("under-18s ride apart from adults, and {place} is all there is");
            (fewer, reason)
        }
        UnmetKind::KeepApartVehicle | UnmetKind::KeepApartConvoy | UnmetKind::KeepApartWing => {
            let last = pain.people.iter().copied().filter(seated).max_by_key(|&n| rank(hall, n))?;
            let others: Vec<usize> = pain.people.iter().copied().filter(|&n| n != last).collect();
            let what = match pain.kind {
                UnmetKind::KeepApartWing => {
                    format!("no wing but {} suits both of them", place.trim_start_matches("wing "))
                }
                UnmetKind::KeepApartConvoy => format!("no convoy but that of {place} takes both"),
                _ => format!("no vehicle but {place} takes both"),
            };
            (vec![last], format!("kept apart from {}: {what}", named(&others)))
        }
    };
    let people: Vec<usize> = people.into_iter().filter(seated).collect();
    (!people.is_empty()).then_some((people, reason))
}

/// Takes vehicles, convoys and sorties that carry nobody out of the plan.
pub(super) fn drop_empty(seating: &mut Seating) {
    let plan = &mut seating.plan;
    let mut at: BTreeMap<SeatIn, SeatIn> = BTreeMap::new();
    let mut convoys = Vec::new();
    for (convoy, mut c) in plan.convoys.drain(..).enumerate() {
        let mut vehicles = Vec::new();
        for (vehicle, v) in c.vehicles.drain(..).enumerate() {
            if v.load.values().sum::<i64>() > 0 {
                let now = SeatIn::Vehicle { convoy: convoys.len(), vehicle: vehicles.len() };
                at.insert(SeatIn::Vehicle { convoy, vehicle }, now);
                vehicles.push(v);
            }
        }
        if !vehicles.is_empty() {
            c.vehicles = vehicles;
            convoys.push(c);
        }
    }
    plan.convoys = convoys;
    let mut sorties = Vec::new();
    for (sortie, s) in plan.sorties.drain(..).enumerate() {
        if s.load.values().sum::<i64>() > 0 {
            at.insert(SeatIn::Aircraft { sortie }, SeatIn::Aircraft { sortie: sorties.len() });
            sorties.push(s);
        }
    }
    plan.sorties = sorties;
    for seat in seating.seats.values_mut() {
        *seat = at.get(seat).copied().unwrap_or(*seat);
    }
}
