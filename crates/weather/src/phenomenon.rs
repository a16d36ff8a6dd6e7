//! Weather groups: `-SHRA`, `+DSSS`, `VCBLDU`, `SA/TSRA`, and the patterns a profile prohibits.
//! Codes: WMO No. 306 Volume I.1, table 4678.

use std::fmt;

/// Intensity of precipitation, storm or funnel cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Intensity {
    Light,
    Moderate,
    Heavy,
}

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $code:literal, $meaning:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $(#[doc = $meaning] $variant,)* }

        impl $name {
            /// Two letters, as coded.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
            /// In words.
            pub fn words(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
            fn from_code(code: &str) -> Option<Self> {
                Some(match code { $($code => Self::$variant,)* _ => return None })
            }
        }
    };
}

codes! {
    /// What qualifies the phenomenon.
    Descriptor {
        Shallow = "MI", "shallow";
        Patches = "BC", "patches of";
        Partial = "PR", "partial";
        LowDrifting = "DR", "low drifting";
        Blowing = "BL", "blowing";
        Showers = "SH", "showers";
        Thunderstorm = "TS", "thunderstorm";
        Freezing = "FZ", "freezing";
    }
}

codes! {
    /// What is in the air.
    Phenomenon {
        Drizzle = "DZ", "drizzle";
        Rain = "RA", "rain";
        Snow = "SN", "snow";
        SnowGrains = "SG", "snow grains";
        IceCrystals = "IC", "ice crystals";
        IcePellets = "PL", "ice pellets";
        Hail = "GR", "hail";
        SmallHail = "GS", "small hail or snow pellets";
        UnknownPrecipitation = "UP", "unknown precipitation";
        Mist = "BR", "mist";
        Fog = "FG", "fog";
        Smoke = "FU", "smoke";
        VolcanicAsh = "VA", "volcanic ash";
        Dust = "DU", "widespread dust";
        Sand = "SA", "sand";
        Haze = "HZ", "haze";
        Spray = "PY", "spray";
        DustWhirls = "PO", "dust or sand whirls";
        Squall = "SQ", "squall";
        FunnelCloud = "FC", "funnel cloud";
        Sandstorm = "SS", "sandstorm";
        Duststorm = "DS", "duststorm";
    }
}

impl Phenomenon {
    fn is_precipitation(self) -> bool {
        use Phenomenon::*;
        matches!(
            self,
            Drizzle
                | Rain
                | Snow
                | SnowGrains
                | IceCrystals
                | IcePellets
                | Hail
                | SmallHail
                | UnknownPrecipitation
        )
    }
}

/// One weather phenomenon, or several in one group (`+DSSS`, `RASN`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Weather {
    pub intensity: Intensity,
    /// Within about 8 to 16 km of the station, not at it.
    pub vicinity: bool,
    pub descriptor: Option<Descriptor>,
    /// As coded, most important first. Empty only for a bare TS or SH.
    pub phenomena: Vec<Phenomenon>,
}

impl Weather {
    /// Short-lived: thunderstorm, shower, squall or funnel cloud with nothing that stays (dust,
    /// sand, fog, mist, haze, smoke, ash). The split the rule for TEMPO needs.
    pub fn is_transient(&self) -> bool {
        use Phenomenon::*;
        let convective =
            matches!(self.descriptor, Some(Descriptor::Thunderstorm | Descriptor::Showers))
                || self.phenomena.iter().any(|p| matches!(p, Squall | FunnelCloud));
        let lasting = |p: &Phenomenon| !p.is_precipitation() && !matches!(p, Squall | FunnelCloud);
        convective && !self.phenomena.iter().any(lasting)
    }

    /// One group as one or more weathers: `SA/TSRA` is two, `DSTS` is two.
    pub(crate) fn parse_group(text: &str) -> Option<Vec<Self>> {
        let mut found = Vec::new();
        for part in text.split('/') {
            found.extend(Self::parse_run(part)?);
        }
        Some(found)
    }

    fn parse_run(text: &str) -> Option<Vec<Self>> {
        let (intensity, rest) = match text.as_bytes().first()? {
            b'-' => (Intensity::Light, &text[1..]),
            b'+' => (Intensity::Heavy, &text[1..]),
            _ => (Intensity::Moderate, text),
        };
        let (vicinity, rest) = match rest.strip_prefix("VC") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let mut codes = pairs(rest)?.peekable();
        let descriptor = codes.peek().and_then(|code| Descriptor::from_code(code));
        if descriptor.is_some() {
            codes.next();
        }
        let mut weather = Self { intensity, vicinity, descriptor, phenomena: Vec::new() };
        let mut found = Vec::new();
        for code in codes {
            // A thunderstorm coded behind a storm of dust: `DSTS`, `DSTSRA`.
            if code == "TS" && !weather.phenomena.is_empty() {
                let next = Self {
                    intensity,
                    vicinity,
                    descriptor: Some(Descriptor::Thunderstorm),
                    phenomena: Vec::new(),
                };
                found.push(std::mem::replace(&mut weather, next));
                continue;
            }
            let phenomenon = Phenomenon::from_code(code)?;
            if weather.phenomena.contains(&phenomenon) || weather.phenomena.len() == 4 {
                return None;
            }
            weather.phenomena.push(phenomenon);
        }
        found.push(weather);
        found.iter().all(Self::is_possible).then_some(found)
    }

    /// Descriptor and phenomena that table 4678 lets stand together.
    fn is_possible(&self) -> bool {
        use Descriptor::*;
        let any = |wanted: &dyn Fn(Phenomenon) -> bool| self.phenomena.iter().any(|p| wanted(*p));
        match self.descriptor {
            None => !self.phenomena.is_empty(),
            Some(Thunderstorm) => true,
            Some(Showers) if self.phenomena.is_empty() => true,
            Some(Showers) => any(&Phenomenon::is_precipitation),
            Some(Freezing) => any(&|p| p.is_precipitation() || p == Phenomenon::Fog),
            Some(Shallow | Patches | Partial) => any(&|p| p == Phenomenon::Fog),
            Some(Blowing | LowDrifting) => any(&|p| {
                use Phenomenon::*;
                matches!(p, Snow | Dust | Sand | Spray)
            }),
        }
    }
}

/// The two-letter codes of `text`; `None` when it is empty, odd or not ASCII letters.
fn pairs(text: &str) -> Option<impl Iterator<Item = &str>> {
    let fits = !text.is_empty()
        && text.len().is_multiple_of(2)
        && text.bytes().all(|byte| byte.is_ascii_uppercase());
    fits.then(|| (0..text.len()).step_by(2).map(move |at| &text[at..at + 2]))
}

impl fmt::Display for Weather {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut words = Vec::new();
        match self.intensity {
            Intensity::Light => words.push("light"),
            Intensity::Moderate => {}
            Intensity::Heavy => words.push("heavy"),
        }
        words.extend(self.descriptor.map(Descriptor::words));
        let phenomena: Vec<_> = self.phenomena.iter().map(|p| p.words()).collect();
        let phenomena = phenomena.join(" and ");
        if !phenomena.is_empty() {
            match self.descriptor {
                Some(Descriptor::Showers) => words.push("of"),
                Some(Descriptor::Thunderstorm) => words.push("with"),
                _ => {}
            }
            words.push(&phenomena);
        }
        if self.vicinity {
            words.push("in the vicinity");
        }
        f.write_str(&words.join(" "))
    }
}

/// Weather a profile prohibits, written as coded: `TS`, `+SS`, `DS`, `BLDU`, `FZRA`, `VCTS`.
///
/// It matches every weather that has all it names, whatever else that has:
/// - `RA` matches `-RA`, `+TSRA`, `RASN` and `VCRA`; `DU` matches `BLDU` and `DRDU`;
/// - `+` matches heavy only; without a sign every intensity matches (`-` matches light only);
/// - `VC` matches the vicinity only; without it, station and vicinity both match.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    intensity: Option<Intensity>,
    weather: Weather,
}

/// A pattern that is not a weather code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a weather code: write it as in a METAR, as TS, +SS, BLDU or FZRA")]
pub struct PatternError(String);

impl Pattern {
    pub fn new(text: &str) -> Result<Self, PatternError> {
        let refuse = || PatternError(text.to_owned());
        let mut found = Weather::parse_run(text).ok_or_else(refuse)?;
        let (Some(weather), true) = (found.pop(), found.is_empty()) else {
            return Err(refuse());
        };
        let intensity = text.starts_with(['+', '-']).then_some(weather.intensity);
        Ok(Self { intensity, weather })
    }

    pub fn matches(&self, weather: &Weather) -> bool {
        let wanted = &self.weather;
        self.intensity.is_none_or(|intensity| intensity == weather.intensity)
            && (!wanted.vicinity || weather.vicinity)
            && wanted.descriptor.is_none_or(|d| weather.descriptor == Some(d))
            && wanted.phenomena.iter().all(|p| weather.phenomena.contains(p))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self.intensity {
            Some(Intensity::Light) => "-",
            Some(Intensity::Heavy) => "+",
            _ => "",
        })?;
        f.write_str(if self.weather.vicinity { "VC" } else { "" })?;
        f.write_str(self.weather.descriptor.map_or("", Descriptor::code))?;
        self.weather.phenomena.iter().try_for_each(|p| f.write_str(p.code()))
    }
}
