//! TAF: what is forecast for an aerodrome, as coded. [`crate::judge_forecast`] applies it.

use jiff::Timestamp;

use crate::air::ForecastTemperature;
use crate::conditions::Conditions;
use crate::group::{Coded, Group, ReadError, UnknownGroup};
use crate::time::{DayTime, Period};

/// One aerodrome forecast, read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taf {
    /// The text as received.
    pub raw: String,
    pub station: String,
    /// AMD: replaces what was forecast.
    pub amendment: bool,
    /// COR: corrects an error of form.
    pub correction: bool,
    /// Time of issue, where given.
    pub issued: Option<DayTime>,
    /// `issued` resolved against the moment of receipt.
    pub issued_at: Option<Timestamp>,
    pub status: TafStatus,
    /// `None` for a NIL forecast.
    pub validity: Option<Validity>,
    /// Conditions from the start of validity.
    pub initial: Conditions,
    /// In the order given.
    pub changes: Vec<Change>,
    /// TX and TN.
    pub temperatures: Vec<Coded<ForecastTemperature>>,
    pub remarks: Option<Coded<()>>,
    pub unknown_groups: Vec<UnknownGroup>,
    /// Every group of the text, in order, with what it was read as.
    pub groups: Vec<Group>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TafStatus {
    Forecast,
    /// NIL: no forecast was made.
    Missing,
    /// CNL: the forecast is withdrawn.
    Cancelled,
}

/// The period of validity, as coded and resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validity {
    pub period: Coded<Period>,
    pub from: Timestamp,
    /// Not included.
    pub to: Timestamp,
}

/// A change group and what it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub kind: ChangeKind,
    /// The indicator as coded: `PROB40 TEMPO 1002/1005`.
    pub group: Coded<()>,
    pub from: Timestamp,
    /// End of the change, not included. For FM, equal to `from`: it changes at once.
    pub to: Timestamp,
    pub conditions: Conditions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// FM: all conditions are replaced at `from`.
    From,
    /// BECMG: the named conditions change between `from` and `to` and stay.
    Becoming,
    /// TEMPO: at times, less than an hour each and less than half of the period in all.
    /// INTER in Australia: less than half an hour each.
    Temporary,
    /// PROB30, PROB40, with or without TEMPO.
    Probable { percent: u8, temporary: bool },
}

impl Taf {
    /// Reads a TAF. `received` is when the text arrived: it gives month and year.
    pub fn parse(text: &str, received: Timestamp) -> Result<Self, ReadError> {
        crate::read_taf::read(text, received)
    }

    /// Every group was read and there is a forecast.
    pub fn is_usable(&self) -> bool {
        self.unknown_groups.is_empty() && self.status == TafStatus::Forecast
    }
}
