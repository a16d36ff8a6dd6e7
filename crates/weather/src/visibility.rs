//! Horizontal visibility: `4000`, `9999`, `CAVOK`, `1200NE`, `M0400`, `P6000`, `2 1/2SM`, `P6SM`.

use std::fmt;

use crate::group::digits;

/// A distance as coded, kept in metres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Distance {
    /// Metres. Statute miles are rounded down, so that rounding never opens a gate.
    pub metres: u32,
    pub bound: Bound,
    /// Sixteenths of a statute mile when coded in miles, for display.
    pub mile_sixteenths: Option<u32>,
}

/// How a coded number bounds the true one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bound {
    Exact,
    /// `M`: less than the number.
    LessThan,
    /// `P`, or 9999: the number or more.
    AtLeast,
}

impl Distance {
    pub fn metres(metres: u32) -> Self {
        Self { metres, bound: Bound::Exact, mile_sixteenths: None }
    }

    /// Below a limit in metres. `M0400` is below 400; `9999` is 10 km or more.
    pub fn is_below(self, limit_m: u32) -> bool {
        self.metres < limit_m || (self.bound == Bound::LessThan && self.metres <= limit_m)
    }

    /// Statute miles, for agreement with sources in miles.
    pub fn miles(self) -> f64 {
        match self.mile_sixteenths {
            Some(sixteenths) => f64::from(sixteenths) / 16.0,
            None => f64::from(self.metres) / 1_609.344,
        }
    }

    fn in_miles(sixteenths: u32, bound: Bound) -> Self {
        // 1,609.344 m a mile; u64 because the product passes 32 bits.
        let metres = u64::from(sixteenths) * 1_609_344 / 16_000;
        let metres = u32::try_from(metres).unwrap_or(u32::MAX);
        Self { metres, bound, mile_sixteenths: Some(sixteenths) }
    }

    pub(crate) fn rank(self) -> (u32, bool) {
        (self.metres, self.bound != Bound::LessThan)
    }
}

impl fmt::Display for Distance {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let bound = match self.bound {
            Bound::Exact => "",
            Bound::LessThan => "less than ",
            Bound::AtLeast => "at least ",
        };
        write!(f, "{bound}{} m", self.metres)?;
        match self.mile_sixteenths {
            Some(sixteenths) => write!(f, " ({} SM)", f64::from(sixteenths) / 16.0),
            None => Ok(()),
        }
    }
}

/// Visibility near the ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Ceiling and visibility OK: 10 km or more, no cloud below 5,000 ft or the highest minimum
    /// sector altitude, no CB or TCU, no significant weather (ICAO Annex 3, Appendix 3, 2.2).
    Cavok,
    /// Prevailing visibility. `ndv`: an automatic station that cannot see direction.
    Prevailing { distance: Distance, ndv: bool },
    /// Solidi: the station could not give it.
    NotReported,
}

impl Visibility {
    /// `None` when not reported. CAVOK is at least 10,000 m.
    pub fn distance(self) -> Option<Distance> {
        match self {
            Self::Cavok => {
                Some(Distance { metres: 10_000, bound: Bound::AtLeast, mile_sixteenths: None })
            }
            Self::Prevailing { distance, .. } => Some(distance),
            Self::NotReported => None,
        }
    }
}

impl fmt::Display for Visibility {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Cavok => f.write_str("CAVOK"),
            Self::Prevailing { distance, ndv: false } => write!(f, "{distance}"),
            Self::Prevailing { distance, ndv: true } => write!(f, "{distance}, direction unseen"),
            Self::NotReported => f.write_str("not reported"),
        }
    }
}

/// The lowest visibility, or visibility in one direction: `1200NE`; `2300` after the prevailing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartVisibility {
    pub distance: Distance,
    /// `None`: lowest, its direction not stated.
    pub toward: Option<Compass>,
}

/// Eight points of the compass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compass {
    N,
    NE,
    E,
    SE,
    S,
    SW,
    W,
    NW,
}

impl Compass {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "N" => Self::N,
            "NE" => Self::NE,
            "E" => Self::E,
            "SE" => Self::SE,
            "S" => Self::S,
            "SW" => Self::SW,
            "W" => Self::W,
            "NW" => Self::NW,
            _ => return None,
        })
    }
}

pub(crate) fn parse_part(text: &str) -> Option<PartVisibility> {
    let (metres, toward) = text.split_at_checked(4)?;
    let distance = parse_metres(metres)?;
    Some(PartVisibility { distance, toward: Some(Compass::parse(toward)?) })
}

/// A prevailing visibility and how many groups it took (`2 1/2SM` takes two).
pub(crate) fn parse(text: &str, following: Option<&str>) -> Option<(Visibility, usize)> {
    if text == "CAVOK" {
        return Some((Visibility::Cavok, 1));
    }
    if matches!(text, "////" | "////SM" | "//SM" | "////NDV") {
        return Some((Visibility::NotReported, 1));
    }
    let whole = if text.len() <= 2 { digits(text, text.len()) } else { None };
    if let (Some(whole @ 1..), Some(following)) = (whole, following)
        && let Some(fraction) = following.strip_suffix("SM").and_then(sixteenths_of_fraction)
    {
        let distance = Distance::in_miles(whole * 16 + fraction, Bound::Exact);
        return Some((Visibility::Prevailing { distance, ndv: false }, 2));
    }
    let (text, ndv) = match text.strip_suffix("NDV") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let (number, bound) = match text.as_bytes().first()? {
        b'M' => (&text[1..], Bound::LessThan),
        b'P' => (&text[1..], Bound::AtLeast),
        _ => (text, Bound::Exact),
    };
    let distance = match number.strip_suffix("SM") {
        Some(miles) if miles.contains('/') => {
            Distance::in_miles(sixteenths_of_mixed(miles)?, bound)
        }
        Some(miles) => Distance::in_miles(whole_miles(miles)? * 16, bound),
        None if bound == Bound::Exact => parse_metres(number)?,
        None => Distance { bound, ..Distance::metres(digits(number, 4)?) },
    };
    Some((Visibility::Prevailing { distance, ndv }, 1))
}

/// The lowest visibility given second, without direction: `9000 2300`.
pub(crate) fn parse_second(text: &str) -> Option<PartVisibility> {
    Some(PartVisibility { distance: parse_metres(text)?, toward: None })
}

fn parse_metres(text: &str) -> Option<Distance> {
    Some(match digits(text, 4)? {
        9_999 => Distance { metres: 10_000, bound: Bound::AtLeast, mile_sixteenths: None },
        metres => Distance::metres(metres),
    })
}

/// `3`, `15`; three figures are met with on mountains (`120SM`).
fn whole_miles(text: &str) -> Option<u32> {
    match text.len() {
        1 | 2 => digits(text, text.len()),
        _ => digits(text, 3).filter(|miles| *miles >= 100),
    }
}

/// `1/2`, or `11/2`: one and a half whose space was lost, as Canadian TAFs are relayed. The code
/// has no improper fractions, and the reading taken is the lower of the two.
fn sixteenths_of_mixed(text: &str) -> Option<u32> {
    if let Some(fraction) = sixteenths_of_fraction(text) {
        return Some(fraction);
    }
    let (whole, fraction) = text.split_at_checked(1)?;
    let whole = digits(whole, 1).filter(|whole| *whole > 0)?;
    Some(whole * 16 + sixteenths_of_fraction(fraction)?)
}

/// `1/2`, `3/4`, `5/16`: proper fractions only.
fn sixteenths_of_fraction(text: &str) -> Option<u32> {
    let (over, under) = text.split_once('/')?;
    let over = digits(over, over.len()).filter(|_| over.len() <= 2)?;
    let under = digits(under, under.len()).filter(|_| under.len() <= 2)?;
    let proper = over > 0 && over < under && matches!(under, 2 | 4 | 8 | 16);
    proper.then(|| over * 16 / under)
}
