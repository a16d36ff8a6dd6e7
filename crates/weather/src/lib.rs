//! METAR, SPECI and TAF in coded form, read so that a gate may lean on them.
//!
//! The reader fails closed: every group is either read or kept in `unknown_groups`, and one
//! unknown group makes the text unusable for a gate until a person has read and accepted it.
//! Nothing read is ever overwritten by a later group. The gate shows numbers against limits;
//! a person decides.
//!
//! ```
//! use amana_weather::{Minima, Report, Verdict, judge};
//!
//! let received = "2026-01-18T07:31:00Z".parse()?;
//! let report = Report::parse("METAR LTCC 180720Z VRB02KT 0200 FG VV/// 05/05 Q1025", received)?;
//! let minima = Minima { ceiling_ft: Some(1_500), ..Minima::default() };
//! let judgement = judge(&report, &minima);
//! assert_eq!(judgement.verdict, Verdict::NotMet);
//! assert_eq!(
//!     judgement.reasons[0].to_string(),
//!     "BEYOND: ceiling sky obscured, height unknown, at least 1500 ft wanted [VV///], observed"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Read and shown, not judged: runway visual range, runway state, wind shear, remarks, icing and
//! turbulence of military forecasts, temperature and pressure.
//!
//! Pure: no clock, no I/O, no serde. It cannot tell where a text came from, how old it is, or who
//! decided: the caller knows.

mod air;
mod cloud;
mod colour;
mod conditions;
mod forecast;
mod group;
mod judge;
mod minima;
mod phenomenon;
mod read_report;
mod read_taf;
mod report;
mod runway;
mod taf;
mod time;
mod visibility;
mod wind;

pub use air::{Extreme, ForecastTemperature, Pressure, Temperature};
pub use cloud::{Amount, Ceiling, Clear, Cloud, Convection};
pub use colour::{
    CloudFrom, ColourState, FlightCategory, ReportedColour, colour_state, faa_category,
};
pub use conditions::Conditions;
pub use forecast::{ForecastRule, Transient, judge_forecast, judge_forecast_with};
pub use group::{Coded, Group, GroupKind, MAX_BYTES, ReadError, UnknownGroup, Why};
pub use judge::{Acceptance, judge, judge_accepted};
pub use minima::{Finding, Judgement, Minima, Outcome, Place, Reason, Verdict};
pub use phenomenon::{Descriptor, Intensity, Pattern, PatternError, Phenomenon, Weather};
pub use report::{ClockTime, Report, ReportKind, Trend, TrendKind};
pub use runway::{RangeValue, RunwayVisualRange, Tendency};
pub use taf::{Change, ChangeKind, Taf, TafStatus, Validity};
pub use time::{DayTime, Period};
pub use visibility::{Bound, Compass, Distance, PartVisibility, Visibility};
pub use wind::{Direction, Speed, SpeedUnit, Wind};
