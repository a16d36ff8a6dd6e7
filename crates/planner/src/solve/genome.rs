//! What the search changes: a wish list for each night, which the decoder turns into a valid night.

use super::model::Groups;
use crate::problem::MAX_VEHICLE_TYPES;

/// As many vehicles of this type as are worth sending.
pub(super) const ANY: u8 = u8::MAX;

/// A wished convoy or sortie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wish {
    pub route: u16,
    /// Position in the route's modes: which groups may ride.
    pub mode: u8,
    /// The most vehicles of each type, or [`ANY`].
    pub vehicles: [u8; MAX_VEHICLE_TYPES],
    /// Classes that are looked at before others, by [`Model::class_bit`](super::model::Model).
    pub favoured: Favoured,
}

/// A set of classes of one origin.
pub(super) type Favoured = u64;

impl Wish {
    /// As many vehicles as are worth sending, and nobody before others.
    pub fn any(route: u16, mode: u8) -> Self {
        Self { route, mode, vehicles: [ANY; MAX_VEHICLE_TYPES], favoured: 0 }
    }
}

/// A wished move of empty vehicles to another depot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shift {
    pub from: u8,
    pub to: u8,
    pub vehicle: u8,
    pub count: u8,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct NightWishes {
    pub wishes: Vec<Wish>,
    pub shifts: Vec<Shift>,
}

/// A whole plan as wishes.
#[derive(Debug, Clone)]
pub(super) struct Genome {
    pub nights: Vec<NightWishes>,
    /// Groups each wing takes.
    pub hosts: Vec<Groups>,
}
