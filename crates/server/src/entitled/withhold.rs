//! Leaving people out of an answer whom the officer may not see. How many were left out stays told.

use crate::api::{
    DiscrepancyLine, MovementDetail, ObligationLine, PersonDetail, SiteBook, StatementComparison,
    StatementLine,
};
use crate::entitled::Seen;
use domain::{PersonId, Record};

/// An answer that names people.
pub trait Withhold {
    fn withhold(&mut self, record: &Record, seen: &Seen);
}

fn sees(record: &Record, seen: &Seen, number: &str) -> bool {
    PersonId::parse(number).is_ok_and(|person| seen.sees(record, person))
}

/// Keeps whom the officer may see. Returns how many went.
fn keep<T>(people: &mut Vec<T>, record: &Record, seen: &Seen, number: fn(&T) -> &str) -> u32 {
    let before = people.len();
    people.retain(|one| sees(record, seen, number(one)));
    (before - people.len()) as u32
}

impl<T: Withhold> Withhold for Vec<T> {
    fn withhold(&mut self, record: &Record, seen: &Seen) {
        for one in self {
            one.withhold(record, seen);
        }
    }
}

impl Withhold for DiscrepancyLine {
    fn withhold(&mut self, record: &Record, seen: &Seen) {
        self.withheld = keep(&mut self.people, record, seen, |number| number);
    }
}

impl Withhold for ObligationLine {
    fn withhold(&mut self, record: &Record, seen: &Seen) {
        self.withheld = keep(&mut self.people, record, seen, |number| number);
    }
}

impl Withhold for MovementDetail {
    fn withhold(&mut self, record: &Record, seen: &Seen) {
        for vehicle in &mut self.vehicles {
            vehicle.withheld = keep(&mut vehicle.people, record, seen, |p| &p.person);
        }
        self.discrepancies.withhold(record, seen);
    }
}

impl Withhold for SiteBook {
    fn withhold(&mut self, record: &Record, seen: &Seen) {
        self.discrepancies.withhold(record, seen);
    }
}

impl Withhold for PersonDetail {
    fn withhold(&mut self, record: &Record, seen: &Seen) {
        // Who looked is under `looks`, for those whom the policies let see it.
        self.mentions.retain(|fact| fact.kind != "particulars-looked-at");
        self.discrepancies.withhold(record, seen);
    }
}

impl Withhold for StatementComparison {
    fn withhold(&mut self, record: &Record, seen: &Seen) {
        // Who is counted under which nationality is a particular: sections are opened for that, with a
        // purpose and a trace, not a comparison.
        let nationality = |line: &StatementLine| line.definition.starts_with("nationality/");
        let particular = nationality(&self.first) || nationality(&self.second);
        let before = self.people.len();
        self.people.retain(|one| !particular && sees(record, seen, &one.person));
        self.left_off += (before - self.people.len()) as u64;
    }
}
