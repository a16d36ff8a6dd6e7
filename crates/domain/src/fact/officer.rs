//! Who acts: a role and a number.

use crate::code;

/// A role and a number, never a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Officer {
    pub role: Role,
    pub number: u32,
}

code!(
    /// What an officer is there for.
    Role {
        /// Keeps the keys of an authority and enrols its devices.
        Keyholder = "keyholder",
        Planner = "planner",
        Registrar = "registrar",
        Gate = "gate",
        Escort = "escort",
        Border = "border",
        Reception = "reception",
        Physician = "physician",
        Judge = "judge",
        Director = "director",
        AirCover = "air-cover",
        Consular = "consular",
        Monitor = "monitor",
        /// The register itself: a device that says who looked, and no officer.
        Register = "register",
    }
);
