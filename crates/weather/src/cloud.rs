//! Cloud: `FEW020CB`, `BKN///`, `VV002`, `VV///`, `NSC`, `/OVC014`, `///015`, `//////`.

use std::fmt;

use crate::group::digits;

/// Amount of one layer, in oktas of the sky.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Amount {
    /// 1 to 2 oktas.
    Few,
    /// 3 to 4 oktas.
    Scattered,
    /// 5 to 7 oktas.
    Broken,
    /// 8 oktas.
    Overcast,
}

impl Amount {
    /// The fewest oktas the word can mean.
    pub fn least_oktas(self) -> u8 {
        match self {
            Self::Few => 1,
            Self::Scattered => 3,
            Self::Broken => 5,
            Self::Overcast => 8,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Convection {
    Cumulonimbus,
    ToweringCumulus,
}

/// The four ways to say there is no cloud to report. They are not the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Clear {
    /// NSC: nil significant cloud, none below 5,000 ft or the minimum sector altitude, no CB.
    NoneSignificant,
    /// NCD: an automatic station detected none. It may not see above its range.
    NoneDetected,
    /// SKC: sky clear, by an observer.
    SkyClear,
    /// CLR: none below 12,000 ft by an automatic station (United States, Canada: 10,000 ft).
    ClearBelow,
}

/// One cloud group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cloud {
    Layer {
        /// `None` when the station could not tell (`///015`).
        amount: Option<Amount>,
        /// Feet above the aerodrome. `None` when not measured (`BKN///`).
        base_ft: Option<u32>,
        convection: Option<Convection>,
    },
    /// `VV002`: sky obscured, vertical visibility in feet.
    VerticalVisibility {
        feet: u32,
    },
    /// `VV///`: sky obscured, vertical visibility unknown. Never "no ceiling".
    Obscured,
    Clear(Clear),
    /// `//////`: the cloud system gave nothing.
    NotReported,
}

/// Height of the lowest layer that covers more than half the sky, or vertical visibility.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ceiling {
    /// The sky was reported and nothing in it is a ceiling.
    None,
    /// Feet above the aerodrome. `VV000` is 0.
    At { feet: u32 },
    /// Sky obscured, height unknown. Fails a gate.
    Obscured,
    /// Cloud not reported, or a broken layer without a base. Nothing can be said.
    NotReported,
}

impl fmt::Display for Ceiling {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::None => f.write_str("no ceiling"),
            Self::At { feet } => write!(f, "{feet} ft"),
            Self::Obscured => f.write_str("sky obscured, height unknown"),
            Self::NotReported => f.write_str("not reported"),
        }
    }
}

impl Cloud {
    /// What this group alone says about the ceiling.
    pub fn ceiling_ft(self) -> Ceiling {
        match self {
            Self::Layer { amount: Some(Amount::Few | Amount::Scattered), .. } | Self::Clear(_) => {
                Ceiling::None
            }
            Self::Layer { amount: Some(_), base_ft: Some(feet), .. }
            | Self::VerticalVisibility { feet } => Ceiling::At { feet },
            Self::Layer { .. } | Self::NotReported => Ceiling::NotReported,
            Self::Obscured => Ceiling::Obscured,
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "NSC" => return Some(Self::Clear(Clear::NoneSignificant)),
            "NCD" => return Some(Self::Clear(Clear::NoneDetected)),
            "SKC" => return Some(Self::Clear(Clear::SkyClear)),
            "CLR" => return Some(Self::Clear(Clear::ClearBelow)),
            "VV///" | "VV//" => return Some(Self::Obscured),
            "///" | "//////" | "/////////" => return Some(Self::NotReported),
            _ => {}
        }
        if let Some(height) = text.strip_prefix("VV") {
            return Some(Self::VerticalVisibility { feet: digits(height, 3)? * 100 });
        }
        // `/OVC014`: a lost first group leaves its solidus behind.
        let text = match text.strip_prefix('/') {
            Some(rest) if rest.starts_with(|c: char| c.is_ascii_uppercase()) => rest,
            _ => text,
        };
        let (amount, rest) = text.split_at_checked(3)?;
        let amount = match amount {
            "FEW" => Some(Amount::Few),
            "SCT" => Some(Amount::Scattered),
            "BKN" => Some(Amount::Broken),
            "OVC" => Some(Amount::Overcast),
            "///" => None,
            _ => return None,
        };
        let (base, kind) = rest.split_at_checked(3)?;
        let base_ft = match base {
            "///" => None,
            base => Some(digits(base, 3)? * 100),
        };
        let convection = match kind {
            "" | "///" => None,
            "CB" => Some(Convection::Cumulonimbus),
            "TCU" => Some(Convection::ToweringCumulus),
            _ => return None,
        };
        Some(Self::Layer { amount, base_ft, convection })
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Layer { amount, base_ft, convection } => {
                f.write_str(match amount {
                    Some(Amount::Few) => "few",
                    Some(Amount::Scattered) => "scattered",
                    Some(Amount::Broken) => "broken",
                    Some(Amount::Overcast) => "overcast",
                    None => "cloud of unknown amount",
                })?;
                match base_ft {
                    Some(feet) => write!(f, " at {feet} ft")?,
                    None => f.write_str(" at unknown height")?,
                }
                f.write_str(match convection {
                    Some(Convection::Cumulonimbus) => " (cumulonimbus)",
                    Some(Convection::ToweringCumulus) => " (towering cumulus)",
                    None => "",
                })
            }
            Self::VerticalVisibility { feet } => write!(f, "obscured, seen up to {feet} ft"),
            Self::Obscured => f.write_str("obscured, height unknown"),
            Self::Clear(Clear::NoneSignificant) => f.write_str("no significant cloud"),
            Self::Clear(Clear::NoneDetected) => f.write_str("none detected by automatic station"),
            Self::Clear(Clear::SkyClear) => f.write_str("sky clear"),
            Self::Clear(Clear::ClearBelow) => f.write_str("clear below 12,000 ft"),
            Self::NotReported => f.write_str("cloud not reported"),
        }
    }
}
