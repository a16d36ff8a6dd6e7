//! Day and time without month or year, and the rule that finds the instant meant.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::group::digits;

/// Day of the month, hour and minute, UTC, as a report gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DayTime {
    /// 1 to 31.
    pub day: u8,
    /// 0 to 24. 24 is midnight at the end of `day`, only in TAF periods.
    pub hour: u8,
    pub minute: u8,
}

impl DayTime {
    /// `ddhhmm`.
    pub(crate) fn parse_minutes(text: &str) -> Option<Self> {
        digits(text, 6)?;
        Self::checked(&text[..2], &text[2..4], &text[4..])
    }

    /// `ddhh`, hour 24 allowed.
    pub(crate) fn parse_hours(text: &str) -> Option<Self> {
        digits(text, 4)?;
        Self::checked(&text[..2], &text[2..], "00")
    }

    fn checked(day: &str, hour: &str, minute: &str) -> Option<Self> {
        let (day, hour, minute) = (day.parse().ok()?, hour.parse().ok()?, minute.parse().ok()?);
        let possible = (1..=31).contains(&day) && hour <= 24 && minute <= 59;
        (possible && (hour < 24 || minute == 0)).then_some(Self { day, hour, minute })
    }

    /// The last instant with this day and time that is not after `limit`: month and year roll
    /// back, never forward, so a stale report shows its age instead of a time to come.
    pub fn last_until(self, limit: Timestamp) -> Option<Timestamp> {
        self.candidates(limit).filter(|at| *at <= limit).max()
    }

    /// The first instant with this day and time that is not before `from`.
    pub(crate) fn not_before(self, from: Timestamp) -> Option<Timestamp> {
        self.candidates(from).filter(|at| *at >= from).min()
    }

    /// This day and time in the months around `near`, where the month has that day.
    fn candidates(self, near: Timestamp) -> impl Iterator<Item = Timestamp> {
        let first = near.to_zoned(TimeZone::UTC).date().first_of_month();
        (-2..=2).filter_map(move |months| {
            let month = first.checked_add(Span::new().months(months)).ok()?;
            let day = i8::try_from(self.day).ok()?;
            let date = Date::new(month.year(), month.month(), day).ok()?;
            let since_midnight =
                Span::new().hours(i64::from(self.hour)).minutes(i64::from(self.minute));
            let midnight = date.to_zoned(TimeZone::UTC).ok()?.timestamp();
            midnight.checked_add(since_midnight).ok()
        })
    }
}

impl fmt::Display for DayTime {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:02} {:02}{:02}Z", self.day, self.hour, self.minute)
    }
}

/// A span of a forecast, end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    pub from: DayTime,
    pub to: DayTime,
}

impl Period {
    /// `ddhh/ddhh`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('/')?;
        Some(Self { from: DayTime::parse_hours(from)?, to: DayTime::parse_hours(to)? })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} to {}", self.from, self.to)
    }
}
