//! What changes from one plan to the next, in types and in words.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use crate::plan::{MovementKind, PlanDocument, PlanMovement};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// By person number.
    pub persons: Vec<PersonChange>,
    /// By night.
    pub movements: Vec<MovementChange>,
    /// New total less old total, units.
    pub cost_change: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonChange {
    pub person: String,
    pub change: Change,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    OtherNight {
        from: usize,
        to: usize,
    },
    /// Same night, other facility's wing: they would arrive somewhere else.
    OtherWing {
        from: String,
        to: String,
    },
    NoLongerMoves {
        night: usize,
        reason: String,
    },
    NewlyMoves {
        night: usize,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovementChange {
    pub night: usize,
    pub kind: MovementKind,
    pub route: String,
    pub what: MovementDifference,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MovementDifference {
    Added {
        people: i64,
    },
    Removed {
        people: i64,
    },
    /// Same night and route; vehicles, people aboard, orbit or teams differ.
    Changed {
        vehicles: [usize; 2],
        people: [i64; 2],
        persons_differ: usize,
    },
}

impl Difference {
    pub fn is_empty(&self) -> bool {
        self.persons.is_empty() && self.movements.is_empty() && self.cost_change == 0
    }
}

/// From `old` to `new`.
pub fn diff(old: &PlanDocument, new: &PlanDocument) -> Difference {
    Difference {
        persons: persons(old, new),
        movements: movements(old, new),
        cost_change: new.total - old.total,
    }
}

fn nights(plan: &PlanDocument) -> BTreeMap<&str, usize> {
    let seats = plan.movements.iter().flat_map(|m| m.vehicles.iter().map(move |v| (m.night, v)));
    seats.flat_map(|(night, v)| v.persons.iter().map(move |p| (p.as_str(), night))).collect()
}

fn persons(old: &PlanDocument, new: &PlanDocument) -> Vec<PersonChange> {
    let (before, after) = (nights(old), nights(new));
    let mut numbers: Vec<&str> = before.keys().chain(after.keys()).copied().collect();
    numbers.sort_unstable();
    numbers.dedup();
    let reason = |person: &str| {
        let unplaced = new.unplaced.iter().find(|u| u.person == person);
        unplaced.map_or_else(|| "not in the new plan".to_owned(), |u| u.reason.clone())
    };
    let change = |person: &str| match (before.get(person), after.get(person)) {
        (Some(&from), Some(&to)) if from != to => Some(Change::OtherNight { from, to }),
        (Some(&night), None) => Some(Change::NoLongerMoves { night, reason: reason(person) }),
        (None, Some(&night)) => Some(Change::NewlyMoves { night }),
        _ => match (old.beds.get(person), new.beds.get(person)) {
            (Some(from), Some(to)) if from != to => {
                Some(Change::OtherWing { from: from.clone(), to: to.clone() })
            }
            _ => None,
        },
    };
    (numbers.into_iter())
        .filter_map(|n| Some(PersonChange { person: n.to_owned(), change: change(n)? }))
        .collect()
}

fn people(m: &PlanMovement) -> i64 {
    m.vehicles.iter().flat_map(|v| v.load.values()).sum()
}

fn movements(old: &PlanDocument, new: &PlanDocument) -> Vec<MovementChange> {
    type Key<'a> = (usize, bool, &'a str);
    let key = |m: &PlanMovement| (m.night, m.kind == MovementKind::Flight);
    let mut waiting: BTreeMap<Key, VecDeque<&PlanMovement>> = BTreeMap::new();
    for m in &old.movements {
        let (night, flight) = key(m);
        waiting.entry((night, flight, &m.route)).or_default().push_back(m);
    }
    let entry = |m: &PlanMovement, what| MovementChange {
        night: m.night,
        kind: m.kind,
        route: m.route.clone(),
        what,
    };
    let mut out = Vec::new();
    for m in &new.movements {
        let (night, flight) = key(m);
        let found = waiting.get_mut(&(night, flight, m.route.as_str()));
        match found.and_then(VecDeque::pop_front) {
            None => out.push(entry(m, MovementDifference::Added { people: people(m) })),
            Some(was)
                if was.vehicles == m.vehicles && was.teams == m.teams && was.orbit == m.orbit => {}
            Some(was) => {
                let aboard = |m: &PlanMovement| -> std::collections::BTreeSet<String> {
                    m.vehicles.iter().flat_map(|v| v.persons.iter().cloned()).collect()
                };
                let what = MovementDifference::Changed {
                    vehicles: [was.vehicles.len(), m.vehicles.len()],
                    people: [people(was), people(m)],
                    persons_differ: aboard(was).symmetric_difference(&aboard(m)).count(),
                };
                out.push(entry(m, what));
            }
        }
    }
    for m in waiting.into_values().flatten() {
        out.push(entry(m, MovementDifference::Removed { people: people(m) }));
    }
    out.sort_by(|a, b| (a.night, &a.route).cmp(&(b.night, &b.route)));
    out
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for m in &self.movements {
            let kind = if m.kind == MovementKind::Flight { "flight" } else { "convoy" };
            write!(f, "night {}: {kind} on {} ", m.night, m.route)?;
            match &m.what {
                MovementDifference::Added { people } => writeln!(f, "added, {people} people")?,
                MovementDifference::Removed { people } => writeln!(f, "removed, {people} people")?,
                MovementDifference::Changed { vehicles, people, persons_differ } => writeln!(
                    f,
                    "changed: {} to {} vehicles, {} to {} people, {persons_differ} persons differ",
                    vehicles[0], vehicles[1], people[0], people[1]
                )?,
            }
        }
        for p in &self.persons {
            write!(f, "person {} ", p.person)?;
            match &p.change {
                Change::OtherNight { from, to } => {
                    writeln!(f, "moves on night {to} instead of {from}")?;
                }
                Change::OtherWing { from, to } => {
                    writeln!(f, "goes to wing {to} instead of {from}")?
                }
                Change::NoLongerMoves { night, reason } => {
                    writeln!(f, "no longer moves (was night {night}): {reason}")?;
                }
                Change::NewlyMoves { night } => writeln!(f, "newly moves, on night {night}")?,
            }
        }
        writeln!(f, "cost {:+} units", self.cost_change)
    }
}
