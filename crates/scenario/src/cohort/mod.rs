//! People: invented by a seed, written and read as CSV; or as they stand on the roll of a site.

mod chance;
mod gates;
mod generate;
mod nationality;
mod particulars;
mod roll;
mod table;
mod ties;

pub use generate::generate;
pub use roll::{Held, read_roll};
pub use table::{read_csv, write_csv};

use crate::nationality::Nationality;
use crate::site::{Health, Security};
pub use domain::Gate;
use domain::code;
use domain::ids::{PersonId, UnitId};
use jiff::civil::Date;

/// Everyone the operation is mandated for, by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohort {
    pub seed: u64,
    /// By person number, ascending.
    pub people: Vec<Person>,
}

/// One invented person as registered, and what the play will reveal of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    /// Where they are held at the start.
    pub unit: UnitId,
    pub name: PersonName,
    pub birth: Birth,
    /// As recorded at registration, in whole years on that day; at least 18 for everyone.
    pub recorded_age: u8,
    pub age_basis: AgeBasis,
    /// What reception will find.
    pub true_under18: bool,
    pub claimed: Nationality,
    pub documented: Option<Nationality>,
    pub verified: Option<Nationality>,
    pub security: Security,
    pub health: Health,
    /// Id of the separation group.
    pub separation: String,
    /// Id of the nationality group, by the claimed nationality.
    pub nationality_group: String,
    /// Never in one vehicle with these; symmetric, ascending.
    pub keep_apart: Vec<PersonId>,
    /// In one vehicle with these (family, interpreter); symmetric, ascending.
    pub together: Vec<PersonId>,
    /// The number under which the same person is registered already.
    pub duplicate_of: Option<PersonId>,
    pub escape: Option<Escape>,
    /// One for each gate, in the order of `Gate::ALL`.
    pub gates: [GatePlan; 5],
}

/// Parts of a name, not first and last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName {
    pub given: NamePart,
    pub father: NamePart,
    pub grandfather: NamePart,
    pub family: NamePart,
    /// The mother's given name.
    pub mother: NamePart,
}

/// One part in both scripts, in the spelling of this record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePart {
    pub arabic: String,
    pub latin: String,
}

/// In place of a part of a name that is not told.
const UNNAMED: &str = "-";

/// As recorded; whether it is right is another question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Birth {
    Year(i16),
    Date(Date),
}

/// Missing since the lost control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Escape {
    pub on: Date,
    pub recaptured_on: Option<Date>,
}

/// When and how a gate will be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GatePlan {
    /// Before the evening of that date.
    Passed(Date),
    Failed(Date),
    /// Not within the operation.
    Pending,
}

code!(
    /// What a recorded age rests on. The same words as `domain::fact::Basis`.
    AgeBasis {
        Document = "document",
        Declared = "declared",
        Visual = "visual",
        Medical = "medical",
    }
);

impl Cohort {
    /// The same people without names and births: what is needed to play on, where the register alone
    /// knows who they are.
    pub fn unnamed(&self) -> Self {
        let people = self.people.iter().cloned().map(Person::unnamed).collect();
        Self { seed: self.seed, people }
    }
}

impl Person {
    fn unnamed(self) -> Self {
        let part = || NamePart { arabic: UNNAMED.to_owned(), latin: UNNAMED.to_owned() };
        let name = PersonName {
            given: part(),
            father: part(),
            grandfather: part(),
            family: part(),
            mother: part(),
        };
        Self { name, birth: Birth::Year(0), ..self }
    }

    pub fn gate(&self, gate: Gate) -> GatePlan {
        self.gates[gate as usize]
    }

    /// The date from whose evening on all gates have passed, if ever.
    pub fn cleared_on(&self) -> Option<Date> {
        self.gates.iter().try_fold(Date::MIN, |latest, plan| match plan {
            GatePlan::Passed(on) => Some(latest.max(*on)),
            _ => None,
        })
    }

    /// Whether this person can ever board: all gates pass, and not missing.
    pub fn can_board(&self) -> bool {
        let missing = self.escape.is_some_and(|e| e.recaptured_on.is_none());
        self.cleared_on().is_some() && !missing && self.duplicate_of.is_none()
    }

    /// Whether, as known on the evening of a date, nothing yet rules out that this person boards.
    pub fn is_open_on(&self, on: Date) -> bool {
        let failed = self.gates.iter().any(|g| matches!(g, GatePlan::Failed(d) if *d <= on));
        let missing =
            self.escape.is_some_and(|e| e.on <= on && e.recaptured_on.is_none_or(|back| back > on));
        !failed && !missing
    }
}
