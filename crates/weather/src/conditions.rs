//! The four elements a report, a trend and a forecast segment share: wind, visibility, weather
//! and cloud.

use crate::cloud::{Ceiling, Clear, Cloud, Convection};
use crate::group::{Coded, GroupKind, Reader, Why};
use crate::phenomenon::Weather;
use crate::visibility::{self, Distance, PartVisibility, Visibility};
use crate::wind::{self, Wind};

/// Wind, visibility, weather and cloud. What the text leaves out is `None` or empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conditions {
    pub wind: Option<Coded<Wind>>,
    /// `180V240`: the extremes of direction, degrees true.
    pub wind_variation: Option<Coded<(u16, u16)>>,
    /// Prevailing visibility.
    pub visibility: Option<Coded<Visibility>>,
    /// Lowest visibility and visibility by direction, in the order given.
    pub part_visibilities: Vec<Coded<PartVisibility>>,
    /// In the order given. Empty: no significant weather, unless `weather_not_reported`.
    pub weather: Vec<Coded<Weather>>,
    /// NSW: the significant weather ends.
    pub no_significant_weather: Option<Coded<()>>,
    /// `//`: an automatic station could not tell the weather.
    pub weather_not_reported: Option<Coded<()>>,
    /// In the order given. Empty with CAVOK, or when nothing was reported.
    pub clouds: Vec<Coded<Cloud>>,
}

impl Conditions {
    pub fn is_cavok(&self) -> bool {
        matches!(self.visibility.as_deref(), Some(Visibility::Cavok))
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Lowest BKN or OVC layer or vertical visibility. Obscured (`VV///`) wins over all; a layer
    /// that was measured wins over one that was not, see [`Self::cloud_is_partly_unknown`].
    pub fn ceiling_ft(&self) -> Ceiling {
        self.ceiling().0
    }

    /// The ceiling and the group that gives it.
    pub fn ceiling(&self) -> (Ceiling, Option<&Coded<Cloud>>) {
        let rank = |cloud: &&Coded<Cloud>| match cloud.ceiling_ft() {
            Ceiling::Obscured => (0, 0),
            Ceiling::At { feet } => (1, feet),
            Ceiling::NotReported => (2, 0),
            Ceiling::None => (3, 0),
        };
        match self.clouds.iter().min_by_key(rank) {
            Some(cloud) => (cloud.ceiling_ft(), Some(cloud)),
            None if self.is_cavok() => (Ceiling::None, None),
            None => (Ceiling::NotReported, None),
        }
    }

    /// A cloud group without its amount or height: a lower ceiling may be there unseen.
    pub fn cloud_is_partly_unknown(&self) -> Option<&Coded<Cloud>> {
        self.clouds.iter().find(|cloud| cloud.ceiling_ft() == Ceiling::NotReported)
    }

    /// The lowest of prevailing and part visibilities. `None` when the prevailing one is not
    /// reported and no part is.
    pub fn lowest_visibility(&self) -> Option<Coded<Distance>> {
        let prevailing = self.visibility.iter().filter_map(|coded| {
            Some(Coded { value: coded.distance()?, text: coded.text.clone(), at: coded.at })
        });
        let parts = self.part_visibilities.iter().map(|coded| Coded {
            value: coded.distance,
            text: coded.text.clone(),
            at: coded.at,
        });
        prevailing.chain(parts).min_by_key(|coded| coded.value.rank())
    }

    /// These conditions after a change: what the change names replaces, the rest stays.
    pub fn overlaid(&self, change: &Self) -> Self {
        let mut after = self.clone();
        if change.wind.is_some() {
            after.wind.clone_from(&change.wind);
            after.wind_variation.clone_from(&change.wind_variation);
        }
        if let Some(visibility) = &change.visibility {
            if let Some(cavok) = self.visibility.as_ref().filter(|_| self.is_cavok())
                && after.clouds.is_empty()
            {
                // CAVOK ends but its sky stays until a cloud group says otherwise.
                after.clouds.push(Coded {
                    value: Cloud::Clear(Clear::NoneSignificant),
                    text: cavok.text.clone(),
                    at: cavok.at,
                });
            }
            after.visibility = Some(visibility.clone());
            after.part_visibilities.clone_from(&change.part_visibilities);
        }
        let names_weather = !change.weather.is_empty()
            || change.no_significant_weather.is_some()
            || change.weather_not_reported.is_some();
        if names_weather || change.is_cavok() {
            after.weather.clone_from(&change.weather);
            after.no_significant_weather.clone_from(&change.no_significant_weather);
            after.weather_not_reported.clone_from(&change.weather_not_reported);
        }
        if !change.clouds.is_empty() || change.is_cavok() {
            after.clouds.clone_from(&change.clouds);
        }
        after
    }

    /// Reads the current group if it has the form of one of the four elements. A second wind,
    /// a cloud beside CAVOK and the like go to the unknown groups: nothing read is overwritten.
    pub(crate) fn read(&mut self, reader: &mut Reader) -> Option<Element> {
        let text = reader.peek(0)?;
        if let Some(wind) = Wind::parse(text) {
            match self.wind {
                None => self.wind = Some(reader.take(1, GroupKind::Wind, wind)),
                Some(_) => reader.unknown(Why::Repeated),
            }
            return Some(Element::Wind);
        }
        if let Some(extremes) = wind::parse_variation(text) {
            match (&self.wind, &self.wind_variation) {
                (Some(_), None) => {
                    self.wind_variation = Some(reader.take(1, GroupKind::Wind, extremes));
                }
                (None, _) => reader.unknown(Why::OutOfPlace),
                (_, Some(_)) => reader.unknown(Why::Repeated),
            }
            return Some(Element::Wind);
        }
        if let Some((visibility, count)) = visibility::parse(text, reader.peek(1)) {
            self.read_visibility(reader, text, visibility, count);
            return Some(Element::Other);
        }
        if let Some(part) = visibility::parse_part(text) {
            match self.is_cavok() {
                true => reader.unknown(Why::Contradiction),
                false => {
                    self.part_visibilities.push(reader.take(1, GroupKind::Visibility, part));
                }
            }
            return Some(Element::Other);
        }
        if self.read_weather(reader, text) {
            return Some(Element::Other);
        }
        self.read_cloud(reader, text).then_some(Element::Other)
    }

    fn read_visibility(
        &mut self,
        reader: &mut Reader,
        text: &str,
        visibility: Visibility,
        count: usize,
    ) {
        let beside_cavok =
            visibility == Visibility::Cavok && !(self.clouds.is_empty() && self.weather.is_empty());
        match (&self.visibility, visibility::parse_second(text)) {
            (None, _) if beside_cavok => reader.unknown(Why::Contradiction),
            (None, _) => {
                let kind = match visibility {
                    Visibility::Cavok => GroupKind::Cavok,
                    _ => GroupKind::Visibility,
                };
                self.visibility = Some(reader.take(count, kind, visibility));
            }
            (Some(first), Some(second))
                if self.part_visibilities.is_empty()
                    && matches!(first.value, Visibility::Prevailing { distance, .. }
                        if second.distance.rank() < distance.rank()) =>
            {
                self.part_visibilities.push(reader.take(1, GroupKind::Visibility, second));
            }
            (Some(_), _) => (0..count).for_each(|_| reader.unknown(Why::Repeated)),
        }
    }

    fn read_weather(&mut self, reader: &mut Reader, text: &str) -> bool {
        let none_here = text == "NSW";
        let not_reported = text == "//";
        let weather = Weather::parse_group(text);
        if weather.is_none() && !none_here && !not_reported {
            return false;
        }
        let said_none = self.no_significant_weather.is_some()
            || self.weather_not_reported.is_some()
            || self.is_cavok();
        if said_none || ((none_here || not_reported) && !self.weather.is_empty()) {
            reader.unknown(Why::Contradiction);
        } else if none_here {
            self.no_significant_weather = Some(reader.take(1, GroupKind::Weather, ()));
        } else if not_reported {
            self.weather_not_reported = Some(reader.take(1, GroupKind::Weather, ()));
        } else {
            let read = reader.take(1, GroupKind::Weather, weather.unwrap_or_default());
            let Coded { value, text, at } = read;
            self.weather.extend(value.into_iter().map(|value| Coded {
                value,
                text: text.clone(),
                at,
            }));
        }
        true
    }

    fn read_cloud(&mut self, reader: &mut Reader, text: &str) -> bool {
        // `FEW050 CB`: the kind of cloud, a space too far.
        let kind = match text {
            "CB" => Some(Convection::Cumulonimbus),
            "TCU" => Some(Convection::ToweringCumulus),
            _ => None,
        };
        if let (Some(kind), Some(last)) = (kind, self.clouds.last_mut())
            && let Cloud::Layer { convection: convection @ None, .. } = &mut last.value
        {
            *convection = Some(kind);
            reader.take(1, GroupKind::Cloud, ());
            return true;
        }
        let Some(cloud) = Cloud::parse(text) else { return false };
        let says_clear = |cloud: &Cloud| matches!(cloud, Cloud::Clear(_));
        let contradicts = self.is_cavok()
            || self.clouds.iter().any(|coded| says_clear(coded))
            || (says_clear(&cloud) && !self.clouds.is_empty());
        if contradicts {
            reader.unknown(Why::Contradiction);
        } else {
            self.clouds.push(reader.take(1, GroupKind::Cloud, cloud));
        }
        true
    }
}

/// Which element a group belonged to, for the order of a METAR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Element {
    Wind,
    Other,
}

/// A wind or its variation.
pub(crate) fn is_wind(text: &str) -> bool {
    Wind::parse(text).is_some() || wind::parse_variation(text).is_some()
}

/// A form of one of the four elements, wherever it stands.
pub(crate) fn has_form(text: &str) -> bool {
    is_wind(text)
        || visibility::parse(text, None).is_some()
        || visibility::parse_part(text).is_some()
        || Weather::parse_group(text).is_some()
        || Cloud::parse(text).is_some()
        || matches!(text, "NSW" | "//")
}
