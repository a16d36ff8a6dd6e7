//! The class-level problem: who is where, what can carry them, and what each night allows.
//!
//! A *class* is the people of one origin who share security level, health need, nationality group
//! and separation group. Lists refer to each other by position; the names (`id`) are what leaves
//! the process. Counts are whole numbers; costs are whole *units* (100 units = one person-night).
//!
//! [`Problem::from_json`] reads the `muster-v1` form and checks every reference in it, so whoever
//! holds a [`Problem`] may index without looking.

mod file;
pub(crate) mod slug;

pub use file::ProblemError;

/// Everything the planner is told. Positions (`usize`) index the lists of this struct.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    pub name: String,
    /// Nights in the horizon; night 0 is the first.
    pub nights: usize,
    /// Names of the separation groups, at most [`MAX_SEPARATION_GROUPS`].
    pub separation_groups: Vec<String>,
    /// Pairs of separation groups never in one vehicle, aircraft or wing.
    pub conflicts: Vec<[usize; 2]>,
    /// Pairs of separation groups never in one convoy.
    pub convoy_apart: Vec<[usize; 2]>,
    pub nationality_groups: Vec<String>,
    pub vehicle_types: Vec<VehicleType>,
    /// The most vehicles in one convoy.
    pub max_vehicles: usize,
    /// Units for each escort team sent out.
    pub team_cost: i64,
    /// Units for each orbit flown in a night.
    pub orbit_cost: i64,
    /// Units for each vehicle moved to another depot.
    pub reposition_cost: i64,
    /// Units for each person left behind at the end, before vulnerability.
    pub left_cost: i64,
    pub origins: Vec<Origin>,
    pub classes: Vec<Class>,
    pub crossings: Vec<Crossing>,
    /// Air cover, one entry for each night.
    pub cover: Vec<Cover>,
    pub facilities: Vec<Facility>,
    pub wings: Vec<Wing>,
    pub routes: Vec<Route>,
    pub air: Airlift,
    pub depots: Vec<Depot>,
}

/// More separation groups than this are refused when a problem is read.
pub const MAX_SEPARATION_GROUPS: usize = 8;
/// More vehicle types than this are refused when a problem is read.
pub const MAX_VEHICLE_TYPES: usize = 8;

/// What a person needs from the place they ride in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    Seat,
    Secure,
    Stretcher,
}

impl Need {
    pub const ALL: [Self; 3] = [Self::Seat, Self::Secure, Self::Stretcher];
}

/// Security level of a class, and the rating of a wing: a wing takes levels up to its rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Security {
    Low,
    Medium,
    High,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Health {
    Fit,
    Medical,
    Stretcher,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VehicleType {
    pub id: String,
    /// People who can ride, guards not counted.
    pub places: i64,
    /// Needs this type suits; a vehicle carries one need at a time.
    pub needs: Vec<Need>,
    /// Custody guards aboard.
    pub guards: i64,
    /// Units for each trip.
    pub cost: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub id: String,
    /// Depot whose vehicles, teams and guards serve this origin.
    pub depot: usize,
    /// People who can be out-processed, by night.
    pub out_limit: Vec<i64>,
    /// Convoys that can load, by night.
    pub bays: Vec<i64>,
    /// People who can be held without crowding.
    pub safe: i64,
    /// Units for each person who waits through the night, before vulnerability, by night.
    pub wait_cost: Vec<i64>,
    /// Units for each person above `safe`, each night.
    pub over_cost: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    pub id: String,
    pub origin: usize,
    pub count: i64,
    pub security: Security,
    pub health: Health,
    /// Position in `nationality_groups`.
    pub nationality: usize,
    /// Position in `separation_groups`.
    pub separation: usize,
    pub need: Need,
    /// Weight of waiting and of being left behind, in percent.
    pub vulnerability: i64,
    /// People who may board by each night, all nights before it included: gates are decided over
    /// time. `count` on every night when nothing is said.
    pub ready: Vec<i64>,
    /// Wings these people may not live in, though they would suit. Not part of `muster-v1`: empty
    /// but where a plan for classes could not be carried out by persons and is solved again.
    pub barred: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossing {
    pub id: String,
    /// Convoys that may cross, by night.
    pub slots: Vec<i64>,
}

/// Air cover of one night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cover {
    /// Aircraft on station; each convoy rides under one.
    pub orbits: i64,
    /// Half-hour slots in the window of each orbit.
    pub slots: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facility {
    pub id: String,
    /// Nationality groups it accepts.
    pub accepts: Vec<usize>,
    /// People it receives, by night.
    pub intake: Vec<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wing {
    pub id: String,
    pub facility: usize,
    pub capacity: i64,
    pub rating: Security,
    pub medical: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    pub id: String,
    pub way: Way,
    pub origin: usize,
    pub dest: usize,
    /// Hours one way; informative, costs are given whole.
    pub hours: f64,
    /// Risk by night; informative.
    pub risk: Vec<f64>,
    /// Units for each person carried, by night.
    pub road_cost: Vec<i64>,
    /// Half-hour slots of an orbit's window that a convoy uses.
    pub exposure: i64,
    /// Nights until a vehicle is back at its depot.
    pub cycle: usize,
    /// Nights until escort teams and guards are back.
    pub team_cycle: usize,
    /// Escort teams with each convoy or sortie.
    pub teams: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Road { crossing: usize },
    Air,
}

impl Route {
    pub fn is_air(&self) -> bool {
        self.way == Way::Air
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Airlift {
    /// People in one aircraft, litters included.
    pub places: i64,
    /// Of those, people on a stretcher.
    pub litters: i64,
    /// Units for each sortie.
    pub cost: i64,
    /// Sorties, by night.
    pub sorties: Vec<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depot {
    pub id: String,
    /// Vehicles at the start, by vehicle type.
    pub fleet: Vec<i64>,
    /// The most vehicles it may own, by vehicle type (secure parking).
    pub park: Vec<i64>,
    /// Escort teams.
    pub teams: i64,
    /// Custody guards.
    pub guards: i64,
}

impl Problem {
    pub fn people(&self) -> i64 {
        self.classes.iter().map(|c| c.count).sum()
    }

    /// The index of the class of that id.
    pub fn class_at(&self, id: &str) -> Option<usize> {
        self.classes.iter().position(|one| one.id == id)
    }

    /// The index of the route of that id.
    pub fn route_at(&self, id: &str) -> Option<usize> {
        self.routes.iter().position(|one| one.id == id)
    }

    /// The index of the depot of that id.
    pub fn depot_at(&self, id: &str) -> Option<usize> {
        self.depots.iter().position(|one| one.id == id)
    }

    /// The index of the vehicle type of that id.
    pub fn kind_at(&self, id: &str) -> Option<usize> {
        self.vehicle_types.iter().position(|one| one.id == id)
    }

    /// The index of the wing of that id.
    pub fn wing_at(&self, id: &str) -> Option<usize> {
        self.wings.iter().position(|one| one.id == id)
    }

    /// Units for one person of `class` who waits through `night`.
    pub fn wait(&self, class: usize, night: usize) -> i64 {
        let c = &self.classes[class];
        self.origins[c.origin].wait_cost[night] * c.vulnerability / 100
    }

    /// Units for one person of `class` left behind at the end.
    pub fn left(&self, class: usize) -> i64 {
        self.left_cost * self.classes[class].vulnerability / 100
    }

    /// Whether people of `class` may live in `wing`: nationality group, rating, medical care.
    pub fn suits(&self, class: usize, wing: usize) -> bool {
        let (c, w) = (&self.classes[class], &self.wings[wing]);
        self.facilities[w.facility].accepts.contains(&c.nationality)
            && w.rating >= c.security
            && (w.medical || c.health == Health::Fit)
            && !c.barred.contains(&wing)
    }

    /// Whether the route can be used that night at all: sorties, or cover and a crossing slot.
    pub fn open(&self, route: usize, night: usize) -> bool {
        let r = &self.routes[route];
        match r.way {
            Way::Air => self.air.sorties[night] > 0,
            Way::Road { crossing } => {
                let cover = self.cover[night];
                cover.orbits > 0
                    && cover.slots >= r.exposure
                    && self.crossings[crossing].slots[night] > 0
            }
        }
    }

    /// The depot that serves the route's origin.
    pub fn home(&self, route: usize) -> usize {
        self.origins[self.routes[route].origin].depot
    }
}
