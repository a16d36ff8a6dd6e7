//! From classes to people: who of a class sits in which vehicle and sleeps in which wing.
//!
//! The class plan fixes how many of each class move when and where; this stage only says who.
//! It never changes what moves on which night, so the cost stays the plan's. People of one class
//! change places freely; people of one load group change seats within one movement; people of one
//! separation group change beds within one facility. What cannot be met is listed, never dropped.

mod exchange;
mod reason;
mod start;

use std::collections::BTreeMap;

use crate::plan::{ClassPlan, Unmet, Unplaced};
use crate::problem::Problem;

/// A person as far as seating needs to know them: a number, never a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traveller {
    pub number: String,
    /// Class id.
    pub class: String,
    /// Numbers of people never in the same vehicle, aircraft or wing; one side naming it is enough.
    pub keep_apart: Vec<String>,
    /// Family or interpreter group that rides in one vehicle.
    pub together: Option<String>,
    /// Known beforehand to be under 18. Best given a separation group of their own, so that the
    /// class plan already has vehicles for them.
    pub under18: bool,
    /// Risk to others or of escape; the highest are spread over vehicles. 0 is none.
    pub risk: u8,
    /// First night on which they may board: every gate is decided by then.
    pub ready: usize,
    /// Night since which they wait; negative before the horizon.
    pub waiting_since: i32,
    /// Higher goes first within a class.
    pub priority: i32,
}

/// How much to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    pub seed: u64,
    /// Exchanges looked at, at most.
    pub exchanges: u64,
}

impl Default for Effort {
    fn default() -> Self {
        Self { seed: 1, exchanges: 300_000 }
    }
}

/// A seat: a vehicle of a convoy, or an aircraft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SeatIn {
    /// Positions in `convoys` and in its `vehicles`.
    Vehicle { convoy: usize, vehicle: usize },
    /// Position in `sorties`.
    Aircraft { sortie: usize },
}

/// Everyone's seat and bed.
#[derive(Debug, Clone, PartialEq)]
pub struct Seating {
    /// The class plan with loads and housing as seated: the same movements, at the same cost.
    pub plan: ClassPlan,
    /// Person number to seat.
    pub seats: BTreeMap<String, SeatIn>,
    /// Person number to wing id.
    pub beds: BTreeMap<String, String>,
    pub unplaced: Vec<Unplaced>,
    pub unmet: Vec<Unmet>,
    pub exchanges: u64,
}

impl Seating {
    /// A plan for classes only: nobody is named.
    pub fn of_classes(plan: ClassPlan) -> Self {
        let (seats, beds) = (BTreeMap::new(), BTreeMap::new());
        Self { plan, seats, beds, unplaced: Vec::new(), unmet: Vec::new(), exchanges: 0 }
    }
}

/// Why people cannot be seated on a class plan at all.
#[derive(Debug, thiserror::Error)]
pub enum SeatingError {
    #[error("person {number} is of class {class:?}, which the problem does not have")]
    UnknownClass { number: String, class: String },
    #[error("two people have the number {number}")]
    TwiceListed { number: String },
    #[error("class {class} has {listed} people listed and {counted} in the problem")]
    Count { class: String, listed: i64, counted: i64 },
    #[error(
        "the class plan breaks rule {code} ({place}); seat people only on a plan that is checked"
    )]
    Plan { code: &'static str, place: String },
}

/// Seats everyone the class plan moves.
///
/// Within a class, higher `priority`, then longer waiting, goes first. Everyone not moved is in
/// `unplaced` with the resource that binds.
///
/// # Errors
/// When the people are not those of the problem, or the plan breaks a rule.
pub fn seat(
    problem: &Problem,
    plan: &ClassPlan,
    travellers: &[Traveller],
    effort: &Effort,
) -> Result<Seating, SeatingError> {
    if let Some(b) = crate::check::check(problem, plan).broken.into_iter().next() {
        return Err(SeatingError::Plan { code: b.code, place: b.place });
    }
    let mut hall = start::Hall::new(problem, plan, travellers)?;
    let exchanges = exchange::settle(&mut hall, effort);
    let unplaced = reason::unplaced(problem, plan, &hall);
    let unmet = hall.unmet();
    Ok(hall.into_seating(plan, unplaced, unmet, exchanges))
}
