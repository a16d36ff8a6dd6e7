//! The operation itself: mandate, nights, prices, separation, weather minima (`operation.toml`).

use crate::text::Text;
use domain::ids::{AuthorityId, Night, OperationId};
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

/// One operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    pub id: OperationId,
    pub names: Text,
    pub mandate: Mandate,
    pub first_night: Night,
    /// How many nights it may last.
    pub nights: u32,
    /// Local time of all sites; no summer time in Iraq or Syria.
    pub utc_offset: Offset,
    /// When a night begins, on its own date.
    pub night_from: Time,
    /// When a night ends, on the following date.
    pub night_to: Time,
    /// How many people the operation is mandated for.
    pub cohort_size: u32,
    /// The most vehicles in one convoy.
    pub max_vehicles: u32,
    pub prices: Prices,
    pub separation: Vec<SeparationGroup>,
    /// Groups that never share a vehicle, an aircraft or a wing.
    pub conflicts: Vec<(String, String)>,
    /// Groups that do not even share a convoy.
    pub convoy_apart: Vec<(String, String)>,
    pub nationality_groups: Vec<NationalityGroup>,
    /// For the aircraft that give cover. Invented; no real unit's minima.
    pub air_minima: Minima,
    /// For convoys on the road. Invented.
    pub road_minima: Minima,
    /// ICAO codes of the stations that stand for the covered corridor.
    pub stations: Vec<String>,
}

/// Who ordered the operation, and on what basis as they claim it. Amana does not judge it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    pub ordered_by: AuthorityId,
    pub ordered_on: Date,
    pub legal_basis: Text,
    pub source: String,
}

/// Planning prices in units; 100 units are a point (one person-night of waiting at weight 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prices {
    /// Per escort team that goes out.
    pub team: u32,
    /// Per orbit used in a night.
    pub orbit: u32,
    /// Per vehicle moved between depots.
    pub reposition: u32,
    /// Per person left at the deadline.
    pub left: u32,
    /// Per sortie.
    pub air: u32,
}

/// People who are kept together, and apart from some others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeparationGroup {
    pub id: String,
    pub names: Text,
}

/// States of nationality that the receivers treat alike when they say whom they accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NationalityGroup {
    pub id: String,
    pub names: Text,
}

/// The least weather in which something may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minima {
    /// Lowest ceiling above ground; 0 where none is needed.
    pub ceiling_ft: u32,
    pub visibility_m: u32,
    pub wind_kt: u32,
    pub gust_kt: u32,
    /// METAR weather codes without sign that forbid it, as `TS` or `DS`.
    pub prohibited: Vec<String>,
}

impl Minima {
    /// As the gate reads them. The reader has checked every prohibited code.
    pub fn for_gate(&self) -> weather::Minima {
        let knots = |kt: u32| Some(u16::try_from(kt).unwrap_or(u16::MAX));
        weather::Minima {
            ceiling_ft: Some(self.ceiling_ft).filter(|ft| *ft > 0),
            visibility_m: Some(self.visibility_m),
            wind_kt: knots(self.wind_kt),
            gust_kt: knots(self.gust_kt),
            prohibited: self
                .prohibited
                .iter()
                .filter_map(|p| weather::Pattern::new(p).ok())
                .collect(),
        }
    }
}

impl Operation {
    /// All nights, first to last.
    pub fn nights(&self) -> impl Iterator<Item = Night> + use<> {
        self.first_night.series(jiff::Span::new().days(1)).take(self.nights as usize)
    }

    pub fn last_night(&self) -> Night {
        self.nights().last().unwrap_or(self.first_night)
    }

    /// Position of a night from 0, when it is one of the operation's.
    pub fn night_index(&self, night: Night) -> Option<usize> {
        let days = self.first_night.until(night).ok()?.get_days();
        usize::try_from(days).ok().filter(|&i| i < self.nights as usize)
    }
}
