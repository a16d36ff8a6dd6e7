//! What time it is for the operation, and how late it can be. A device says when something happened,
//! and may say anything.

use jiff::{Span, Timestamp};
use scenario::Operation;

/// By what a node's time goes where nothing is played on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// An operation in earnest: this machine's clock, and no device's word.
    Machine,
    /// An exercise, which may be set at any time: when things happened, but not after its end.
    Exercise { end: Timestamp },
}

/// After the last night there are still musters, statements and appeals.
const AFTERWARDS_DAYS: i64 = 30;

impl Clock {
    pub fn of(operation: &Operation, exercise: bool) -> Self {
        if !exercise {
            return Self::Machine;
        }
        let last = operation.last_night().saturating_add(Span::new().days(AFTERWARDS_DAYS));
        let end = operation.utc_offset.to_timestamp(last.at(0, 0, 0, 0));
        Self::Exercise { end: end.unwrap_or(Timestamp::MAX) }
    }

    /// The operation's time: `recorded` is when the last fact was, which is never taken back.
    pub fn now(self, recorded: Timestamp, wall: Timestamp) -> Timestamp {
        match self {
            Self::Machine => recorded.max(wall),
            Self::Exercise { .. } => recorded,
        }
    }

    /// When what happened then, by its device's word, is received. `begun` is when the record was.
    pub fn received(
        self,
        happened: Timestamp,
        begun: Option<Timestamp>,
        recorded: Timestamp,
        wall: Timestamp,
    ) -> Timestamp {
        let Self::Exercise { end } = self else { return self.now(recorded, wall) };
        // Set in the future: this machine's clock says nothing about it.
        let ahead = begun.is_some_and(|begun| wall < begun);
        let latest = if ahead { end } else { wall.min(end) };
        recorded.max(happened.min(latest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scenario::Scenario;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn clock(exercise: bool) -> Clock {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/hasakah-2026");
        Clock::of(&Scenario::read(folder.as_ref()).unwrap().operation, exercise)
    }

    const BEGUN: &str = "2026-01-10T06:00:00Z";
    const RECORDED: &str = "2026-01-20T06:00:00Z";

    fn received(exercise: bool, happened: &str, wall: &str) -> Timestamp {
        clock(exercise).received(at(happened), Some(at(BEGUN)), at(RECORDED), at(wall))
    }

    /// The last night is that of 12 February 2026.
    #[test]
    fn in_an_exercise_it_is_no_later_than_this_machine_or_its_end_says() {
        let ever = "9999-01-01T00:00:00Z";
        let during = "2026-01-25T12:00:00Z";
        assert_eq!(received(true, ever, during), at(during), "played now");
        let end = received(true, ever, "2030-01-01T00:00:00Z");
        assert!(end > at("2026-02-15T00:00:00Z") && end < at("2026-04-01T00:00:00Z"), "{end}");
        assert_eq!(received(true, ever, "2020-01-01T00:00:00Z"), end, "set in the future");
        assert_eq!(received(true, during, "2030-01-01T00:00:00Z"), at(during));
        assert_eq!(received(true, "2026-01-15T00:00:00Z", during), at(RECORDED), "never back");
        assert_eq!(clock(true).now(at(RECORDED), at(during)), at(RECORDED));
    }

    /// It goes on as long as it goes on: no end of nights stops its clock, and no device moves it.
    #[test]
    fn in_earnest_it_is_what_this_machine_says_however_long_the_operation_lasts() {
        for wall in ["2026-01-25T12:00:00Z", "2026-06-01T00:00:00Z", "2031-01-01T00:00:00Z"] {
            for happened in [BEGUN, "2026-01-21T00:00:00Z", "9999-01-01T00:00:00Z"] {
                assert_eq!(received(false, happened, wall), at(wall), "{happened}");
            }
            assert_eq!(clock(false).now(at(RECORDED), at(wall)), at(wall));
        }
        let back = "2025-12-31T00:00:00Z";
        assert_eq!(received(false, "9999-01-01T00:00:00Z", back), at(RECORDED), "never back");
    }
}
