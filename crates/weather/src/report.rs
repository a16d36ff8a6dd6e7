//! METAR and SPECI: what a station observed, with its trend kept apart.

use jiff::Timestamp;

use crate::air::{Pressure, Temperature};
use crate::cloud::Ceiling;
use crate::colour::ReportedColour;
use crate::conditions::Conditions;
use crate::group::{Coded, Group, ReadError, UnknownGroup, digits};
use crate::phenomenon::Weather;
use crate::runway::RunwayVisualRange;
use crate::time::DayTime;

/// One observation, read whole. Nothing in the text is lost: see `groups`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The text as received.
    pub raw: String,
    pub kind: ReportKind,
    /// Four characters, an ICAO location indicator or a national one.
    pub station: String,
    pub time: DayTime,
    /// `time` resolved against the moment of receipt.
    pub observed_at: Timestamp,
    /// AUTO: no observer.
    pub automatic: bool,
    /// COR, CCA: replaces an earlier report.
    pub correction: bool,
    /// NIL: the report is missing.
    pub nil: bool,
    /// The body: what was observed, never touched by trend or remarks.
    pub conditions: Conditions,
    pub runway_visual_ranges: Vec<Coded<RunwayVisualRange>>,
    pub temperature: Option<Coded<Temperature>>,
    /// QNH; two when given in both units.
    pub pressures: Vec<Coded<Pressure>>,
    /// `RETSRA`: in the last hour, not now.
    pub recent_weather: Vec<Coded<Weather>>,
    /// `WS R18`: text of the groups.
    pub wind_shear: Vec<Coded<()>>,
    /// Colour state the station itself reports.
    pub colours: Vec<Coded<ReportedColour>>,
    pub trends: Vec<Trend>,
    /// RMK and all after it. Not judged: show it to the person who decides.
    pub remarks: Option<Coded<()>>,
    pub unknown_groups: Vec<UnknownGroup>,
    /// Every group of the text, in order, with what it was read as.
    pub groups: Vec<Group>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportKind {
    Metar,
    Speci,
    /// The text begins with the station.
    NotStated,
}

/// Expected in the two hours after the observation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trend {
    pub kind: TrendKind,
    /// The indicator as coded, with its times: `TEMPO FM2200`.
    pub group: Coded<()>,
    pub from: Option<ClockTime>,
    pub to: Option<ClockTime>,
    pub at: Option<ClockTime>,
    pub conditions: Conditions,
    pub colours: Vec<Coded<ReportedColour>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TrendKind {
    /// NOSIG: no significant change.
    NoChange,
    Becoming,
    /// TEMPO; INTER in Australia.
    Temporary,
    /// A bare `FM0000`, outside the ICAO form and met with.
    From,
}

/// Hour and minute, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClockTime {
    /// 0 to 24.
    pub hour: u8,
    pub minute: u8,
}

impl ClockTime {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        digits(text, 4)?;
        let (hour, minute) = (text[..2].parse().ok()?, text[2..].parse().ok()?);
        (hour <= 23 && minute <= 59 || (hour, minute) == (24, 0)).then_some(Self { hour, minute })
    }
}

impl Report {
    /// Reads a METAR or SPECI. `received` is when the text arrived: it gives month and year.
    ///
    /// Fails only when the text is not a report at all; groups that are not known are kept in
    /// [`Self::unknown_groups`] and make the report unusable for a gate.
    pub fn parse(text: &str, received: Timestamp) -> Result<Self, ReadError> {
        crate::read_report::read(text, received)
    }

    /// Every group was read and the report is not NIL.
    pub fn is_usable(&self) -> bool {
        self.unknown_groups.is_empty() && !self.nil
    }

    /// See [`Conditions::ceiling_ft`].
    pub fn ceiling_ft(&self) -> Ceiling {
        self.conditions.ceiling_ft()
    }
}
