//! From classes to people: who of a class sits in which vehicle and sleeps in which wing.
//!
//! The class plan fixes how many move when and where; this stage only says who. People who need
//! the same vehicle, belong to one separation group and weigh the same change places freely; people
//! of one load group change seats within one movement; people of one separation group change beds
//! within one facility; and where there is a free bed or place, one person may take it. None of
//! that changes the cost. What no exchange can meet is a cut: [`realise`] changes the class-level
//! problem and solves it again, and whoever cannot be placed even then stays, with the reason.

mod cut;
mod exchange;
mod fairness;
mod hall;
mod memory;
mod pain;
mod realise;
mod reason;
mod risk;
mod start;
mod unseat;

use std::collections::BTreeMap;

pub use memory::Memory;
pub use realise::{Realised, realise};

use crate::plan::{ClassPlan, Unmet, Unplaced};
use crate::problem::Problem;

/// A person as far as seating needs to know them: a number, never a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traveller {
    pub number: String,
    /// Class id.
    pub class: String,
    /// Numbers of people never in the same vehicle, aircraft or wing; one side naming it is enough.
    pub keep_apart: Vec<String>,
    /// Numbers of people never in the same convoy either, nor in the same wing.
    pub convoy_apart: Vec<String>,
    /// Names of groups no two of whose members share a vehicle, aircraft or wing: co-defendants.
    pub apart_groups: Vec<String>,
    /// Family, interpreter or medical companion: those of one origin and one separation group ride
    /// in one vehicle, or in one movement when they need different vehicles.
    pub together: Option<String>,
    /// Known beforehand to be under 18.
    pub under18: bool,
    /// Risk to others or of escape; the highest are spread over vehicles. 0 is none.
    pub risk: u8,
    /// First night on which they may board: every gate is decided by then.
    pub ready: usize,
    /// Night since which they wait; negative before the horizon.
    pub waiting_since: i32,
    /// Higher goes first within a class: those in the worst place.
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

/// What came before: nothing of it for a first plan.
#[derive(Debug, Clone, Default)]
pub struct Before {
    /// Seats of those who have moved, in the plan that is being seated. They keep them.
    pub seats: BTreeMap<String, SeatIn>,
    /// Wings of those who have moved.
    pub beds: BTreeMap<String, String>,
    /// Where the plan in force has everybody: who need not change, does not.
    pub memory: Option<Memory>,
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
    /// After [`realise`] no rule: only highest risk that could not be spread.
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
    #[error("{number} has moved already, but the plan has no such seat or wing for them")]
    Moved { number: String },
    #[error(transparent)]
    Solve(#[from] crate::solve::SolveError),
}

/// Seats everyone the class plan moves, by exchanges alone.
///
/// Within a class, higher `priority`, then longer waiting, goes first. Everyone not moved is in
/// `unplaced` with the resource that binds; a rule that no exchange could meet is in `unmet`.
///
/// # Errors
/// When the people are not those of the problem, or the plan breaks a rule.
pub fn seat(
    problem: &Problem,
    plan: &ClassPlan,
    travellers: &[Traveller],
    before: &Before,
    effort: &Effort,
) -> Result<Seating, SeatingError> {
    let (hall, exchanges) = settled_hall(problem, plan, travellers, before, effort)?;
    let unplaced = reason::unplaced(problem, plan, &hall);
    let pains = pain::pains(&hall).into_iter().chain(risk::gathered(&hall));
    let unmet = pains.map(|p| p.unmet(&hall)).collect();
    Ok(hall.into_seating(plan, unplaced, unmet, exchanges))
}

/// Everyone seated, exchanged until nothing hurts that exchanges can heal.
fn settled_hall<'a>(
    problem: &'a Problem,
    plan: &ClassPlan,
    travellers: &'a [Traveller],
    before: &Before,
    effort: &Effort,
) -> Result<(hall::Hall<'a>, u64), SeatingError> {
    if let Some(b) = crate::check::check(problem, plan).broken.into_iter().next() {
        return Err(SeatingError::Plan { code: b.code, place: b.place });
    }
    let mut hall = start::fill(problem, plan, travellers, before)?;
    let exchanges = exchange::settle(&mut hall, effort);
    if before.memory.is_some() {
        exchange::recall(&mut hall, effort);
    } else {
        fairness::restore(&mut hall);
    }
    risk::spread(&mut hall, effort);
    Ok((hall, exchanges))
}
