//! Runway visual range (`R34/0250U`) and the groups of ground and sea that are read as a form.

use std::fmt;

use crate::group::digits;

/// Runway visual range. Kept and shown; no minimum is set on it here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RunwayVisualRange {
    /// As coded: `34`, `24L`.
    pub runway: String,
    /// Lowest and highest of a variation; equal when a single value is given. `None`: `////`.
    pub range: Option<(RangeValue, RangeValue)>,
    pub tendency: Option<Tendency>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RangeValue {
    /// Metres; feet are rounded down to metres.
    pub metres: u32,
    /// `M`: below the least the instrument reads; `P`: above the most.
    pub bound: crate::visibility::Bound,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tendency {
    Upward,
    Downward,
    NoChange,
}

impl RunwayVisualRange {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (runway, rest) = text.strip_prefix('R')?.split_once('/')?;
        if !is_runway(runway) {
            return None;
        }
        let (rest, tendency) = match rest.as_bytes().last()? {
            b'U' => (&rest[..rest.len() - 1], Some(Tendency::Upward)),
            b'D' => (&rest[..rest.len() - 1], Some(Tendency::Downward)),
            b'N' => (&rest[..rest.len() - 1], Some(Tendency::NoChange)),
            _ => (rest, None),
        };
        if matches!(rest, "////" | "/////" | "//////") {
            return Some(Self { runway: runway.to_owned(), range: None, tendency });
        }
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (rest, feet) = match rest.strip_suffix("FT") {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let (low, high) = rest.split_once('V').unwrap_or((rest, rest));
        let range = Some((RangeValue::parse(low, feet)?, RangeValue::parse(high, feet)?));
        Some(Self { runway: runway.to_owned(), range, tendency })
    }
}

impl RangeValue {
    fn parse(text: &str, feet: bool) -> Option<Self> {
        use crate::visibility::Bound;
        let (number, bound) = match text.as_bytes().first()? {
            b'M' => (&text[1..], Bound::LessThan),
            b'P' => (&text[1..], Bound::AtLeast),
            _ => (text, Bound::Exact),
        };
        let value = digits(number, 4)?;
        let metres = if feet { value * 3_048 / 10_000 } else { value };
        Some(Self { metres, bound })
    }
}

impl fmt::Display for RunwayVisualRange {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "runway {} visual range ", self.runway)?;
        match self.range {
            None => f.write_str("not reported"),
            Some((low, high)) if low == high => write!(f, "{} m", low.metres),
            Some((low, high)) => write!(f, "{} to {} m", low.metres, high.metres),
        }
    }
}

fn is_runway(text: &str) -> bool {
    let (number, side) = text.split_at_checked(2).unwrap_or(("", ""));
    digits(number, 2).is_some() && matches!(side, "" | "L" | "C" | "R" | "LL" | "RR")
}

/// State of a runway (`R28/190068`, `R13/CLRD//`, `R/SNOCLO`), sea (`W15/S4`), rainfall
/// (`RF00.0/000.0`).
pub(crate) fn is_surface(text: &str) -> bool {
    if matches!(text, "SNOCLO" | "R/SNOCLO") {
        return true;
    }
    let digit_or_solidus = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || b == b'/');
    if let Some((runway, state)) = text.strip_prefix('R').and_then(|rest| rest.split_once('/'))
        && is_runway(runway)
    {
        let cleared = state.strip_prefix("CLRD");
        return state == "SNOCLO"
            || cleared.is_some_and(|rest| rest.len() <= 2 && digit_or_solidus(rest))
            || (state.len() == 6 && digit_or_solidus(state));
    }
    if let Some(rest) = text.strip_prefix('W') {
        let rest = rest.strip_prefix('M').unwrap_or(rest);
        let (temperature, sea) = rest.split_at_checked(2).unwrap_or(("", ""));
        let height = sea.strip_prefix("/S").or_else(|| sea.strip_prefix("/H"));
        return temperature.len() == 2
            && digit_or_solidus(temperature)
            && height.is_some_and(|h| (1..=3).contains(&h.len()) && digit_or_solidus(h));
    }
    if let Some((ten_minutes, day)) = text.strip_prefix("RF").and_then(|rest| rest.split_once('/'))
    {
        let amount = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'/'))
        };
        return amount(ten_minutes) && amount(day);
    }
    false
}

/// `RWY18`, `R18L`: the runway of a wind shear group.
pub(crate) fn is_shear_runway(text: &str) -> bool {
    let runway = text.strip_prefix("RWY").or_else(|| text.strip_prefix('R'));
    runway.is_some_and(is_runway)
}
