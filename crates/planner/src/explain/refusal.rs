//! One rule's refusal of one more person, in the field's words.

use std::fmt;

use serde::Serialize;

/// What refuses, with what it has and uses. Named by id; nights count from 0.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Refusal {
    /// Their gates are not passed: by this night only `ready` of the class may board.
    Gates {
        ready: i64,
        next: Option<usize>,
    },
    Nationality {
        facility: String,
    },
    Rating {
        facility: String,
    },
    Care {
        facility: String,
    },
    /// Every wing that may hold them is full.
    Beds {
        facility: String,
    },
    /// The wings with a bed host a group that must be apart from theirs.
    WingApart {
        facility: String,
    },
    NoSuitableVehicle {
        need: String,
    },
    OutProcessing {
        origin: String,
        most: i64,
    },
    Intake {
        facility: String,
        most: i64,
    },
    NoCover,
    /// The window is shorter than the road.
    ShortWindow {
        window: i64,
        needed: i64,
    },
    CoverUsed {
        orbits: i64,
    },
    Crossing {
        crossing: String,
        most: i64,
    },
    Bays {
        origin: String,
        most: i64,
    },
    EscortTeams {
        depot: String,
        most: i64,
    },
    Guards {
        depot: String,
        most: i64,
    },
    /// None of that type is there that night, or one sent now is missing on a later night.
    Vehicles {
        depot: String,
        vehicle: String,
        owned: i64,
    },
    LongestConvoy {
        most: usize,
    },
    ConvoyApart {
        group: String,
    },
    Flights {
        most: i64,
    },
    Litters {
        most: i64,
    },
    FlightApart {
        group: String,
    },
}

impl Refusal {
    /// Code of the checker's rule.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Gates { .. } => "R36",
            Self::Nationality { .. } => "R04",
            Self::Rating { .. } => "R30",
            Self::Care { .. } => "R31",
            Self::Beds { .. } => "R32",
            Self::WingApart { .. } => "R33",
            Self::NoSuitableVehicle { .. } => "R10",
            Self::OutProcessing { .. } => "R19",
            Self::Intake { .. } => "R20",
            Self::NoCover => "R13",
            Self::ShortWindow { .. } | Self::CoverUsed { .. } => "R23",
            Self::Crossing { .. } => "R22",
            Self::Bays { .. } => "R21",
            Self::EscortTeams { .. } => "R25",
            Self::Guards { .. } => "R26",
            Self::Vehicles { .. } => "R28",
            Self::LongestConvoy { .. } => "R06",
            Self::ConvoyApart { .. } => "R12",
            Self::Flights { .. } => "R24",
            Self::Litters { .. } => "R16",
            Self::FlightApart { .. } => "R17",
        }
    }

    /// Its code as it is written in JSON, where it is, and the vehicle type it is about; the last two
    /// may be empty.
    pub fn named(&self) -> (&'static str, &str, &str) {
        match self {
            Self::Gates { .. } => ("gates", "", ""),
            Self::Nationality { facility } => ("nationality", facility, ""),
            Self::Rating { facility } => ("rating", facility, ""),
            Self::Care { facility } => ("care", facility, ""),
            Self::Beds { facility } => ("beds", facility, ""),
            Self::WingApart { facility } => ("wing-apart", facility, ""),
            Self::NoSuitableVehicle { .. } => ("no-suitable-vehicle", "", ""),
            Self::OutProcessing { origin, .. } => ("out-processing", origin, ""),
            Self::Intake { facility, .. } => ("intake", facility, ""),
            Self::NoCover => ("no-cover", "", ""),
            Self::ShortWindow { .. } => ("short-window", "", ""),
            Self::CoverUsed { .. } => ("cover-used", "", ""),
            Self::Crossing { crossing, .. } => ("crossing", crossing, ""),
            Self::Bays { origin, .. } => ("bays", origin, ""),
            Self::EscortTeams { depot, .. } => ("escort-teams", depot, ""),
            Self::Guards { depot, .. } => ("guards", depot, ""),
            Self::Vehicles { depot, vehicle, .. } => ("vehicles", depot, vehicle),
            Self::LongestConvoy { .. } => ("longest-convoy", "", ""),
            Self::ConvoyApart { .. } => ("convoy-apart", "", ""),
            Self::Flights { .. } => ("flights", "", ""),
            Self::Litters { .. } => ("litters", "", ""),
            Self::FlightApart { .. } => ("flight-apart", "", ""),
        }
    }

    /// The same without the night's numbers, so that nights can be added up.
    pub fn cause(&self) -> String {
        match self {
            Self::Gates { .. } => "gates not passed".to_owned(),
            Self::Intake { facility, .. } => format!("intake promise of {facility} used up"),
            Self::OutProcessing { origin, .. } => format!("out-processing at {origin} used up"),
            Self::ShortWindow { .. } => "cover window shorter than the road".to_owned(),
            Self::CoverUsed { .. } => "cover windows used up".to_owned(),
            Self::Crossing { crossing, .. } => format!("crossing slots of {crossing} used up"),
            Self::Bays { origin, .. } => format!("loading bays of {origin} used up"),
            Self::EscortTeams { depot, .. } => format!("no escort team home at {depot}"),
            Self::Guards { depot, .. } => format!("no guards home at {depot}"),
            Self::Vehicles { depot, vehicle, .. } => format!("no {vehicle} to send at {depot}"),
            Self::LongestConvoy { .. } => "convoys as long as may drive together".to_owned(),
            Self::Flights { .. } => "no flight left".to_owned(),
            other => other.to_string(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gates { ready, next: Some(night) } => {
                write!(f, "gates not passed until night {night} ({ready} of the class may board)")
            }
            Self::Gates { ready, next: None } => {
                write!(f, "gates not passed ({ready} of the class may board)")
            }
            Self::Nationality { facility } => {
                write!(f, "{facility} does not accept their nationality group")
            }
            Self::Rating { facility } => write!(f, "no wing of {facility} is rated for them"),
            Self::Care { facility } => {
                write!(f, "no wing of {facility} with the care they need")
            }
            Self::Beds { facility } => write!(f, "no bed in {facility} that may hold them"),
            Self::WingApart { facility } => write!(
                f,
                "the beds left in {facility} are beside a group that must be apart from them"
            ),
            Self::NoSuitableVehicle { need } => write!(f, "no vehicle type suits need {need:?}"),
            Self::OutProcessing { origin, most } => {
                write!(f, "out-processing at {origin} used up ({most} people a night)")
            }
            Self::Intake { facility, most: 0 } => {
                write!(f, "{facility} promises no intake that night")
            }
            Self::Intake { facility, most } => {
                write!(f, "intake promise of {facility} used up ({most} people)")
            }
            Self::NoCover => write!(f, "no air cover that night"),
            Self::ShortWindow { window, needed } => {
                write!(f, "cover window of {window} half hours is shorter than the road ({needed})")
            }
            Self::CoverUsed { orbits } => {
                write!(f, "cover windows used up ({orbits} orbits)")
            }
            Self::Crossing { crossing, most: 0 } => write!(f, "crossing {crossing} is closed"),
            Self::Crossing { crossing, most } => {
                write!(f, "crossing slots of {crossing} used up ({most})")
            }
            Self::Bays { origin, most } => write!(f, "loading bays of {origin} used up ({most})"),
            Self::EscortTeams { depot, most } => {
                write!(f, "no escort team home at {depot} ({most} teams, all needed away)")
            }
            Self::Guards { depot, most } => {
                write!(f, "no guards home at {depot} ({most}, all needed away)")
            }
            Self::Vehicles { depot, vehicle, owned } => write!(
                f,
                "no {vehicle} to send at {depot} ({owned} at the start, all out or needed on a later night)"
            ),
            Self::LongestConvoy { most } => {
                write!(f, "the convoy is as long as may drive together ({most} vehicles)")
            }
            Self::ConvoyApart { group } => {
                write!(f, "the convoy carries {group}, which must be apart from them")
            }
            Self::Flights { most: 0 } => write!(f, "no flight that night"),
            Self::Flights { most } => write!(f, "flights used up ({most})"),
            Self::Litters { most } => write!(f, "the aircraft's litters are taken ({most})"),
            Self::FlightApart { group } => {
                write!(f, "the flight carries {group}, which must be apart from them")
            }
        }
    }
}
