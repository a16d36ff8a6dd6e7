//! Limits, and the answer of a gate: a verdict with every number that led to it.
//!
//! Legal is not safe: a gate shows, a person decides. `Met` means "no limit is crossed in the
//! text", never "go".

use std::fmt;

use crate::cloud::{Ceiling, Cloud};
use crate::group::UnknownGroup;
use crate::phenomenon::{Pattern, Weather};
use crate::visibility::Distance;
use crate::wind::Speed;

/// Limits of one platform and one band (day, night, aided). `None`: not limited.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Minima {
    /// Least ceiling, feet above the aerodrome.
    pub ceiling_ft: Option<u32>,
    /// Least visibility, metres.
    pub visibility_m: Option<u32>,
    /// Most mean wind, knots.
    pub wind_kt: Option<u16>,
    /// Most gust, knots. Where no gust is given the mean wind counts.
    pub gust_kt: Option<u16>,
    /// Weather that closes the gate whatever the numbers.
    pub prohibited: Vec<Pattern>,
}

/// The answer of a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    pub verdict: Verdict,
    /// One for every limit and every part of the text judged, in the order of the text: the
    /// numbers are shown whether they are within or beyond.
    pub reasons: Vec<Reason>,
    /// The worst part of a forecast window; `None` when nothing was judged.
    pub worst: Option<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Every limit is met, on groups that were all read or accepted.
    Met,
    /// A limit is crossed.
    NotMet,
    /// Nothing can be decided from this text: see the reasons.
    Unusable,
}

/// What one limit makes of one part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub finding: Finding,
    pub outcome: Outcome,
    pub place: Place,
    /// The group as coded, where one group gives the finding.
    pub group: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    Within,
    Beyond,
    /// Beyond, but the rule lets it be disregarded (transient weather of a TEMPO): to be seen by
    /// who decides.
    Noted,
    /// Cannot be told.
    Undecided,
}

/// Where in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The report or forecast as a whole.
    Whole,
    /// The observation itself.
    Body,
    /// A trend of a METAR, by its indicator.
    Trend(String),
    /// A part of a forecast, by its indicator, with the span it holds within the window.
    Segment { indicator: String, from: jiff::Timestamp, to: jiff::Timestamp },
}

/// What was found and the limit it was held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    Ceiling {
        found: Ceiling,
        limit_ft: u32,
    },
    /// A cloud group that hides whether a lower ceiling is there.
    CloudPartlyUnknown {
        cloud: Cloud,
        limit_ft: u32,
    },
    Visibility {
        found: Option<Distance>,
        limit_m: u32,
    },
    Wind {
        found: Option<Speed>,
        limit_kt: u16,
    },
    Gust {
        found: Option<Speed>,
        gust_given: bool,
        limit_kt: u16,
    },
    Prohibited {
        weather: Weather,
        pattern: Pattern,
    },
    /// None of the prohibited weather is there.
    NoProhibited {
        patterns: usize,
    },
    /// The weather was not observed, so prohibited weather cannot be excluded.
    WeatherNotReported,
    Unknown {
        group: UnknownGroup,
        accepted: bool,
    },
    Nil,
    Cancelled,
    /// The forecast does not cover the window with its margin.
    NotCovered {
        from: jiff::Timestamp,
        to: jiff::Timestamp,
    },
    /// The window ends before it starts.
    EmptyWindow,
    /// The profile limits nothing: there is no gate to judge.
    NoLimits,
}

impl Judgement {
    pub(crate) fn of(reasons: Vec<Reason>, worst: Option<Place>) -> Self {
        let blocks = |reason: &Reason| {
            matches!(reason.outcome, Outcome::Undecided)
                && !matches!(
                    reason.finding,
                    Finding::Ceiling { .. }
                        | Finding::CloudPartlyUnknown { .. }
                        | Finding::Visibility { .. }
                        | Finding::Wind { .. }
                        | Finding::Gust { .. }
                        | Finding::WeatherNotReported
                )
        };
        let any = |outcome| reasons.iter().any(|reason| reason.outcome == outcome);
        let verdict = if reasons.is_empty() || reasons.iter().any(blocks) {
            Verdict::Unusable
        } else if any(Outcome::Beyond) {
            Verdict::NotMet
        } else if any(Outcome::Undecided) {
            Verdict::Unusable
        } else {
            Verdict::Met
        };
        Self { verdict, reasons, worst }
    }

    /// The reasons that keep the verdict from `Met`.
    pub fn against(&self) -> impl Iterator<Item = &Reason> {
        self.reasons
            .iter()
            .filter(|reason| matches!(reason.outcome, Outcome::Beyond | Outcome::Undecided))
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Met => "minima met",
            Self::NotMet => "minima not met",
            Self::Unusable => "not usable for a gate",
        })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Within => "within",
            Self::Beyond => "BEYOND",
            Self::Noted => "noted, disregarded as transient",
            Self::Undecided => "UNDECIDED",
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("whole text"),
            Self::Body => f.write_str("observed"),
            Self::Trend(indicator) => write!(f, "trend {indicator}"),
            Self::Segment { indicator, from, to } => {
                write!(f, "{indicator} ({} to {})", clock(*from), clock(*to))
            }
        }
    }
}

fn clock(at: jiff::Timestamp) -> String {
    at.strftime("%d %H%MZ").to_string()
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: {}", self.outcome, self.finding)?;
        if let Some(group) = &self.group {
            write!(f, " [{group}]")?;
        }
        write!(f, ", {}", self.place)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Ceiling { found, limit_ft } => {
                write!(f, "ceiling {found}, at least {limit_ft} ft wanted")
            }
            Self::CloudPartlyUnknown { cloud, limit_ft } => {
                write!(f, "{cloud}, ceiling of at least {limit_ft} ft wanted")
            }
            Self::Visibility { found: Some(found), limit_m } => {
                write!(f, "visibility {found}, at least {limit_m} m wanted")
            }
            Self::Visibility { found: None, limit_m } => {
                write!(f, "visibility not reported, at least {limit_m} m wanted")
            }
            Self::Wind { found: Some(found), limit_kt } => {
                write!(f, "mean wind {found}, at most {limit_kt} kt wanted")
            }
            Self::Wind { found: None, limit_kt } => {
                write!(f, "mean wind not reported, at most {limit_kt} kt wanted")
            }
            Self::Gust { found: Some(found), gust_given: true, limit_kt } => {
                write!(f, "gust {found}, at most {limit_kt} kt wanted")
            }
            Self::Gust { found: Some(found), gust_given: false, limit_kt } => {
                write!(f, "no gust given, mean wind {found}, at most {limit_kt} kt wanted")
            }
            Self::Gust { found: None, limit_kt, .. } => {
                write!(f, "gust not reported, at most {limit_kt} kt wanted")
            }
            Self::Prohibited { weather, pattern } => {
                write!(f, "{weather}, prohibited by {pattern}")
            }
            Self::NoProhibited { patterns } => {
                write!(f, "none of {patterns} prohibited kinds of weather")
            }
            Self::WeatherNotReported => {
                f.write_str("weather not reported, prohibited weather cannot be excluded")
            }
            Self::Unknown { group, accepted: false } => {
                write!(f, "unknown group {group}; read the text and accept it, or get another")
            }
            Self::Unknown { group, accepted: true } => {
                write!(f, "unknown group {group}; accepted by a person")
            }
            Self::Nil => f.write_str("NIL: the station sent nothing; ask for another source"),
            Self::Cancelled => f.write_str("the forecast is cancelled; wait for the next"),
            Self::NotCovered { from, to } => write!(
                f,
                "the forecast is valid {} to {}, not all of the window with its margin; \
                 get a later one",
                clock(*from),
                clock(*to)
            ),
            Self::EmptyWindow => f.write_str("the window ends before it starts"),
            Self::NoLimits => f.write_str("the profile sets no limit; choose a profile"),
        }
    }
}
