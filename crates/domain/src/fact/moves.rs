//! Whom a fact speaks of, and what it does to the custody of each.

use super::{Answer, Event, Fact, Muster};
use crate::custody::{Account, Place, Step};
use crate::ids::*;
use std::collections::BTreeSet;

impl Fact {
    /// What this fact does to the custody of each person in it, with the fact it follows.
    ///
    /// Empty for facts that move no custody. `None` follows nothing: the first of a chain.
    pub fn steps(&self) -> Vec<(PersonId, Option<FactHash>, Step)> {
        let step = |answer| self.step(answer);
        self.moved().filter_map(|m| Some((m.person, m.after, step(m.answer)?))).collect()
    }

    /// As [`Fact::steps`], for one person. Of several about them, as no honest device signs, the last.
    pub fn step_of(&self, person: PersonId) -> Option<(Option<FactHash>, Step)> {
        let moved = self.moved().filter(|m| m.person == person).last()?;
        Some((moved.after, self.step(moved.answer)?))
    }

    /// Whether it can change where anybody's custody stands: what only mentions people cannot.
    pub fn bears_on_custody(&self) -> bool {
        matches!(self.event, Event::ForkResolved { .. }) || self.moved().next().is_some()
    }

    /// Everyone whose custody this fact is about, in order.
    fn moved(&self) -> Box<dyn Iterator<Item = Moved> + '_> {
        match &self.event {
            Event::Registered { people, .. } => {
                Box::new(people.iter().map(|(person, _)| Moved::of(*person, None)))
            }
            Event::Boarded { people, .. }
            | Event::HandoverOffered { people, .. }
            | Event::Placed { people, .. }
            | Event::Exited { people, .. }
            | Event::Recovered { people, .. } => {
                Box::new(people.iter().map(|link| Moved::of(link.person, Some(link.after))))
            }
            Event::HandoverAnswered { offer, outcomes } => {
                let moved = |person, answer| Moved { answer, ..Moved::of(person, Some(*offer)) };
                Box::new(outcomes.iter().map(move |(p, answer)| moved(*p, Some(*answer))))
            }
            Event::HandoverWithdrawn { offer, people } => {
                Box::new(people.iter().map(|person| Moved::of(*person, Some(*offer))))
            }
            _ => Box::new(std::iter::empty()),
        }
    }

    /// The step that this fact is for each person in it; an answer differs from one to another.
    fn step(&self, answer: Option<Answer>) -> Option<Step> {
        let by = || self.authority.clone();
        let own = |place: Place| Account { authority: by(), place };
        let unit = |unit: &UnitId| own(Place::Unit(unit.clone()));
        Some(match &self.event {
            Event::Registered { unit: at, .. } => Step::Registered { at: unit(at) },
            Event::Boarded { movement, vehicle, .. } => {
                Step::Boarded { aboard: own(Place::Vehicle(*movement, vehicle.clone())) }
            }
            Event::HandoverOffered { to, .. } => Step::Offered { giver: by(), to: to.clone() },
            Event::HandoverAnswered { .. } => Step::Answered { by: by(), answer: answer? },
            Event::HandoverWithdrawn { .. } => Step::Withdrawn { by: by() },
            Event::Placed { unit: at, .. } => Step::Placed { at: unit(at) },
            Event::Exited { why, .. } => Step::Exited { by: by(), why: *why },
            Event::Recovered { unit: at, .. } => Step::Recovered { at: unit(at) },
            _ => return None,
        })
    }

    /// Everyone this fact speaks of, each once.
    pub fn people(&self) -> Vec<PersonId> {
        match &self.event {
            Event::GateDecided { people, .. }
            | Event::Notified { people, .. }
            | Event::NoticeDeferred { people, .. }
            | Event::Examined { people }
            | Event::ParticularsLookedAt { people, .. } => people.clone(),
            Event::ParticularsKept { kept, .. } => {
                // Several sections of one person can be in it.
                let people: BTreeSet<_> = kept.iter().map(|(person, _, _)| *person).collect();
                people.into_iter().collect()
            }
            Event::ManifestFrozen { vehicles, .. } => {
                vehicles.iter().flat_map(|(_, people)| people.iter().copied()).collect()
            }
            Event::MusterTaken { count: Muster::ByName { present, absent }, .. } => {
                present.iter().chain(absent).copied().collect()
            }
            Event::AgeFound { person, .. }
            | Event::ForkResolved { person, .. }
            | Event::ErasureApproved { person, .. }
            | Event::SectionsShredded { person, .. } => vec![*person],
            _ => self.moved().map(|moved| moved.person).collect(),
        }
    }
}

/// One person in a fact about custody.
struct Moved {
    person: PersonId,
    /// The fact that it follows.
    after: Option<FactHash>,
    /// In an answer.
    answer: Option<Answer>,
}

impl Moved {
    fn of(person: PersonId, after: Option<FactHash>) -> Self {
        Self { person, after, answer: None }
    }
}
