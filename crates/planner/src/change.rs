//! A change to what is promised or there, as somebody would ask for it: "one more bus at Hasakah".
//!
//! [`parse`](Change::parse) reads it, [`apply`](Change::apply) makes the changed problem,
//! [`Change::of`] is one more of what a shadow price is about.

mod lookup;
mod parse;

use std::fmt::Write;
use std::ops::RangeInclusive;

pub use lookup::Unknown;
pub use parse::{Asked, ChangeError, Unfit};

use crate::bound::Resource;
use crate::problem::Problem;

/// Nights from 0, both ends included.
pub type Nights = RangeInclusive<usize>;

/// What changes, by position in the problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub thing: Thing,
    pub amount: Amount,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thing {
    /// Vehicles of a type at a depot, the whole time. Parking grows with them if it must.
    Vehicles {
        depot: usize,
        kind: usize,
    },
    Teams {
        depot: usize,
    },
    Guards {
        depot: usize,
    },
    /// Aircraft on station.
    Orbits {
        nights: Nights,
    },
    /// Half hours in the window of every orbit.
    HalfHours {
        nights: Nights,
    },
    Crossing {
        crossing: usize,
        nights: Nights,
    },
    Bays {
        origin: usize,
        nights: Nights,
    },
    OutProcessing {
        origin: usize,
        nights: Nights,
    },
    Intake {
        facility: usize,
        nights: Nights,
    },
    Beds {
        wing: usize,
    },
    Flights {
        nights: Nights,
    },
    /// People of a class, from the first night; negative when they are not to be moved.
    People {
        class: usize,
    },
    /// Everything that moves: no cover and no flight.
    Night {
        nights: Nights,
    },
}

/// Each limit never falls below 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// So many more, or fewer.
    By(i64),
    To(i64),
}

impl Amount {
    fn apply(self, limit: &mut i64) {
        *limit = match self {
            Self::By(n) => limit.saturating_add(n),
            Self::To(n) => n,
        }
        .max(0);
    }
}

impl Change {
    /// One more of what a price is about. An escort team or a guard is had for the whole time.
    pub fn of(resource: Resource) -> Self {
        let thing = match resource {
            Resource::Vehicle { depot, vehicle_type } => {
                Thing::Vehicles { depot, kind: vehicle_type }
            }
            Resource::EscortTeam { depot, .. } => Thing::Teams { depot },
            Resource::Guard { depot, .. } => Thing::Guards { depot },
            Resource::Orbit { night } => Thing::Orbits { nights: night..=night },
            Resource::CrossingSlot { crossing, night } => {
                Thing::Crossing { crossing, nights: night..=night }
            }
            Resource::LoadingBay { origin, night } => Thing::Bays { origin, nights: night..=night },
            Resource::Sortie { night } => Thing::Flights { nights: night..=night },
            Resource::Intake { facility, night } => {
                Thing::Intake { facility, nights: night..=night }
            }
            Resource::OutProcessing { origin, night } => {
                Thing::OutProcessing { origin, nights: night..=night }
            }
            Resource::Bed { wing } => Thing::Beds { wing },
        };
        Self { thing, amount: Amount::By(1) }
    }

    /// Changes `problem`; everything not named stays.
    pub fn apply(&self, problem: &mut Problem) {
        let (p, amount) = (problem, self.amount);
        let nightly = |limits: &mut [i64], nights: &Nights| {
            nights.clone().for_each(|t| amount.apply(&mut limits[t]));
        };
        match &self.thing {
            Thing::Vehicles { depot, kind } => {
                let d = &mut p.depots[*depot];
                amount.apply(&mut d.fleet[*kind]);
                d.park[*kind] = d.park[*kind].max(d.fleet[*kind]);
            }
            Thing::Teams { depot } => amount.apply(&mut p.depots[*depot].teams),
            Thing::Guards { depot } => amount.apply(&mut p.depots[*depot].guards),
            Thing::Orbits { nights } => {
                nights.clone().for_each(|t| amount.apply(&mut p.cover[t].orbits));
            }
            Thing::HalfHours { nights } => {
                nights.clone().for_each(|t| amount.apply(&mut p.cover[t].slots));
            }
            Thing::Crossing { crossing, nights } => {
                nightly(&mut p.crossings[*crossing].slots, nights);
            }
            Thing::Bays { origin, nights } => nightly(&mut p.origins[*origin].bays, nights),
            Thing::OutProcessing { origin, nights } => {
                nightly(&mut p.origins[*origin].out_limit, nights);
            }
            Thing::Intake { facility, nights } => {
                nightly(&mut p.facilities[*facility].intake, nights);
            }
            Thing::Beds { wing } => amount.apply(&mut p.wings[*wing].capacity),
            Thing::Flights { nights } => nightly(&mut p.air.sorties, nights),
            Thing::People { class } => {
                let c = &mut p.classes[*class];
                amount.apply(&mut c.count);
                let count = c.count;
                c.ready.iter_mut().for_each(|n| {
                    amount.apply(n);
                    *n = (*n).min(count);
                });
            }
            Thing::Night { nights } => {
                for t in nights.clone() {
                    p.cover[t].orbits = 0;
                    p.air.sorties[t] = 0;
                }
            }
        }
    }

    /// The changed problem.
    pub fn applied(changes: &[Self], problem: &Problem) -> Problem {
        let mut changed = problem.clone();
        changes.iter().for_each(|c| c.apply(&mut changed));
        changed
    }

    /// The change in words: `1 more bus at hasakah`, `night 7 lost`.
    pub fn words(&self, problem: &Problem) -> String {
        let p = problem;
        let (what, nights) = match &self.thing {
            Thing::Night { nights } => return format!("{} lost", words_of(nights, p.nights)),
            Thing::Vehicles { depot, kind } => {
                (format!("{} at {}", p.vehicle_types[*kind].id, p.depots[*depot].id), None)
            }
            Thing::Teams { depot } => (format!("escort team at {}", p.depots[*depot].id), None),
            Thing::Guards { depot } => (format!("guard at {}", p.depots[*depot].id), None),
            Thing::Orbits { nights } => ("orbit of air cover".to_owned(), Some(nights)),
            Thing::HalfHours { nights } => ("half hour of air cover".to_owned(), Some(nights)),
            Thing::Crossing { crossing, nights } => {
                (format!("crossing slot at {}", p.crossings[*crossing].id), Some(nights))
            }
            Thing::Bays { origin, nights } => {
                (format!("loading bay at {}", p.origins[*origin].id), Some(nights))
            }
            Thing::OutProcessing { origin, nights } => {
                (format!("person out-processed at {}", p.origins[*origin].id), Some(nights))
            }
            Thing::Intake { facility, nights } => {
                (format!("person received at {}", p.facilities[*facility].id), Some(nights))
            }
            Thing::Beds { wing } => (format!("bed in {}", p.wings[*wing].id), None),
            Thing::Flights { nights } => ("flight".to_owned(), Some(nights)),
            Thing::People { class } => (format!("person of class {}", p.classes[*class].id), None),
        };
        let mut out = match self.amount {
            Amount::By(n) if n < 0 => format!("{} fewer {what}", -n),
            Amount::By(n) => format!("{n} more {what}"),
            Amount::To(n) => format!("{what}: {n}"),
        };
        if let Some(nights) = nights {
            let _ = write!(out, ", {}", words_of(nights, p.nights));
        }
        out
    }
}

fn words_of(nights: &Nights, all: usize) -> String {
    match (*nights.start(), *nights.end()) {
        (0, last) if last + 1 == all && all > 1 => "every night".to_owned(),
        (a, b) if a == b => format!("night {a}"),
        (a, b) => format!("nights {a} to {b}"),
    }
}
