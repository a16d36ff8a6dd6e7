//! Reads a TAF group by group (WMO FM 51), with the forms the Americas and the military add.

use jiff::{SignedDuration, Timestamp};

use crate::air::{ForecastTemperature, Pressure};
use crate::conditions::Conditions;
use crate::group::{GroupKind, ReadError, Reader, Why, digits};
use crate::read_report::{CLOCK_SLACK, read_station};
use crate::taf::{Change, ChangeKind, Taf, TafStatus, Validity};
use crate::time::{DayTime, Period};
use crate::wind::Wind;

/// How long before its validity a forecast may arrive. It is issued at most six hours ahead
/// (ICAO Annex 3, 6.2); the rest is for clocks and for text relayed by hand.
const AHEAD: SignedDuration = SignedDuration::from_hours(12);

pub(crate) fn read(text: &str, received: Timestamp) -> Result<Taf, ReadError> {
    let mut reader = Reader::new(text)?;
    let mut taf = read_header(text, &mut reader, received)?;
    // After a change indicator that could not be read, what follows belongs to no known time.
    let mut adrift = false;
    while let Some(group) = reader.peek(0) {
        if group == "RMK" {
            taf.remarks = Some(reader.take_rest());
        } else if taf.status != TafStatus::Forecast {
            reader.unknown(Why::OutOfPlace);
        } else if let Some(count) = note_length(&reader) {
            reader.take(count, GroupKind::Remark, ());
        } else if let Some(change) = read_indicator(&mut reader, &taf) {
            taf.changes.push(change);
            adrift = false;
        } else if is_indicator(group) {
            reader.unknown(Why::Unrecognised);
            adrift = true;
        } else if adrift {
            reader.unknown(Why::OutOfPlace);
        } else {
            read_group(&mut reader, group, &mut taf);
        }
    }
    reader.finish();
    for change in &taf.changes {
        reader.disown_if_empty(&change.group);
    }
    taf.unknown_groups = reader.unknown;
    taf.groups = reader.groups;
    Ok(taf)
}

fn read_header(text: &str, reader: &mut Reader, received: Timestamp) -> Result<Taf, ReadError> {
    let (mut amendment, mut correction) = (false, false);
    while let Some(group @ ("TAF" | "AMD" | "COR" | "RTD")) = reader.peek(0) {
        amendment |= group == "AMD";
        correction |= group == "COR";
        reader.take(1, GroupKind::Header, ());
    }
    let station = read_station(reader, "TAF")?;
    let issued = reader.peek(0).and_then(|g| DayTime::parse_minutes(g.strip_suffix('Z')?));
    if issued.is_some() {
        reader.take(1, GroupKind::Header, ());
    }
    let limit = received.checked_add(CLOCK_SLACK).unwrap_or(received);
    let issued_at = issued.and_then(|time| time.last_until(limit));
    let mut taf = Taf {
        raw: text.to_owned(),
        station,
        amendment,
        correction,
        issued,
        issued_at,
        status: TafStatus::Forecast,
        validity: None,
        initial: Conditions::default(),
        changes: Vec::new(),
        temperatures: Vec::new(),
        remarks: None,
        unknown_groups: Vec::new(),
        groups: Vec::new(),
    };
    if reader.peek(0) == Some("NIL") {
        reader.take(1, GroupKind::Header, ());
        taf.status = TafStatus::Missing;
        return Ok(taf);
    }
    taf.validity = Some(read_validity(reader, received)?);
    match reader.peek(0) {
        Some("CNL") => taf.status = TafStatus::Cancelled,
        Some("NIL") => taf.status = TafStatus::Missing,
        _ => return Ok(taf),
    }
    reader.take(1, GroupKind::Header, ());
    Ok(taf)
}

fn read_validity(reader: &mut Reader, received: Timestamp) -> Result<Validity, ReadError> {
    let (at, found) = (reader.at(), reader.peek(0).unwrap_or_default());
    let is_form = found
        .split_once('/')
        .is_some_and(|(from, to)| digits(from, 4).is_some() && digits(to, 4).is_some());
    if !is_form {
        let expected = "the period of validity as DDHH/DDHH";
        let found = found.to_owned();
        return Err(ReadError::Header { expected, found, at, report: "TAF" });
    }
    let what = "period of validity (up to 30 hours)";
    let impossible = || ReadError::Impossible { what, found: found.to_owned(), at };
    let period = Period::parse(found).ok_or_else(impossible)?;
    let limit = received.checked_add(AHEAD).map_err(|_| impossible())?;
    let from = period.from.last_until(limit).ok_or_else(impossible)?;
    let to = period.to.not_before(from).ok_or_else(impossible)?;
    // 30 hours is the longest a TAF may be; two more for amended ends.
    let hours = to.duration_since(from).as_hours();
    if !(1..=32).contains(&hours) {
        return Err(impossible());
    }
    Ok(Validity { period: reader.take(1, GroupKind::Header, period), from, to })
}

/// FM, BECMG, TEMPO and PROB with their times. `None` when it is not one, or its period does not
/// fit the validity: then the group stays unknown, and so does the period.
fn read_indicator(reader: &mut Reader, taf: &Taf) -> Option<Change> {
    let validity = taf.validity.as_ref()?;
    let (kind, count, from, to) = match reader.peek(0)? {
        "BECMG" => with_period(reader, 1, ChangeKind::Becoming, validity)?,
        "TEMPO" | "INTER" => with_period(reader, 1, ChangeKind::Temporary, validity)?,
        prob @ ("PROB30" | "PROB40") => {
            let percent = if prob == "PROB30" { 30 } else { 40 };
            let temporary = matches!(reader.peek(1), Some("TEMPO" | "INTER"));
            let kind = ChangeKind::Probable { percent, temporary };
            with_period(reader, if temporary { 2 } else { 1 }, kind, validity)?
        }
        from => {
            let at = DayTime::parse_minutes(from.strip_prefix("FM")?)?.not_before(validity.from)?;
            let in_order = taf.changes.iter().rev().find(|c| c.kind == ChangeKind::From);
            if at > validity.to || in_order.is_some_and(|earlier| at <= earlier.from) {
                return None;
            }
            (ChangeKind::From, 1, at, at)
        }
    };
    let group = reader.take(count, GroupKind::Change, ());
    Some(Change { kind, group, from, to, conditions: Conditions::default() })
}

/// Looks like the start of a change, whether or not its time can be read.
pub(crate) fn is_indicator(group: &str) -> bool {
    matches!(group, "BECMG" | "TEMPO" | "INTER")
        || group.starts_with("PROB")
        || group.strip_prefix("FM").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
}

fn with_period(
    reader: &Reader,
    ahead: usize,
    kind: ChangeKind,
    validity: &Validity,
) -> Option<(ChangeKind, usize, Timestamp, Timestamp)> {
    let period = Period::parse(reader.peek(ahead)?)?;
    // Amendments keep groups that began up to a few hours before the new validity.
    let earliest = validity.from.checked_sub(SignedDuration::from_hours(3)).ok()?;
    let from = period.from.not_before(earliest)?;
    let to = period.to.not_before(from)?;
    let fits = from < validity.to && to > from && to.duration_since(from).as_hours() <= 33;
    fits.then_some((kind, ahead + 1, from, to))
}

fn read_group(reader: &mut Reader, group: &str, taf: &mut Taf) {
    let conditions = match taf.changes.last_mut() {
        Some(change) => &mut change.conditions,
        None => &mut taf.initial,
    };
    if let Some(temperature) = ForecastTemperature::parse(group) {
        taf.temperatures.push(reader.take(1, GroupKind::Temperature, temperature));
    } else if group.starts_with("QNH") && Pressure::parse(group).is_some() {
        reader.take(1, GroupKind::Pressure, ());
    } else if is_wind_shear(group) {
        reader.take(1, GroupKind::WindShear, ());
    } else if is_hazard(group) {
        reader.take(1, GroupKind::Hazard, ());
    } else if conditions.read(reader).is_none() {
        reader.unknown(Why::Unrecognised);
    }
}

/// `WS020/24045KT`: height in hundreds of feet and the wind there.
fn is_wind_shear(group: &str) -> bool {
    let parts = group.strip_prefix("WS").and_then(|rest| rest.split_once('/'));
    parts.is_some_and(|(height, wind)| {
        digits(height, 3).is_some() && Wind::parse(wind).is_some_and(|wind| wind.speed.is_some())
    })
}

/// `620304` icing, `510005` turbulence: kind, base in hundreds of feet, depth in thousands.
fn is_hazard(group: &str) -> bool {
    let height = group.strip_prefix(['5', '6']).and_then(|rest| rest.split_at_checked(1));
    height.is_some_and(|(kind, rest)| {
        digits(kind, 1).is_some() && (rest == "////" || digits(rest, 4).is_some())
    })
}

/// Amendment notes: `AMD 1515`, `LAST NO AMDS AFT 1215 NEXT 1709`, `AMD LTD TO CLD VIS AND WIND`.
fn note_length(reader: &Reader) -> Option<usize> {
    let is_time = |ahead| {
        reader.peek(ahead).is_some_and(|g| digits(g, 4).is_some() || digits(g, 6).is_some())
    };
    match (reader.peek(0)?, reader.peek(1)) {
        ("AMD", Some("LTD")) => {
            let words = ["AMD", "LTD", "TO", "CLD", "VIS", "AND", "WIND"];
            Some((0..).take_while(|i| reader.peek(*i).is_some_and(|g| words.contains(&g))).count())
        }
        ("AMD" | "AMDS", _) if is_time(1) => Some(2),
        ("LAST", Some("NO")) if reader.peek(2) == Some("AMDS") => {
            let after = if reader.peek(3) == Some("AFT") && is_time(4) { 5 } else { 3 };
            let next = reader.peek(after) == Some("NEXT") && is_time(after + 1);
            let bare = after == 3 && is_time(3);
            Some(after + if next { 2 } else { usize::from(bare) })
        }
        _ => None,
    }
}
