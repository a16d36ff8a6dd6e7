//! The plan in force, those before it, and what each gives to whom.

use crate::api::{Part, PlanRevision, PlanView, Price};
use domain::{AdoptionReason, Event, MovementId, Night, PersonId, PlanHash, Record, kind};
use jiff::Timestamp;
use planner::plan::{PlanDocument, PlanMovement, PlanVehicle};
use scenario::{Route, Scenario};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A plan document by the names the record uses.
#[derive(Debug)]
pub struct Planned {
    pub document: PlanDocument,
    /// Index in `document.movements`.
    movements: BTreeMap<MovementId, usize>,
    /// Movement and vehicle of everyone who has a seat.
    seats: BTreeMap<PersonId, (MovementId, String)>,
}

impl Planned {
    pub fn of(document: PlanDocument, scenario: &Scenario) -> Self {
        let nights: Vec<Night> = scenario.operation.nights().collect();
        let mut movements = BTreeMap::new();
        let mut seats = BTreeMap::new();
        for (index, movement) in document.movements.iter().enumerate() {
            let (Some(night), Ok(number)) =
                (nights.get(movement.night), u8::try_from(movement.number))
            else {
                continue;
            };
            let id = MovementId { night: *night, number };
            movements.insert(id, index);
            for vehicle in &movement.vehicles {
                let people = vehicle.persons.iter().filter_map(|p| PersonId::parse(p).ok());
                seats.extend(people.map(|p| (p, (id, vehicle.id.clone()))));
            }
        }
        Self { document, movements, seats }
    }

    pub fn movement(&self, id: MovementId) -> Option<&PlanMovement> {
        self.document.movements.get(*self.movements.get(&id)?)
    }
    pub fn movements(&self) -> impl Iterator<Item = MovementId> {
        self.movements.keys().copied()
    }
    pub fn seat(&self, person: PersonId) -> Option<&(MovementId, String)> {
        self.seats.get(&person)
    }
    /// Everyone who has a seat.
    pub fn seated(&self) -> impl Iterator<Item = PersonId> {
        self.seats.keys().copied()
    }
    /// People of one night.
    pub fn people_on(&self, night: Night) -> u32 {
        let of_night = self.movements.keys().filter(|m| m.night == night);
        of_night.filter_map(|m| self.movement(*m)).map(people_of).sum()
    }
    fn people(&self) -> u32 {
        self.document.movements.iter().map(people_of).sum()
    }
    /// People whose night differs from that of another plan, or who have one in one of them only.
    fn changed_from(&self, other: &Planned) -> u32 {
        let night = |plan: &Planned, p| plan.seats.get(p).map(|(m, _)| m.night);
        let moved = self.seats.keys().filter(|p| night(self, p) != night(other, p)).count();
        let dropped = other.seats.keys().filter(|p| !self.seats.contains_key(p)).count();
        (moved + dropped) as u32
    }
}

/// People a planned movement carries; by class where the plan names nobody.
pub fn people_of(movement: &PlanMovement) -> u32 {
    let aboard = |v: &PlanVehicle| match v.persons.len() {
        0 => v.load.values().sum::<i64>() as u32,
        n => n as u32,
    };
    movement.vehicles.iter().map(aboard).sum()
}

/// The plans adopted: the one in force and, by their parents, those it came from.
#[derive(Debug, Clone, Default)]
pub struct Plans {
    /// Oldest first; the last is in force.
    pub revisions: Vec<Revision>,
}

#[derive(Debug, Clone)]
pub struct Revision {
    pub plan: PlanHash,
    pub revision: u32,
    pub parent: Option<PlanHash>,
    pub why: AdoptionReason,
    pub adopted_at: Timestamp,
    /// The document; `None` when it has not come in.
    pub planned: Option<Arc<Planned>>,
}

impl Plans {
    /// Of several plans with the highest revision, the one adopted last by the field's time.
    pub fn of(record: &Record, documents: &BTreeMap<PlanHash, Arc<Planned>>) -> Self {
        let mut adopted: BTreeMap<PlanHash, Revision> = BTreeMap::new();
        let mut facts: Vec<_> = record.counted(kind::PLAN_ADOPTED).collect();
        facts.sort_unstable_by_key(|fact| fact.hash);
        for fact in facts {
            if let Event::PlanAdopted { plan, revision, parent, why } = &fact.event {
                let found = Revision {
                    plan: *plan,
                    revision: *revision,
                    parent: *parent,
                    why: *why,
                    adopted_at: fact.occurred_at,
                    planned: documents.get(plan).cloned(),
                };
                adopted.insert(*plan, found);
            }
        }
        let in_force = adopted.values().max_by_key(|r| (r.revision, r.adopted_at, r.plan));
        let mut next = in_force.map(|r| r.plan);
        let mut revisions = Vec::new();
        while let Some(revision) = next.and_then(|plan| adopted.remove(&plan)) {
            next = revision.parent;
            revisions.push(revision);
        }
        revisions.reverse();
        Self { revisions }
    }

    pub fn in_force(&self) -> Option<&Planned> {
        self.revisions.iter().rev().find_map(|r| r.planned.as_deref())
    }
    pub fn first(&self) -> Option<&Planned> {
        self.revisions.first()?.planned.as_deref()
    }
    /// The plan a night was or will be carried out by: the last one adopted before it began.
    pub fn for_night(&self, begins: Timestamp) -> Option<&Planned> {
        let mut plans = self.revisions.iter().rev().filter(|r| r.planned.is_some());
        let before = plans.clone().find(|r| r.adopted_at <= begins);
        before.or_else(|| plans.next_back())?.planned.as_deref()
    }
    /// A movement as the newest plan has it that has it at all.
    pub fn movement(&self, id: MovementId) -> Option<&PlanMovement> {
        let plans = self.revisions.iter().rev().filter_map(|r| r.planned.as_deref());
        plans.into_iter().find_map(|p| p.movement(id))
    }
}

/// The route of a planned movement.
pub fn route_of<'a>(scenario: &'a Scenario, movement: &PlanMovement) -> Option<&'a Route> {
    scenario.route(&movement.route)
}

/// Newest revision first. `prices` come from the relaxation, kept beside the plan.
pub fn plan(plans: &Plans, prices: Vec<Price>) -> PlanView {
    let by_hash: BTreeMap<PlanHash, &Revision> =
        plans.revisions.iter().map(|r| (r.plan, r)).collect();
    let parent = |r: &Revision| by_hash.get(&r.parent?)?.planned.as_deref();
    let shown = |r: &Revision| {
        let document = r.planned.as_ref().map(|p| &p.document);
        let (cost, bound) = document.map_or((0, 0), |d| (d.total, d.bound));
        PlanRevision {
            plan: r.plan.to_string(),
            revision: r.revision,
            parent: r.parent.map(|p| p.to_string()),
            why: r.why.to_string(),
            adopted_at: r.adopted_at.to_string(),
            people: r.planned.as_ref().map_or(0, |p| p.people()),
            movements: document.map_or(0, |d| d.movements.len() as u32),
            cost,
            bound,
            gap: if cost > 0 { (cost - bound) as f64 / cost as f64 } else { 0.0 },
            changed: match (r.planned.as_deref(), parent(r)) {
                (Some(now), Some(before)) => now.changed_from(before),
                _ => 0,
            },
        }
    };
    let document = plans.in_force().map(|p| &p.document);
    PlanView {
        revisions: plans.revisions.iter().rev().map(shown).collect(),
        unplaced: document.map_or_else(Vec::new, unplaced),
        cost_parts: document.map_or_else(Vec::new, cost_parts),
        prices,
    }
}

fn unplaced(document: &PlanDocument) -> Vec<Part> {
    let mut reasons: BTreeMap<&str, u32> = BTreeMap::new();
    for person in &document.unplaced {
        *reasons.entry(what_ran_out(&person.reason)).or_default() += 1;
    }
    largest_first(reasons.into_iter())
}

/// What ran out, without the class, which would say more of a person: the reason up to what makes it this person's own. `intake: binds class ...` is
/// `intake`.
pub fn what_ran_out(reason: &str) -> &str {
    let head = reason.split(':').next().unwrap_or(reason);
    head.split(" class ").next().unwrap_or(head).trim_end_matches(" of")
}

fn cost_parts(document: &PlanDocument) -> Vec<Part> {
    let cost = &document.cost;
    let parts = [
        ("left", cost.left),
        ("waiting", cost.waiting),
        ("over", cost.over),
        ("road", cost.road),
        ("vehicles", cost.vehicles),
        ("teams", cost.teams),
        ("orbits", cost.orbits),
        ("air", cost.air),
        ("repositions", cost.repositions),
    ];
    largest_first(parts.into_iter().map(|(key, units)| (key, u32::try_from(units).unwrap_or(0))))
}

/// Parts by value, largest first, then by key; those of 0 are left out.
pub fn largest_first<'a>(parts: impl Iterator<Item = (&'a str, u32)>) -> Vec<Part> {
    let mut parts: Vec<_> = parts
        .filter(|(_, value)| *value > 0)
        .map(|(key, value)| Part { key: key.to_owned(), value })
        .collect();
    parts.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.key.cmp(&b.key)));
    parts
}
