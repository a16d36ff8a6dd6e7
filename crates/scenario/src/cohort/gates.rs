//! When and how each gate is decided for each person.

use super::chance::Chance;
use super::generate::Draft;
use super::{Escape, Gate, GatePlan};
use crate::Scenario;
use crate::parameters::{GateSchedule, StayReason};
use jiff::ToSpan;
use jiff::civil::Date;

/// The plan of decisions of each person.
///
/// One order for all gates, so that who is early is early at each; the first people of the first
/// convoy's origin come before everyone.
pub(super) fn plans(scenario: &Scenario, seed: u64, drafts: &[Draft]) -> Vec<[GatePlan; 5]> {
    let first = &scenario.troubles.first_night;
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    Chance::new(seed, 700).shuffle(&mut order);
    let last_group = |i: usize| drafts[i].stay.is_some() || drafts[i].site != first.origin;
    order.sort_by_key(|&i| last_group(i));
    let schedules = &scenario.cohort.gates;
    let at_once = schedules.iter().map(|s| s.first as usize).max().unwrap_or(0);
    let at_once = at_once.min(order.len());
    // Beyond the first ones the origins are mixed again.
    Chance::new(seed, 701).shuffle(&mut order[at_once..]);

    let mut plans = vec![[GatePlan::Pending; 5]; drafts.len()];
    for (rank, &i) in order.iter().enumerate() {
        let behind = rank.saturating_sub(at_once) as i64;
        let of = (order.len() - at_once).max(1) as i64;
        for schedule in schedules {
            let on = if rank < schedule.first as usize {
                schedule.from
            } else {
                spread(schedule, behind, of)
            };
            plans[i][schedule.gate as usize] = plan(scenario, &drafts[i], schedule.gate, on);
        }
    }
    plans
}

/// The date at `rank` of `of`, evenly from the first day to the last.
fn spread(schedule: &GateSchedule, rank: i64, of: i64) -> Date {
    let days = schedule.from.until(schedule.to).map_or(0, |s| i64::from(s.get_days())) + 1;
    schedule.from.checked_add((rank * days / of).days()).unwrap_or(schedule.to)
}

fn plan(scenario: &Scenario, draft: &Draft, gate: Gate, on: Date) -> GatePlan {
    let on = match escape(scenario, draft) {
        Some(Escape { recaptured_on: Some(back), .. }) => on.max(back),
        _ => on,
    };
    match draft.stay {
        Some(StayReason::Failed(failed)) if failed == gate => GatePlan::Failed(on),
        // What comes after a gate that failed is not asked any more.
        Some(StayReason::Failed(failed)) if failed < gate => GatePlan::Pending,
        Some(StayReason::Pending(pending)) if pending == gate => GatePlan::Pending,
        Some(StayReason::Escaped | StayReason::Duplicate) => GatePlan::Pending,
        _ => GatePlan::Passed(on),
    }
}

/// Since when a person is missing, and until when.
pub(super) fn escape(scenario: &Scenario, draft: &Draft) -> Option<Escape> {
    let trouble = &scenario.troubles.lost_control;
    draft.missing.then(|| Escape {
        on: trouble.date,
        recaptured_on: draft.recaptured.then_some(trouble.recaptured_by),
    })
}
