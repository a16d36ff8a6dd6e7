//! Convoys and flights: what was planned, what the record says of them, where they should be now.

use crate::api::{MovementDetail, MovementLine, MovementStatus, Passenger, Report, VehicleLoad};
use crate::fold::Fold;
use crate::views::course::{Course, Fix};
use crate::views::fact_line::fact_line;
use crate::views::operation::text;
use crate::views::plan::{Plans, people_of, route_of};
use domain::*;
use jiff::Timestamp;
use planner::plan::{MovementKind, PlanMovement};
use scenario::{RouteKind, Scenario};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::State;

/// A movement but for the time: the line of it as it stood at its last report.
#[derive(Debug, Clone)]
pub struct Movement {
    pub id: MovementId,
    line: MovementLine,
    /// Where the plan gives it a route that the scenario knows.
    course: Option<Course>,
    fix: Option<Fix>,
}

/// What the facts of one movement say.
#[derive(Debug, Default)]
struct Told {
    manifest: BTreeMap<VehicleId, Vec<PersonId>>,
    boarded: BTreeMap<PersonId, VehicleId>,
    /// Offers, with the site of each.
    offers: BTreeMap<FactHash, (SiteId, BTreeSet<PersonId>)>,
    answers: BTreeMap<FactHash, BTreeMap<PersonId, Answer>>,
    departed_at: Option<Timestamp>,
    /// Places reported, in order of the field's time, with the count where one was taken.
    passed: Vec<(WaypointId, Timestamp, Option<u32>)>,
    arrived: Option<(SiteId, Timestamp)>,
    cancelled: Option<CancelReason>,
    /// Where the first people boarded were held.
    boarded_at: Option<SiteId>,
}

impl Told {
    fn by(record: &Record, movement: MovementId) -> Self {
        let mut told = Told::default();
        // What moved custody, the people's chains say; of the rest, a key taken out of use tells nothing.
        let told_of = |fact: &&Arc<Fact>| fact.bears_on_custody() || record.keys().counts(fact);
        for fact in record.movement_facts(movement).into_iter().filter(told_of) {
            told.take(record, fact);
        }
        told
    }

    fn take(&mut self, record: &Record, fact: &Arc<Fact>) {
        let at = fact.occurred_at;
        match &fact.event {
            Event::ManifestFrozen { vehicles, .. } => {
                self.manifest = vehicles.iter().cloned().collect();
            }
            Event::Boarded { vehicle, people, .. } => {
                self.boarded.extend(people.iter().map(|l| (l.person, vehicle.clone())));
                if self.boarded_at.is_none() {
                    self.boarded_at = people.first().and_then(|l| held_after(record, l));
                }
            }
            Event::Departed { .. } => self.departed_at = Some(at),
            Event::WaypointPassed { waypoint, aboard, .. } => {
                self.passed.push((waypoint.clone(), at, *aboard));
            }
            Event::Arrived { site, .. } => self.arrived = Some((site.clone(), at)),
            Event::MovementCancelled { why, .. } => self.cancelled = Some(*why),
            Event::HandoverOffered { site, people, .. } => {
                let people = people.iter().map(|l| l.person).collect();
                self.offers.insert(fact.hash, (site.clone(), people));
            }
            Event::HandoverAnswered { offer, outcomes } => {
                self.answers.entry(*offer).or_default().extend(outcomes.iter().copied());
            }
            _ => {}
        }
    }

    /// Everyone offered at a site, with the answer once there is one.
    fn offered_at(&self, site: &str) -> BTreeMap<PersonId, Option<Answer>> {
        let mut people = BTreeMap::new();
        for (hash, (_, offered)) in self.offers.iter().filter(|(_, (s, _))| s.as_str() == site) {
            let answers = self.answers.get(hash);
            people.extend(offered.iter().map(|p| (*p, answers.and_then(|a| a.get(p)).copied())));
        }
        people
    }
}

/// The site whose unit held a person at the fact that a link follows.
fn held_after(record: &Record, link: &Link) -> Option<SiteId> {
    let chain = &record.standing(link.person)?.chain;
    let (_, custody) = chain.iter().find(|(hash, _)| *hash == link.after)?;
    crate::views::custody::site_of(custody).cloned()
}

/// Every movement of the plan in force, and those of the record that it no longer has.
pub fn movements(
    record: &Record,
    plans: &Plans,
    scenario: &Scenario,
    begins: impl Fn(Night) -> Timestamp,
) -> BTreeMap<MovementId, Movement> {
    let told: BTreeSet<_> = record.movements().collect();
    let mut ids = told.clone();
    for night in scenario.operation.nights() {
        if let Some(plan) = plans.for_night(begins(night)) {
            ids.extend(plan.movements().filter(|m| m.night == night));
        }
    }
    ids.into_iter()
        .map(|id| {
            let by_night = plans.for_night(begins(id.night)).and_then(|p| p.movement(id));
            let planned = by_night.or_else(|| plans.movement(id));
            let told = if told.contains(&id) { Told::by(record, id) } else { Told::default() };
            (id, Movement::of(id, planned, &told, scenario))
        })
        .collect()
}

impl Movement {
    fn of(
        id: MovementId,
        planned: Option<&PlanMovement>,
        told: &Told,
        scenario: &Scenario,
    ) -> Self {
        let route = planned.and_then(|p| route_of(scenario, p));
        let course = route.map(|r| Course::of(scenario, r));
        let offered_last = told.offers.values().map(|(site, _)| site).next_back();
        let from = route.map(|r| &r.origin).or(told.boarded_at.as_ref());
        let to = route.map(|r| &r.dest).or(told.arrived.as_ref().map(|(s, _)| s)).or(offered_last);
        let name = |site: Option<&SiteId>| site.map(|s| s.to_string()).unwrap_or_default();
        let flies = match (planned, route) {
            (Some(p), _) => p.kind == MovementKind::Flight,
            (None, route) => route.is_some_and(|r| r.kind == RouteKind::Air),
        };
        let to = name(to);
        let offered = told.offered_at(&to);
        let accepted = offered.values().filter(|a| **a == Some(Answer::Accepted)).count();
        let arrived = told.arrived.as_ref().filter(|(site, _)| site.as_str() == to);
        let vehicles = match told.manifest.len() {
            0 => planned.map_or(0, |p| p.vehicles.len()),
            n => n,
        };
        let line = MovementLine {
            id: id.to_string(),
            night: id.night.to_string(),
            kind: if flies { "flight" } else { "convoy" }.to_owned(),
            from: name(from),
            status: status(told, &offered, arrived.is_some()),
            planned: planned.map_or(0, people_of),
            boarded: told.boarded.len() as u32,
            offered: offered.len() as u32,
            accepted: accepted as u32,
            vehicles: vehicles as u32,
            legs: route.map_or_else(Vec::new, |r| r.legs.clone()),
            position: None,
            progress: 0.0,
            last_report: told.passed.last().map(|(waypoint, at, aboard)| {
                let mark = course.as_ref().and_then(|c| c.mark(waypoint));
                Report {
                    waypoint: waypoint.to_string(),
                    names: mark.and_then(|m| m.names.as_ref()).map(text),
                    at: at.to_string(),
                    aboard: *aboard,
                }
            }),
            departed_at: told.departed_at.map(|t| t.to_string()),
            arrived_at: arrived.map(|(_, at)| at.to_string()),
            cancelled: told.cancelled.map(|why| why.to_string()),
            to,
        };
        let fix = course.as_ref().and_then(|c| last_fix(c, told, arrived.map(|(_, at)| *at)));
        Self { id, line, course, fix }
    }

    /// The line at a time.
    pub fn line(&self, now: Timestamp) -> MovementLine {
        let mut line = self.line.clone();
        if let (Some(course), Some(fix)) = (&self.course, self.fix) {
            let hours = course.hours_at(fix, now);
            line.progress = course.progress(hours);
            let under_way = line.status == MovementStatus::UnderWay;
            line.position = course.position(hours).filter(|_| under_way);
        }
        line
    }

    /// Where it goes; empty when nothing says.
    pub fn to(&self) -> &str {
        &self.line.to
    }
    pub fn status(&self) -> MovementStatus {
        self.line.status
    }
    pub fn cancelled(&self) -> Option<&str> {
        self.line.cancelled.as_deref()
    }
}

fn status(
    told: &Told,
    offered: &BTreeMap<PersonId, Option<Answer>>,
    arrived: bool,
) -> MovementStatus {
    let answered = !offered.is_empty() && offered.values().all(Option::is_some);
    if told.cancelled.is_some() {
        MovementStatus::Cancelled
    } else if answered {
        MovementStatus::HandedOver
    } else if arrived {
        MovementStatus::Arrived
    } else if told.departed_at.is_some() || !told.passed.is_empty() {
        MovementStatus::UnderWay
    } else if !told.boarded.is_empty() {
        MovementStatus::Boarding
    } else if !told.manifest.is_empty() {
        MovementStatus::ManifestFrozen
    } else {
        MovementStatus::Planned
    }
}

fn last_fix(course: &Course, told: &Told, arrived: Option<Timestamp>) -> Option<Fix> {
    if let Some(at) = arrived {
        return Some(Fix { hours: course.hours(), at });
    }
    let departed = told.departed_at.map(|at| Fix { hours: 0.0, at });
    let passed = told.passed.iter().filter_map(|(waypoint, at, _)| {
        course.mark(waypoint).map(|mark| Fix { hours: mark.hours, at: *at })
    });
    // The farthest place reported, should reports have come in another order.
    departed.into_iter().chain(passed).max_by(|a, b| a.hours.total_cmp(&b.hours))
}

/// One movement with its list and its facts; `None` when neither plan nor record knows it.
pub fn detail(
    state: &State,
    fold: &Fold,
    id: MovementId,
    now: Timestamp,
) -> Option<MovementDetail> {
    let movement = fold.movements.get(&id)?;
    let told = Told::by(&state.record, id);
    let line = movement.line(now);
    let offered = told.offered_at(&line.to);
    let passenger = |person: &PersonId| {
        let answer = offered.get(person).copied().flatten();
        Passenger {
            person: person.to_string(),
            boarded: told.boarded.contains_key(person),
            answer: answer.map(|a| answer_code(a).to_owned()),
            reason: match answer {
                Some(Answer::Refused(why)) => Some(why.to_string()),
                _ => None,
            },
        }
    };
    let listed = lists(&told, fold.plans.movement(id));
    let facts = state.record.movement_facts(id);
    let of_movement = |d: &&crate::api::DiscrepancyLine| d.movement.as_deref() == Some(&line.id);
    Some(MovementDetail {
        vehicles: listed
            .iter()
            .map(|(vehicle, people)| VehicleLoad {
                vehicle: vehicle.clone(),
                people: people.iter().map(passenger).collect(),
                withheld: 0,
            })
            .collect(),
        facts: facts.into_iter().map(|f| fact_line(state, f)).collect(),
        discrepancies: fold.discrepancies.iter().filter(of_movement).cloned().collect(),
        line,
    })
}

/// Who is listed for each vehicle: by the manifest once it is frozen, by the plan before, and
/// whoever boarded without being listed.
fn lists(told: &Told, planned: Option<&PlanMovement>) -> BTreeMap<String, BTreeSet<PersonId>> {
    let mut lists: BTreeMap<String, BTreeSet<PersonId>> = BTreeMap::new();
    for (vehicle, people) in &told.manifest {
        lists.entry(vehicle.to_string()).or_default().extend(people);
    }
    if told.manifest.is_empty() {
        for vehicle in planned.iter().flat_map(|p| &p.vehicles) {
            let people = vehicle.persons.iter().filter_map(|p| PersonId::parse(p).ok());
            lists.entry(vehicle.id.clone()).or_default().extend(people);
        }
    }
    for (person, vehicle) in &told.boarded {
        lists.entry(vehicle.to_string()).or_default().insert(*person);
    }
    lists
}

fn answer_code(answer: Answer) -> &'static str {
    match answer {
        Answer::Accepted => "accepted",
        Answer::Refused(_) => "refused",
        Answer::NotPresent => "not-present",
    }
}
