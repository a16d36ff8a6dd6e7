//! What changes from one plan to the next, in types and in words.

mod forced;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use serde::Serialize;

pub use forced::{Forced, Forcing};

use crate::plan::{MovementKind, PlanDocument, PlanMovement, PlanVehicle};
use crate::problem::Problem;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What changed in the problem, when both problems are known.
    pub problem: Vec<Forcing>,
    /// By person number.
    pub persons: Vec<PersonChange>,
    /// By night.
    pub movements: Vec<MovementChange>,
    /// New total less old total, units.
    pub cost_change: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonChange {
    pub person: String,
    #[serde(flatten)]
    pub change: Change,
    /// Changes of the problem that their old place did not survive; empty when it could have stayed
    /// or the problems are not known.
    pub because: Vec<Forcing>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    OtherNight {
        from: usize,
        to: usize,
    },
    /// Same night, other route: another crossing or facility, or a flight instead of a convoy.
    OtherRoute {
        night: usize,
        from: String,
        to: String,
    },
    /// Same night and route, other wing.
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

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MovementChange {
    pub night: usize,
    pub kind: MovementKind,
    pub route: String,
    #[serde(flatten)]
    pub what: MovementDifference,
    /// As [`PersonChange::because`], for the whole movement.
    pub because: Vec<Forcing>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
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
        problem: Vec::new(),
        persons: persons(old, new),
        movements: movements(old, new),
        cost_change: new.total - old.total,
    }
}

/// From `old` to `new` with what forced each change: a person or movement is forced by those changes
/// of the problem under which the place it had in `old` breaks a rule.
pub fn diff_because(old: (&PlanDocument, &Problem), new: (&PlanDocument, &Problem)) -> Difference {
    let mut difference = diff(old.0, new.0);
    let forced = Forced::between(old.1, new.1, old.0, new.0);
    difference.problem = forced.changes().to_vec();
    let mut seats: BTreeMap<&str, (&PlanMovement, &PlanVehicle)> = BTreeMap::new();
    for m in &old.0.movements {
        seats.extend(
            m.vehicles.iter().flat_map(|v| v.persons.iter().map(move |p| (p.as_str(), (m, v)))),
        );
    }
    for p in &mut difference.persons {
        if let Some((m, v)) = seats.get(p.person.as_str()) {
            p.because = forced.because(m, std::slice::from_ref(*v));
        }
    }
    for change in &mut difference.movements {
        let was = old.0.movements.iter().filter(|m| {
            m.night == change.night && m.route == change.route && m.kind == change.kind
        });
        if !matches!(change.what, MovementDifference::Added { .. }) {
            change.because = was.flat_map(|m| forced.because(m, &m.vehicles)).collect();
            change.because.sort_by_key(Forcing::to_string);
            change.because.dedup();
        }
    }
    difference
}

/// Night and route by person.
fn seats(plan: &PlanDocument) -> BTreeMap<&str, (usize, &str)> {
    let mut all = BTreeMap::new();
    for m in &plan.movements {
        let people = m.vehicles.iter().flat_map(|v| &v.persons);
        all.extend(people.map(|p| (p.as_str(), (m.night, m.route.as_str()))));
    }
    all
}

fn persons(old: &PlanDocument, new: &PlanDocument) -> Vec<PersonChange> {
    let (before, after) = (seats(old), seats(new));
    let mut numbers: Vec<&str> = before.keys().chain(after.keys()).copied().collect();
    numbers.sort_unstable();
    numbers.dedup();
    let reason = |person: &str| {
        let unplaced = new.unplaced.iter().find(|u| u.person == person);
        unplaced.map_or_else(|| "not in the new plan".to_owned(), |u| u.reason.clone())
    };
    let change = |person: &str| match (before.get(person), after.get(person)) {
        (Some(&(from, _)), Some(&(to, _))) if from != to => Some(Change::OtherNight { from, to }),
        (Some(&(night, from)), Some(&(_, to))) if from != to => {
            let (from, to) = (from.to_owned(), to.to_owned());
            Some(Change::OtherRoute { night, from, to })
        }
        (Some(&(night, _)), None) => Some(Change::NoLongerMoves { night, reason: reason(person) }),
        (None, Some(&(night, _))) => Some(Change::NewlyMoves { night }),
        _ => match (old.beds.get(person), new.beds.get(person)) {
            (Some(from), Some(to)) if from != to => {
                Some(Change::OtherWing { from: from.clone(), to: to.clone() })
            }
            _ => None,
        },
    };
    (numbers.into_iter())
        .filter_map(|n| {
            let (person, because) = (n.to_owned(), Vec::new());
            Some(PersonChange { person, change: change(n)?, because })
        })
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
        because: Vec::new(),
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
        for change in &self.problem {
            writeln!(f, "the problem: {change}")?;
        }
        for m in &self.movements {
            let kind = if m.kind == MovementKind::Flight { "flight" } else { "convoy" };
            write!(f, "night {}: {kind} on {} {}", m.night, m.route, m.what)?;
            self.end_of_line(f, &m.because)?;
        }
        for p in &self.persons {
            write!(f, "person {} {}", p.person, p.change)?;
            self.end_of_line(f, &p.because)?;
        }
        writeln!(f, "cost {:+} units", self.cost_change)
    }
}

impl Difference {
    fn end_of_line(&self, f: &mut fmt::Formatter<'_>, because: &[Forcing]) -> fmt::Result {
        match because {
            [] if self.problem.is_empty() => writeln!(f),
            [] => writeln!(f, " (nothing it used was withdrawn: it follows from the other moves)"),
            because => {
                let words: Vec<_> = because.iter().map(Forcing::to_string).collect();
                writeln!(f, " (because {})", words.join(" and "))
            }
        }
    }
}

impl fmt::Display for MovementDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added { people } => write!(f, "added, {people} people"),
            Self::Removed { people } => write!(f, "removed, {people} people"),
            Self::Changed { vehicles, people, persons_differ } => write!(
                f,
                "changed: {} to {} vehicles, {} to {} people, {persons_differ} persons differ",
                vehicles[0], vehicles[1], people[0], people[1]
            ),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherNight { from, to } => write!(f, "moves on night {to} instead of {from}"),
            Self::OtherRoute { night, from, to } => {
                write!(f, "goes by {to} instead of {from} on night {night}")
            }
            Self::OtherWing { from, to } => write!(f, "goes to wing {to} instead of {from}"),
            Self::NoLongerMoves { night, reason } => {
                write!(f, "no longer moves (was night {night}): {reason}")
            }
            Self::NewlyMoves { night } => write!(f, "newly moves, on night {night}"),
        }
    }
}
