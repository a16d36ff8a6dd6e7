//! Reads a METAR or SPECI group by group, in the order of the code form (WMO FM 15, FM 16).

use jiff::{SignedDuration, Timestamp};

use crate::air::{Pressure, Temperature};
use crate::colour::ReportedColour;
use crate::conditions::{self, Conditions, Element};
use crate::group::{GroupKind, ReadError, Reader, Why};
use crate::phenomenon::Weather;
use crate::read_taf::is_indicator;
use crate::report::{ClockTime, Report, ReportKind, Trend, TrendKind};
use crate::runway::{self, RunwayVisualRange};
use crate::time::DayTime;

/// How far a station's clock, or ours, may be off before its time is taken for last month's.
pub(crate) const CLOCK_SLACK: SignedDuration = SignedDuration::from_hours(1);

pub(crate) fn read(text: &str, received: Timestamp) -> Result<Report, ReadError> {
    let mut reader = Reader::new(text)?;
    let mut report = read_header(text, &mut reader, received)?;
    let mut stage = Stage::Wind;
    // After a change indicator that could not be read, what follows belongs to no known time.
    let mut adrift = false;
    while let Some(group) = reader.peek(0) {
        if group == "RMK" {
            report.remarks = Some(reader.take_rest());
        } else if report.nil {
            reader.unknown(Why::OutOfPlace);
        } else if let Some(trend) = read_indicator(&mut reader, group, report.trends.last()) {
            report.trends.push(trend);
            adrift = false;
        } else if is_indicator(group) {
            reader.unknown(Why::Unrecognised);
            adrift = true;
        } else if adrift {
            reader.unknown(Why::OutOfPlace);
        } else if let Some(trend) = report.trends.last_mut() {
            read_trend_group(&mut reader, group, trend);
        } else {
            read_body_group(&mut reader, group, &mut report, &mut stage);
        }
    }
    reader.finish();
    for trend in report.trends.iter().filter(|trend| trend.kind != TrendKind::NoChange) {
        reader.disown_if_empty(&trend.group);
    }
    report.unknown_groups = reader.unknown;
    report.groups = reader.groups;
    Ok(report)
}

fn read_header(text: &str, reader: &mut Reader, received: Timestamp) -> Result<Report, ReadError> {
    let kind = match reader.peek(0) {
        Some("METAR") => ReportKind::Metar,
        Some("SPECI") => ReportKind::Speci,
        _ => ReportKind::NotStated,
    };
    if kind != ReportKind::NotStated {
        reader.take(1, GroupKind::Header, ());
    }
    let mut correction = false;
    if reader.peek(0) == Some("COR") {
        reader.take(1, GroupKind::Header, ());
        correction = true;
    }
    let station = read_station(reader, "METAR or SPECI")?;
    let expected = "day and time as DDHHMMZ";
    let (at, found) = (reader.at(), reader.peek(0).unwrap_or_default());
    let impossible = || ReadError::Impossible { what: "day and time", found: found.to_owned(), at };
    let time = match found.strip_suffix('Z') {
        Some(time) if time.len() == 6 && time.bytes().all(|b| b.is_ascii_digit()) => {
            DayTime::parse_minutes(time).filter(|time| time.hour < 24).ok_or_else(impossible)?
        }
        _ => {
            let found = found.to_owned();
            return Err(ReadError::Header { expected, found, at, report: "METAR or SPECI" });
        }
    };
    let limit = received.checked_add(CLOCK_SLACK).map_err(|_| impossible())?;
    let observed_at = time.last_until(limit).ok_or_else(impossible)?;
    reader.take(1, GroupKind::Header, ());
    let mut report = Report {
        raw: text.to_owned(),
        kind,
        station,
        time,
        observed_at,
        automatic: false,
        correction,
        nil: false,
        conditions: Conditions::default(),
        runway_visual_ranges: Vec::new(),
        temperature: None,
        pressures: Vec::new(),
        recent_weather: Vec::new(),
        wind_shear: Vec::new(),
        colours: Vec::new(),
        trends: Vec::new(),
        remarks: None,
        unknown_groups: Vec::new(),
        groups: Vec::new(),
    };
    while let Some(group) = reader.peek(0) {
        match group {
            "AUTO" => report.automatic = true,
            // RTD: sent late; its time is the observation's.
            "RTD" => {}
            "NIL" => report.nil = true,
            "COR" => report.correction = true,
            _ if is_canadian_correction(group) => report.correction = true,
            _ => break,
        }
        reader.take(1, GroupKind::Header, ());
    }
    Ok(report)
}

/// `CCA`, `CCB`: first, second correction.
fn is_canadian_correction(group: &str) -> bool {
    matches!(group.as_bytes(), [b'C', b'C', b'A'..=b'Z'])
}

pub(crate) fn read_station(reader: &mut Reader, report: &'static str) -> Result<String, ReadError> {
    let found = reader.peek(0).unwrap_or_default();
    let is_station = found.len() == 4
        && found.starts_with(|c: char| c.is_ascii_uppercase())
        && found.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if !is_station {
        let expected = "the station's four characters";
        return Err(ReadError::Header {
            expected,
            found: found.to_owned(),
            at: reader.at(),
            report,
        });
    }
    Ok(reader.take(1, GroupKind::Header, ()).text)
}

/// How far the body has been read. A group of an earlier stage is out of place: that is how a
/// later group can never stand in for the body wind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Wind,
    /// Visibility, runway visual range, weather, cloud: in any order, stations vary.
    Sky,
    Temperature,
    Pressure,
    Supplement,
}

fn read_body_group(reader: &mut Reader, group: &str, report: &mut Report, stage: &mut Stage) {
    if let Some(temperature) = Temperature::parse(group).filter(|_| *stage < Stage::Temperature) {
        report.temperature = Some(reader.take(1, GroupKind::Temperature, temperature));
        *stage = Stage::Temperature;
    } else if let Some(pressure) = Pressure::parse(group) {
        let same_unit =
            |unit: &Pressure| std::mem::discriminant(unit) == std::mem::discriminant(&pressure);
        if report.pressures.iter().any(|read| same_unit(&read.value)) {
            reader.unknown(Why::Repeated);
        } else if *stage > Stage::Pressure {
            reader.unknown(Why::OutOfPlace);
        } else {
            report.pressures.push(reader.take(1, GroupKind::Pressure, pressure));
            *stage = Stage::Pressure;
        }
    } else if let Some(range) = RunwayVisualRange::parse(group).filter(|_| *stage <= Stage::Sky) {
        let range = reader.take(1, GroupKind::RunwayVisualRange, range);
        report.runway_visual_ranges.push(range);
        *stage = Stage::Sky;
    } else if *stage <= Stage::Sky && !is_supplement(reader, group) {
        if conditions::is_wind(group) && *stage == Stage::Sky {
            // A wind after the visibility is not the wind.
            reader.unknown(Why::OutOfPlace);
            return;
        }
        match report.conditions.read(reader) {
            None => reader.unknown(Why::Unrecognised),
            Some(Element::Wind) => {}
            Some(Element::Other) => *stage = Stage::Sky,
        }
    } else {
        read_supplement(reader, group, report, stage);
    }
}

fn is_supplement(reader: &Reader, group: &str) -> bool {
    runway::is_surface(group)
        || ReportedColour::parse(group).is_some()
        || recent(group).is_some()
        || (group == "WS" && shear_length(reader).is_some())
}

fn read_supplement(reader: &mut Reader, group: &str, report: &mut Report, stage: &mut Stage) {
    if let Some(weather) = recent(group) {
        report.recent_weather.push(reader.take(1, GroupKind::RecentWeather, weather));
    } else if group == "RE//" {
        reader.take(1, GroupKind::RecentWeather, ());
    } else if let Some(count) = (group == "WS").then(|| shear_length(reader)).flatten() {
        report.wind_shear.push(reader.take(count, GroupKind::WindShear, ()));
    } else if let Some(colour) = ReportedColour::parse(group) {
        report.colours.push(reader.take(1, GroupKind::Colour, colour));
    } else if runway::is_surface(group) {
        reader.take(1, GroupKind::Surface, ());
    } else {
        let known = conditions::has_form(group) || Temperature::parse(group).is_some();
        reader.unknown(if known { Why::OutOfPlace } else { Why::Unrecognised });
        return;
    }
    *stage = Stage::Supplement;
}

fn recent(group: &str) -> Option<Weather> {
    let mut weather = Weather::parse_group(group.strip_prefix("RE")?)?;
    weather.pop().filter(|_| weather.is_empty())
}

/// `WS R18`, `WS RWY03`, `WS ALL RWY`, `WS LDG RWY07`: how many groups.
fn shear_length(reader: &Reader) -> Option<usize> {
    match (reader.peek(1)?, reader.peek(2)) {
        ("ALL", Some("RWY")) => Some(3),
        ("LDG" | "TKOF", Some(runway)) if runway::is_shear_runway(runway) => Some(3),
        (runway, _) if runway::is_shear_runway(runway) => Some(2),
        _ => None,
    }
}

/// NOSIG, BECMG, TEMPO with the times that follow, or a bare FM: opens a trend.
fn read_indicator(reader: &mut Reader, group: &str, open: Option<&Trend>) -> Option<Trend> {
    let mut trend = Trend {
        kind: TrendKind::NoChange,
        group: crate::group::Coded { value: (), text: String::new(), at: 0 },
        from: None,
        to: None,
        at: None,
        conditions: Conditions::default(),
        colours: Vec::new(),
    };
    let mut count = 1;
    match group {
        "NOSIG" => {}
        "BECMG" => trend.kind = TrendKind::Becoming,
        "TEMPO" | "INTER" => trend.kind = TrendKind::Temporary,
        _ => {
            trend.kind = TrendKind::From;
            let bare = |open: &Trend| open.kind == TrendKind::NoChange;
            if open.is_some_and(bare) {
                return None;
            }
            count = 0;
        }
    }
    if let Some((from, to)) = reader.peek(1).filter(|_| count == 1).and_then(clock_period) {
        // `TEMPO 1300/1430`: the form of Australian trends.
        (trend.from, trend.to) = (Some(from), Some(to));
        count += 1;
    } else if trend.kind != TrendKind::NoChange {
        while let Some((length, indicator, time)) = read_time(reader, count) {
            let slot = match indicator {
                "FM" => &mut trend.from,
                "TL" => &mut trend.to,
                _ => &mut trend.at,
            };
            if slot.replace(time).is_some() {
                break;
            }
            count += length;
        }
    }
    if trend.kind == TrendKind::From && trend.from.is_none() {
        return None;
    }
    trend.group = reader.take(count, GroupKind::Change, ());
    Some(trend)
}

fn clock_period(text: &str) -> Option<(ClockTime, ClockTime)> {
    let (from, to) = text.split_once('/')?;
    Some((ClockTime::parse(from)?, ClockTime::parse(to)?))
}

/// `FM2200`, or `FM 1300` in two groups: how many groups, which indicator, the time.
fn read_time<'a>(reader: &Reader<'a>, ahead: usize) -> Option<(usize, &'a str, ClockTime)> {
    let text = reader.peek(ahead)?;
    let (indicator, time) = text.split_at_checked(2)?;
    if !matches!(indicator, "FM" | "TL" | "AT") {
        return None;
    }
    match time {
        "" => Some((2, indicator, ClockTime::parse(reader.peek(ahead + 1)?)?)),
        time => Some((1, indicator, ClockTime::parse(time)?)),
    }
}

fn read_trend_group(reader: &mut Reader, group: &str, trend: &mut Trend) {
    if trend.kind == TrendKind::NoChange {
        // After NOSIG only what adds to the body: nothing that changes it.
        match runway::is_surface(group) {
            true => drop(reader.take(1, GroupKind::Surface, ())),
            false => reader.unknown(Why::OutOfPlace),
        }
    } else if let Some(colour) = ReportedColour::parse(group) {
        trend.colours.push(reader.take(1, GroupKind::Colour, colour));
    } else if trend.conditions.read(reader).is_none() {
        reader.unknown(Why::Unrecognised);
    }
}
