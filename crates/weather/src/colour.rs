//! FAA flight category and NATO colour state: two short words for ceiling and visibility.

use std::fmt;

use crate::cloud::{Ceiling, Cloud};
use crate::conditions::Conditions;
use crate::visibility::Distance;

/// FAA flight category, worst of ceiling and visibility (FAA AIM 7-1-7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FlightCategory {
    /// Below 500 ft or below 1 SM.
    Lifr,
    /// Below 1,000 ft or below 3 SM.
    Ifr,
    /// 1,000 to 3,000 ft, or 3 to 5 SM.
    Mvfr,
    /// Above 3,000 ft and above 5 SM.
    Vfr,
}

/// `None` when visibility or cloud was not reported. An obscured sky is LIFR.
pub fn faa_category(conditions: &Conditions) -> Option<FlightCategory> {
    use FlightCategory::*;
    let visibility = match conditions.visibility.as_ref()?.distance()? {
        // 1, 3 and 5 statute miles in metres, rounded down as the readings are.
        below if below.is_below(1_609) => Lifr,
        below if below.is_below(4_828) => Ifr,
        Distance { metres: ..=8_046, .. } => Mvfr,
        _ => Vfr,
    };
    let ceiling = match conditions.ceiling_ft() {
        Ceiling::None => Vfr,
        Ceiling::Obscured => Lifr,
        Ceiling::NotReported => return None,
        Ceiling::At { feet: ..500 } => Lifr,
        Ceiling::At { feet: ..1_000 } => Ifr,
        Ceiling::At { feet: ..=3_000 } => Mvfr,
        Ceiling::At { .. } => Vfr,
    };
    Some(visibility.min(ceiling))
}

impl fmt::Display for FlightCategory {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Lifr => "LIFR",
            Self::Ifr => "IFR",
            Self::Mvfr => "MVFR",
            Self::Vfr => "VFR",
        })
    }
}

/// NATO colour state of an airfield. BLACK (runway unusable) is for the airfield to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ColourState {
    Red,
    Amber,
    Yellow2,
    Yellow1,
    Green,
    White,
    Blue,
}

/// Least cloud that counts for a colour state: States differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloudFrom {
    /// SCT and more.
    ThreeOktas,
    /// BKN and more.
    FiveOktas,
}

/// Least cloud base in feet and least visibility in metres, best first.
const COLOURS: [(ColourState, u32, u32); 6] = [
    (ColourState::Blue, 2_500, 8_000),
    (ColourState::White, 1_500, 5_000),
    (ColourState::Green, 700, 3_700),
    (ColourState::Yellow1, 500, 2_500),
    (ColourState::Yellow2, 300, 1_600),
    (ColourState::Amber, 200, 800),
];

/// The colour state of ceiling and visibility, the worse of the two. `None` when either was not
/// reported in full. An obscured sky is red.
pub fn colour_state(conditions: &Conditions, from: CloudFrom) -> Option<ColourState> {
    let least_oktas = match from {
        CloudFrom::ThreeOktas => 3,
        CloudFrom::FiveOktas => 5,
    };
    let visibility = conditions.lowest_visibility()?.value;
    conditions.visibility.as_ref()?.distance()?;
    if conditions.clouds.is_empty() && !conditions.is_cavok() {
        return None;
    }
    let mut lowest_ft = u32::MAX;
    for cloud in &conditions.clouds {
        match cloud.value {
            Cloud::Obscured => return Some(ColourState::Red),
            Cloud::VerticalVisibility { feet } => lowest_ft = lowest_ft.min(feet),
            Cloud::Layer { amount: Some(amount), .. } if amount.least_oktas() < least_oktas => {}
            Cloud::Layer { amount: Some(_), base_ft: Some(feet), .. } => {
                lowest_ft = lowest_ft.min(feet);
            }
            Cloud::Layer { .. } | Cloud::NotReported => return None,
            Cloud::Clear(_) => {}
        }
    }
    let fits = |(_, base_ft, metres): &&(ColourState, u32, u32)| {
        lowest_ft >= *base_ft && !visibility.is_below(*metres)
    };
    Some(COLOURS.iter().find(fits).map_or(ColourState::Red, |(colour, ..)| *colour))
}

impl fmt::Display for ColourState {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Red => "RED",
            Self::Amber => "AMB",
            Self::Yellow2 => "YLO2",
            Self::Yellow1 => "YLO1",
            Self::Green => "GRN",
            Self::White => "WHT",
            Self::Blue => "BLU",
        })
    }
}

/// A colour state as a station reports it: `GRN`, `BLACKYLO2`, `YLO`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReportedColour {
    /// BLACK: the runway cannot be used for a reason other than weather.
    pub black: bool,
    /// `None` for a bare BLACK. `YLO`, where yellow is not divided, is the worse half.
    pub colour: Option<ColourState>,
}

impl ReportedColour {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (rest, black) = match text.strip_prefix("BLACK") {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let colour = match rest {
            "" if black => None,
            "BLU" | "BLU+" => Some(ColourState::Blue),
            "WHT" => Some(ColourState::White),
            "GRN" => Some(ColourState::Green),
            "YLO1" => Some(ColourState::Yellow1),
            "YLO" | "YLO2" => Some(ColourState::Yellow2),
            "AMB" => Some(ColourState::Amber),
            "RED" => Some(ColourState::Red),
            _ => return None,
        };
        Some(Self { black, colour })
    }
}
