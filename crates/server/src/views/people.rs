//! People by number: which of them, and where each is.

use crate::api::{PeoplePage, PersonLine};
use crate::entitled::Seen;
use crate::fold::Fold;
use crate::views::custody::{custody_now, site_of};
use domain::{DiscrepancyCode, Gate, GateState, PersonId, Record, SiteId, Standing};
use store::State;

/// Which people; what is `None` does not narrow.
#[derive(Debug, Default)]
pub struct Which {
    /// Part of a number.
    pub q: Option<String>,
    pub site: Option<SiteId>,
    pub stage: Option<Stage>,
    pub gate: Option<(Gate, GateIs)>,
    /// In an open discrepancy: of this code, or of any.
    pub discrepancy: Option<Option<DiscrepancyCode>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Outside,
    Held,
    Offered,
    Ended,
    InTransit,
    Departed,
    Admitted,
    Cleared,
    Contested,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateIs {
    NotOpen,
    In(GateState),
}

impl Stage {
    pub fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "outside" => Stage::Outside,
            "held" => Stage::Held,
            "offered" => Stage::Offered,
            "ended" => Stage::Ended,
            "in-transit" => Stage::InTransit,
            "departed" => Stage::Departed,
            "admitted" => Stage::Admitted,
            "cleared" => Stage::Cleared,
            "contested" => Stage::Contested,
            _ => return None,
        })
    }

    fn holds(self, fold: &Fold, person: PersonId, standing: &Standing) -> bool {
        let state = standing.custody.state();
        match self {
            Stage::Outside => state == "outside",
            Stage::Held => state == "held",
            Stage::Offered => state == "offered",
            Stage::Ended => state == "ended",
            Stage::InTransit => fold.journeys.in_transit.contains(&person),
            Stage::Departed => fold.journeys.departed.contains(&person),
            Stage::Admitted => fold.journeys.admitted.contains(&person),
            Stage::Cleared => fold.cleared.contains(&person),
            Stage::Contested => standing.contest.is_some(),
        }
    }
}

impl Which {
    fn takes(&self, record: &Record, fold: &Fold, person: PersonId, standing: &Standing) -> bool {
        self.site.as_ref().is_none_or(|site| site_of(&standing.custody) == Some(site))
            && self.stage.is_none_or(|stage| stage.holds(fold, person, standing))
            && self.discrepancy.is_none_or(|code| match (fold.open_about(person), code) {
                (open, None) => !open.is_empty(),
                (open, Some(code)) => open.contains(&code),
            })
            && self.gate.is_none_or(|(gate, is)| {
                let state = record.gates(person)[&gate];
                match is {
                    GateIs::NotOpen => !state.opens(),
                    GateIs::In(wanted) => state == wanted,
                }
            })
            && self.q.as_ref().is_none_or(|q| person.to_string().contains(q.as_str()))
    }
}

/// A page in order of number, of those whom the officer may see, and how many they are on all pages.
pub fn people(
    state: &State,
    fold: &Fold,
    which: &Which,
    seen: &Seen,
    offset: u32,
    limit: u32,
) -> PeoplePage {
    let record = &state.record;
    let mut total = 0;
    let mut people = Vec::new();
    for (person, standing) in record.people() {
        if which.takes(record, fold, person, standing) && seen.sees(record, person) {
            if total >= offset && total < offset.saturating_add(limit) {
                people.push(line(fold, person, standing));
            }
            total += 1;
        }
    }
    PeoplePage { total, people }
}

fn line(fold: &Fold, person: PersonId, standing: &Standing) -> PersonLine {
    let moved = fold.journeys.departed.contains(&person);
    let plan = fold.plans.in_force().filter(|_| !moved);
    let seat = plan.and_then(|p| p.seat(person));
    PersonLine {
        person: person.to_string(),
        custody: custody_now(standing),
        cleared: fold.cleared.contains(&person),
        open_discrepancies: fold.open_about(person).len() as u32,
        planned_night: seat.map(|(movement, _)| movement.night.to_string()),
    }
}
