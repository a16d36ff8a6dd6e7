//! Surface wind: `24015G27KT`, `VRB03KT`, `00000MPS`, `/////KT`, and `180V240`.
//! Form: WMO No. 306 Volume I.1, FM 15, group dddffGfmfm and dndndnVdxdxdx.

use std::fmt;

use crate::group::digits;

/// A speed as coded, in its own unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Speed {
    pub value: u16,
    pub unit: SpeedUnit,
    /// Coded `P99`: more than `value`.
    pub more_than: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpeedUnit {
    Knots,
    MetresPerSecond,
    KilometresPerHour,
}

impl Speed {
    /// Millionths of a knot: exact enough that no rounding decides a gate.
    fn microknots(self) -> u64 {
        let each = match self.unit {
            SpeedUnit::Knots => 1_000_000,
            SpeedUnit::MetresPerSecond => 1_943_844,
            SpeedUnit::KilometresPerHour => 539_957,
        };
        u64::from(self.value) * each
    }

    /// Knots, rounded to the nearest.
    pub fn knots(self) -> u32 {
        u32::try_from((self.microknots() + 500_000) / 1_000_000).unwrap_or(u32::MAX)
    }

    /// Above a limit in knots. `P99` is above every limit: how far above 99 is not known.
    pub fn exceeds(self, limit_kt: u16) -> bool {
        self.more_than || self.microknots() > u64::from(limit_kt) * 1_000_000
    }

    pub(crate) fn rank(self) -> u64 {
        self.microknots() + u64::from(self.more_than)
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let more = if self.more_than { "more than " } else { "" };
        match self.unit {
            SpeedUnit::Knots => write!(f, "{more}{} kt", self.value),
            SpeedUnit::MetresPerSecond => {
                write!(f, "{more}{} kt ({} m/s)", self.knots(), self.value)
            }
            SpeedUnit::KilometresPerHour => {
                write!(f, "{more}{} kt ({} km/h)", self.knots(), self.value)
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Degrees true the wind blows from, 0 to 360.
    From(u16),
    Variable,
    NotReported,
}

/// Mean wind over ten minutes (two in some States) and its gust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Wind {
    pub direction: Direction,
    /// `None` when the station could not give it (`//`).
    pub speed: Option<Speed>,
    pub gust: Option<Speed>,
}

impl Wind {
    pub fn is_calm(&self) -> bool {
        self.speed.is_some_and(|speed| speed.value == 0 && !speed.more_than)
    }

    /// The gust, or the mean where no gust is given. `None` when neither was reported.
    pub fn peak(&self) -> Option<Speed> {
        self.gust.or(self.speed)
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (rest, unit) = [
            ("KT", SpeedUnit::Knots),
            ("MPS", SpeedUnit::MetresPerSecond),
            ("KMH", SpeedUnit::KilometresPerHour),
        ]
        .into_iter()
        .find_map(|(suffix, unit)| Some((text.strip_suffix(suffix)?, unit)))?;
        let (direction, rest) = rest.split_at_checked(3)?;
        let direction = match direction {
            "VRB" => Direction::Variable,
            "///" => Direction::NotReported,
            degrees => Direction::From(u16::try_from(digits(degrees, 3)?).ok()?),
        };
        if matches!(direction, Direction::From(361..)) {
            return None;
        }
        let (mean, gust) = match rest.split_once('G') {
            Some((mean, gust)) => (mean, Some(gust)),
            None => (rest, None),
        };
        let speed = match mean {
            "//" => None,
            mean => Some(parse_speed(mean, unit)?),
        };
        let gust = match gust {
            None => None,
            Some(gust) => Some(parse_speed(gust, unit)?),
        };
        // A gust below the mean is a garbled group, not a wind.
        if let (Some(speed), Some(gust)) = (speed, gust)
            && gust.rank() < speed.rank()
        {
            return None;
        }
        Some(Self { direction, speed, gust })
    }
}

/// `08`, `105`, `P99`, `P199`. Three digits below 100 are a typing error (`2333004KT` style).
fn parse_speed(text: &str, unit: SpeedUnit) -> Option<Speed> {
    let (number, more_than) = match text.strip_prefix('P') {
        Some(number) => (number, true),
        None => (text, false),
    };
    let value = match number.len() {
        2 => digits(number, 2)?,
        3 => digits(number, 3).filter(|value| *value >= 100)?,
        _ => return None,
    };
    Some(Speed { value: u16::try_from(value).ok()?, unit, more_than })
}

/// `330V070`: the two extremes the direction varies between, clockwise, degrees true.
pub(crate) fn parse_variation(text: &str) -> Option<(u16, u16)> {
    let (from, to) = text.split_once('V')?;
    let degrees = |part| digits(part, 3).filter(|d| *d <= 360).and_then(|d| u16::try_from(d).ok());
    Some((degrees(from)?, degrees(to)?))
}

impl fmt::Display for Wind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.direction {
            Direction::From(degrees) => write!(f, "{degrees:03} degrees ")?,
            Direction::Variable => write!(f, "variable ")?,
            Direction::NotReported => write!(f, "direction not reported ")?,
        }
        match self.speed {
            Some(speed) => write!(f, "{speed}")?,
            None => write!(f, "speed not reported")?,
        }
        match self.gust {
            Some(gust) => write!(f, " gusting {gust}"),
            None => Ok(()),
        }
    }
}
