//! `weather/*.txt` and `published.csv`.

use super::rows::rows;
use super::source::{At, Source};
use crate::operation::Operation;
use crate::published::PublishedFigure;
use crate::weather::{ReportKind, WeatherReport};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Reports of one file. `#` begins a comment line, white space a continuation line.
pub fn reports(file: &Source, operation: Option<&Operation>) -> Option<Vec<WeatherReport>> {
    let mut joined: Vec<(u32, String)> = Vec::new();
    for (n, line) in file.text.lines().enumerate() {
        let line_number = n as u32 + 1;
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        match joined.last_mut() {
            Some((_, text)) if line.starts_with([' ', '\t']) && !text.ends_with('=') => {
                text.push(' ');
                text.push_str(line.trim());
            }
            _ => joined.push((line_number, line.trim_end().to_owned())),
        }
    }
    let mut all = Vec::new();
    for (line, text) in joined {
        match report(&text, operation.map(|o| o.first_night)) {
            Ok(report) => all.push(report),
            Err(what) => {
                let help = "write it as 'METAR ORER 211500Z …=' or 'TAF ORER 211700Z …='";
                file.find(At { line, column: Some(1) }, "not-a-report", what, help);
            }
        }
    }
    Some(all)
}

fn report(text: &str, near: Option<Date>) -> Result<WeatherReport, String> {
    let whole = text.strip_suffix('=').ok_or("the report does not end with '='")?;
    let words: Vec<&str> = whole.split_whitespace().collect();
    let (first, rest) = words.split_first().ok_or("an empty report")?;
    let kind = ReportKind::from_code(first)
        .ok_or_else(|| format!("'{first}' is not METAR, SPECI or TAF"))?;
    // COR and AMD may stand between the kind and the station.
    let rest = match rest.split_first() {
        Some((&("COR" | "AMD"), rest)) => rest,
        _ => rest,
    };
    let [station, issued, ..] = rest else { return Err("no station and time of issue".into()) };
    let is_station = station.len() == 4
        && station.starts_with(|c: char| c.is_ascii_uppercase())
        && station.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    if !is_station {
        return Err(format!("'{station}' is not a station of four capital letters"));
    }
    let issued = time_of_issue(issued, near.unwrap_or(Date::new(2026, 1, 1).unwrap_or(Date::ZERO)))
        .ok_or_else(|| format!("'{issued}' is not a time of issue as 211500Z"))?;
    Ok(WeatherReport { kind, station: (*station).to_owned(), issued, text: words.join(" ") })
}

/// DDHHMMZ in the month that puts it nearest to ten days after `near`.
fn time_of_issue(text: &str, near: Date) -> Option<Timestamp> {
    let digits = text.strip_suffix('Z').filter(|d| d.len() == 6)?;
    let part = |at: usize| digits.get(at..at + 2)?.parse::<i8>().ok();
    let (day, hour, minute) = (part(0)?, part(2)?, part(4)?);
    let middle = near.checked_add(10.days()).ok()?;
    let mut best: Option<(i64, Timestamp)> = None;
    for months in -1..=1 {
        let month = middle.first_of_month().checked_add(months.months()).ok()?;
        let Ok(date) = Date::new(month.year(), month.month(), day) else { continue };
        let at = jiff::civil::Time::new(hour, minute, 0, 0).ok()?;
        let stamp = date.to_datetime(at).to_zoned(TimeZone::UTC).ok()?.timestamp();
        let target = middle.to_zoned(TimeZone::UTC).ok()?.timestamp();
        let off = (stamp.as_second() - target.as_second()).abs();
        if best.is_none_or(|(least, _)| off < least) {
            best = Some((off, stamp));
        }
    }
    best.map(|(_, stamp)| stamp)
}

pub fn published(file: &Source) -> Option<Vec<PublishedFigure>> {
    let mut all = Vec::new();
    for row in rows(file, &["date", "subject", "low", "high", "said_by", "source", "note"]) {
        let (date, subject) = (row.date("date"), row.string("subject"));
        let (low, high) = (row.uint("low"), row.uint("high"));
        let said_by = row.string("said_by");
        let source = row.source();
        if source.as_deref() == Some("assumption") {
            let help = "name where it was published, or take the row out";
            row.file().find(
                row.at("source"),
                "no-source",
                "a published figure cannot be assumed",
                help,
            );
        }
        if let (Some(low), Some(high)) = (low, high)
            && low > high
        {
            let what = format!("low is {low}, above high, {high}");
            row.file().find(row.at("low"), "out-of-range", what, "swap them");
        }
        if let (Some(date), Some(subject), Some(low), Some(high), Some(said_by), Some(source)) =
            (date, subject, low, high, said_by, source)
        {
            let note = row.raw("note").to_owned();
            all.push(PublishedFigure { date, subject, low, high, said_by, source, note });
        }
    }
    Some(all)
}
