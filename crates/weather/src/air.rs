//! Temperature, dew point and pressure: `M02/M04`, `Q1013`, `A2992`, `QNH2979INS`, `TX28/1015Z`.

use std::fmt;

use crate::group::digits;
use crate::time::DayTime;

/// Degrees Celsius, whole. `None`: not reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Temperature {
    pub air_c: Option<i8>,
    pub dew_point_c: Option<i8>,
}

impl Temperature {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text == "/////" {
            return Some(Self { air_c: None, dew_point_c: None });
        }
        let (air, dew_point) = match text.split_once('/')? {
            ("", "") => return None,
            // `////20` style: the air temperature is missing.
            ("", rest) => ("//", rest.strip_prefix('/')?),
            parts => parts,
        };
        let air_c = parse_part(air)?;
        let dew_point_c = if dew_point.is_empty() { None } else { parse_part(dew_point)? };
        let some = air_c.is_some() || dew_point_c.is_some();
        some.then_some(Self { air_c, dew_point_c })
    }
}

/// Outer `None`: not a temperature. Inner `None`: solidi, not reported.
fn parse_part(text: &str) -> Option<Option<i8>> {
    match text {
        "//" | "XX" => Some(None),
        text => parse_celsius(text).map(Some),
    }
}

fn parse_celsius(text: &str) -> Option<i8> {
    let (number, sign) = match text.strip_prefix('M') {
        Some(number) => (number, -1),
        None => (text, 1),
    };
    i8::try_from(digits(number, 2)?).ok().map(|degrees| degrees * sign)
}

/// QNH: pressure reduced to sea level in the standard atmosphere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pressure {
    Hectopascals(u16),
    /// Hundredths of an inch of mercury.
    InchesHundredths(u16),
    NotReported,
}

impl Pressure {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if matches!(text, "Q////" | "A////" | "Q///" | "A///") {
            return Some(Self::NotReported);
        }
        let value = |number| digits(number, 4).and_then(|value| u16::try_from(value).ok());
        let inches = |number| value(number).filter(|i| (2_400..=3_250).contains(i));
        if let Some(number) = text.strip_prefix("QNH").and_then(|rest| rest.strip_suffix("INS")) {
            return inches(number).map(Self::InchesHundredths);
        }
        if let Some(number) = text.strip_prefix('Q') {
            return value(number).filter(|h| (800..=1_100).contains(h)).map(Self::Hectopascals);
        }
        inches(text.strip_prefix('A')?).map(Self::InchesHundredths)
    }

    /// Hectopascals, rounded to the nearest; `None` when not reported.
    pub fn hectopascals(self) -> Option<u32> {
        match self {
            Self::Hectopascals(value) => Some(value.into()),
            // 33.8639 hPa an inch.
            Self::InchesHundredths(value) => {
                Some((u32::from(value) * 338_639 + 500_000) / 1_000_000)
            }
            Self::NotReported => None,
        }
    }
}

impl fmt::Display for Pressure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Hectopascals(value) => write!(f, "{value} hPa"),
            Self::InchesHundredths(value) => {
                write!(f, "{}.{:02} inHg", value / 100, value % 100)
            }
            Self::NotReported => f.write_str("not reported"),
        }
    }
}

/// Highest or lowest temperature forecast, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ForecastTemperature {
    pub extreme: Extreme,
    pub celsius: i8,
    pub time: DayTime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extreme {
    Highest,
    Lowest,
    /// Written `T`, the extreme not stated.
    NotStated,
}

impl ForecastTemperature {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (extreme, rest) = if let Some(rest) = text.strip_prefix("TX") {
            (Extreme::Highest, rest)
        } else if let Some(rest) = text.strip_prefix("TN") {
            (Extreme::Lowest, rest)
        } else {
            (Extreme::NotStated, text.strip_prefix('T')?)
        };
        let (celsius, time) = rest.split_once('/')?;
        let time = DayTime::parse_hours(time.strip_suffix('Z').unwrap_or(time))?;
        Some(Self { extreme, celsius: parse_celsius(celsius)?, time })
    }
}
