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
    /// Classes that do not ride.
    pub barred: Favoured,
    /// Classes of which not all ride.
    pub caps: [Cap; CAPS],
}

/// At most so many people of the class with this bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cap {
    pub class: Favoured,
    pub people: u16,
}

/// A convoy seldom takes a part of more classes.
pub(super) const CAPS: usize = 6;

/// A set of classes of one origin.
pub(super) type Favoured = u64;

impl Wish {
    /// The most people who ride of the class with this bit.
    pub fn most(&self, class: Favoured) -> i32 {
        if self.barred & class != 0 {
            return 0;
        }
        let of = self.caps.iter().take_while(|cap| cap.class != 0).find(|cap| cap.class == class);
        of.map_or(i32::MAX, |cap| i32::from(cap.people))
    }

    /// Those it was written for first, as many as there are, and whoever there is room for after them.
    pub fn for_others_too(self) -> Self {
        Self { favoured: !self.barred, barred: 0, caps: [Cap::default(); CAPS], ..self }
    }

    /// Takes people of whichever classes there is room for, as if it had not been written for some.
    pub fn forget_classes(&mut self) {
        (self.favoured, self.barred, self.caps) = (0, 0, [Cap::default(); CAPS]);
    }

    /// As many vehicles as are worth sending, and nobody before others.
    pub fn any(route: u16, mode: u8) -> Self {
        Self {
            route,
            mode,
            vehicles: [ANY; MAX_VEHICLE_TYPES],
            favoured: 0,
            barred: 0,
            caps: [Cap::default(); CAPS],
        }
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
