//! How late it can be. A device says when something happened, and may say anything.

use jiff::{Span, Timestamp};
use scenario::Operation;

/// After the last night there are still musters, statements and appeals.
const AFTERWARDS_DAYS: i64 = 30;

/// The latest time at which anything can have been received, whatever a device says: now, by this
/// machine's clock, and in an exercise of another time its end. `begun` is when the record was.
pub fn latest(operation: &Operation, begun: Option<Timestamp>, wall: Timestamp) -> Timestamp {
    let last = operation.last_night().saturating_add(Span::new().days(AFTERWARDS_DAYS));
    let end = operation.utc_offset.to_timestamp(last.at(0, 0, 0, 0)).unwrap_or(wall);
    match begun {
        // Set in the future: this machine's clock says nothing about it.
        Some(begun) if wall < begun => end,
        _ => wall.min(end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scenario::Scenario;

    #[test]
    fn it_is_no_later_than_this_machine_or_the_exercise_says() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/hasakah-2026");
        let operation = Scenario::read(folder.as_ref()).unwrap().operation;
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let begun = Some(at("2026-01-10T06:00:00Z"));
        let latest = |wall: &str| latest(&operation, begun, at(wall));
        let during = "2026-01-25T12:00:00Z";
        assert_eq!(latest(during), at(during), "played in earnest");
        let end = latest("2030-01-01T00:00:00Z");
        assert!(end > at("2026-02-15T00:00:00Z") && end < at("2026-04-01T00:00:00Z"), "{end}");
        assert_eq!(latest("2020-01-01T00:00:00Z"), end, "set in the future");
    }
}
