//! Where people are held and where they pass (`sites.toml`).

use crate::text::Text;
use domain::code;
use domain::ids::{AuthorityId, SiteId, UnitId};

/// A prison, camp, staging base, airfield or crossing.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    pub id: SiteId,
    pub names: Text,
    pub kind: SiteKind,
    /// Who runs it.
    pub authority: AuthorityId,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Degrees WGS 84, rounded to the town.
    pub lat: f64,
    pub lon: f64,
    /// False for places that are on the map for context only.
    pub in_scope: bool,
    /// Whether aircraft of the operation land here.
    pub airfield: bool,
    /// The longest that people may be held here on the way, in hours.
    pub hold_max_h: Option<u32>,
    pub origin: Option<Origin>,
    pub destination: Option<Destination>,
    /// In file order; empty at crossings.
    pub units: Vec<Unit>,
}

/// What limits a place that people leave from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Id of the depot that serves it.
    pub depot: String,
    /// People it can process out in a night.
    pub out_limit: u32,
    /// Convoys it can load in a night.
    pub bays: u32,
    /// Population up to which it is held to be safe.
    pub safe: u32,
    /// Units for one person waiting the first night.
    pub wait_cost: u32,
    /// What that grows by each night, in percent of the first.
    pub wait_growth_percent: u32,
    /// Units per night for each person above `safe`.
    pub over_cost: u32,
}

/// What a place that receives accepts. How many per night is in `intake.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// Ids of the nationality groups it takes.
    pub accepts: Vec<String>,
}

/// A wing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub id: UnitId,
    pub names: Text,
    pub rating: Rating,
    /// Whether it can care for the ill.
    pub medical: bool,
    /// For people under 18 only.
    pub juvenile: bool,
    pub capacity: u32,
    /// The separation groups it may hold; empty for any.
    pub separation: Vec<String>,
}

code!(SiteKind {
    Prison = "prison",
    Camp = "camp",
    Staging = "staging",
    Airfield = "airfield",
    Crossing = "crossing",
    Court = "court",
});
code!(
    /// How secure a wing is. A wing holds people up to its own level.
    Rating {
        Low = "low",
        Medium = "medium",
        High = "high",
    }
);
code!(
    /// How much security a person needs.
    Security {
        Low = "low",
        Medium = "medium",
        High = "high",
    }
);
code!(
    /// What a person's health needs on the way and after.
    Health {
        Fit = "fit",
        /// Sits, but needs care.
        Medical = "medical",
        /// Travels lying down.
        Stretcher = "stretcher",
    }
);

impl Health {
    /// Weight of waiting and of being left behind, in percent.
    pub fn vulnerability_percent(self) -> u32 {
        match self {
            Health::Fit => 100,
            Health::Medical => 150,
            Health::Stretcher => 200,
        }
    }
}

impl Rating {
    /// Whether a wing of this rating may hold a person of that level.
    pub fn holds(self, security: Security) -> bool {
        self as u8 >= security as u8
    }
}
