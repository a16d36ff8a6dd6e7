//! Night by night: planned against done, with cover, promises and what was lost.

use crate::api::{Cover, MovementStatus, NightLine};
use crate::fold::Fold;
use crate::views::movements::Movement;
use domain::{CoverDecision, Event, Night, Record, kind};
use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use scenario::{Operation, Scenario};
use std::collections::BTreeMap;

/// The local time of an operation as an instant.
pub fn instant(operation: &Operation, local: DateTime) -> Timestamp {
    operation.utc_offset.to_timestamp(local).unwrap_or(Timestamp::MAX)
}

/// When a night begins.
pub fn begins(operation: &Operation, night: Night) -> Timestamp {
    instant(operation, night.to_datetime(operation.night_from))
}

/// A local time within a night; one before the night's beginning is on the next morning.
fn within(operation: &Operation, night: Night, time: Time) -> Timestamp {
    let date = match time < operation.night_from && time <= operation.night_to {
        true => night.tomorrow().unwrap_or(night),
        false => night,
    };
    instant(operation, date.to_datetime(time))
}

/// The night under way or, by day, the coming one; before the operation its first, after it none.
pub fn night_at(operation: &Operation, now: Timestamp) -> Option<Night> {
    let local = operation.utc_offset.to_datetime(now);
    let night = match local.time() < operation.night_to {
        true => local.date().yesterday().ok()?,
        false => local.date(),
    };
    let night = night.max(operation.first_night);
    operation.night_index(night).map(|_| night)
}

/// What was decided about a night's cover, by whom.
#[derive(Debug, Clone)]
pub struct Decided {
    decision: CoverDecision,
    at: Timestamp,
    by: String,
    reports: Vec<String>,
}

/// The last decision about each night that counts, by the field's time.
pub fn cover_decided(record: &Record) -> BTreeMap<Night, Decided> {
    let mut facts: Vec<_> = record.counted(kind::COVER_DECIDED).collect();
    facts.sort_by_key(|f| (f.occurred_at, f.hash));
    let mut decided = BTreeMap::new();
    for fact in facts {
        if let Event::CoverDecided { night, decision, reports } = &fact.event {
            let by = format!("{} {} {}", fact.authority, fact.officer.role, fact.officer.number);
            let reports = reports.clone();
            let said = Decided { decision: *decision, at: fact.occurred_at, by, reports };
            decided.insert(*night, said);
        }
    }
    decided
}

/// Cover of a night as planned, or as decided since.
pub fn cover(fold: &Fold, scenario: &Scenario, night: Night) -> Option<Cover> {
    let planned = scenario.cover.iter().find(|c| c.night == night)?;
    let operation = &scenario.operation;
    let decided = fold.cover.get(&night);
    let (decision, orbits, slots) = match decided.map(|d| d.decision) {
        None => ("planned", planned.orbits, planned.slots),
        Some(CoverDecision::Stands { orbits, slots }) => ("stands", orbits, slots),
        Some(CoverDecision::Withdrawn) => ("withdrawn", 0, 0),
    };
    Some(Cover {
        night: night.to_string(),
        decision: decision.to_owned(),
        orbits,
        slots,
        from: within(operation, night, planned.from).to_string(),
        to: within(operation, night, planned.to).to_string(),
        decided_at: decided.map(|d| d.at.to_string()),
        decided_by: decided.map(|d| d.by.clone()),
        reports: decided.map_or_else(Vec::new, |d| d.reports.clone()),
    })
}

/// Every night, in order.
///
/// A night that has begun is held against the plan it was carried out by, not against a later one
/// that already knows what happened.
pub fn nights(fold: &Fold, scenario: &Scenario, now: Timestamp) -> Vec<NightLine> {
    let operation = &scenario.operation;
    operation
        .nights()
        .map(|night| {
            let begins = begins(operation, night);
            let movements: Vec<_> = fold.movements_of(night).collect();
            let planned = fold.plans.for_night(begins).map_or(0, |p| p.people_on(night));
            NightLine {
                night: night.to_string(),
                planned,
                first_planned: fold.plans.first().map_or(0, |p| p.people_on(night)),
                departed: fold.journeys.departed_by_night.get(&night).copied().unwrap_or(0),
                admitted: fold.journeys.admitted_by_night.get(&night).copied().unwrap_or(0),
                promised: fold.promises.total(night, now.min(begins)),
                cover: cover(fold, scenario, night),
                lost: lost(fold, night, &movements),
                movements: movements.iter().map(|m| m.line(now)).collect(),
            }
        })
        .collect()
}

/// Why nothing moved: the reason given for most of the movements cancelled, when all were; or that
/// cover was withdrawn and nothing left.
fn lost(fold: &Fold, night: Night, movements: &[&Movement]) -> Option<String> {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for movement in movements {
        match movement.cancelled() {
            Some(why) => *reasons.entry(why).or_default() += 1,
            None if movement.status() >= MovementStatus::UnderWay => return None,
            None => {}
        }
    }
    let cancelled: usize = reasons.values().sum();
    if cancelled > 0 && cancelled == movements.len() {
        return reasons.into_iter().max_by_key(|(_, n)| *n).map(|(why, _)| why.to_owned());
    }
    let withdrawn = fold.cover.get(&night).map(|d| d.decision) == Some(CoverDecision::Withdrawn);
    withdrawn.then(|| domain::CancelReason::NoCover.to_string())
}
