//! The reference operation reads, and says what was published.

use super::{hasakah, hasakah_dir};
use amana_scenario::route::{length_km, position_along};
use jiff::civil::date;
use std::collections::BTreeSet;

#[test]
fn it_has_no_findings() {
    let report = amana_scenario::check(&hasakah_dir());
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.files, 18);
}

#[test]
fn it_is_as_large_as_published() {
    let s = hasakah();
    assert_eq!(s.operation.nights().count(), 23);
    assert_eq!(s.operation.last_night(), date(2026, 2, 12));
    assert_eq!(s.operation.cohort_size, 7000);
    assert_eq!((s.origins().count(), s.destinations().count()), (5, 3));
    assert_eq!(s.nationalities.iter().map(|n| n.moved).sum::<u32>(), 5704);
    assert_eq!(s.nationalities.iter().filter(|n| n.moved > 0).count(), 61);
    for (figure, n) in [("departed", 150), ("arrived", 144)] {
        assert!(s.published.iter().any(|p| p.subject == figure && p.low == n), "{figure}");
    }
    for row in s.nationalities.iter().filter(|n| n.source != "assumption") {
        let subject = format!("nationality:{}", row.code);
        assert!(
            s.published.iter().any(|p| p.subject == subject && p.low == row.moved),
            "{subject}"
        );
    }
}

#[test]
fn the_receiver_lowers_january_and_raises_february() {
    let s = hasakah();
    let total = |on, from, to| -> u32 {
        let known = s.intake_as_known(on);
        known.iter().filter(|((_, n), _)| (from..=to).contains(n)).map(|(_, people)| people).sum()
    };
    let (start, end) = (s.operation.first_night, s.operation.last_night());
    let (before, after) = (date(2026, 1, 24), date(2026, 1, 25));
    assert_eq!(s.intake_as_known(before).len(), 23 * 3, "a promise for every night at the start");
    assert!(total(before, start, end) > 7000);
    assert_eq!(total(after, date(2026, 1, 25), date(2026, 1, 30)), 6 * 35);
    assert!(total(after, start, end) >= 5704 && total(after, start, end) < 7000);
    let late = date(2026, 2, 7);
    assert!(total(after, late, end) > total(before, late, end));
}

#[test]
fn every_night_has_its_weather() {
    let s = hasakah();
    for night in s.operation.nights() {
        let from = night.at(15, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
        let until = from + jiff::SignedDuration::from_hours(12);
        let stations: BTreeSet<&str> = s
            .weather
            .iter()
            .filter(|r| r.issued >= from && r.issued <= until)
            .map(|r| r.station.as_str())
            .collect();
        assert_eq!(stations.len(), s.operation.stations.len(), "{night}");
    }
    let lost = &s.troubles.lost_night;
    assert!(s.weather.iter().any(|r| r.station == lost.station && r.text.contains(" +DS ")));
}

#[test]
fn a_position_lies_on_the_line() {
    let s = hasakah();
    for leg in &s.legs {
        let (first, last) = (leg.line[0], leg.line[leg.line.len() - 1]);
        assert_eq!(position_along(leg, 0.0), (first.lat, first.lon));
        let end = position_along(leg, 1.0);
        assert!((end.0 - last.lat).abs() < 1e-9 && (end.1 - last.lon).abs() < 1e-9);
        assert_eq!(position_along(leg, 2.0), position_along(leg, 1.0));
        let speed = length_km(leg) / leg.hours;
        assert!(speed > 15.0 && speed < 500.0, "{}: {speed:.0} km/h", leg.id);
    }
    let leg = s.leg("mosul-karkh").unwrap();
    let (lat, _) = position_along(leg, 0.5);
    assert!(lat < 36.34 && lat > 33.26);
    assert!(s.routes.iter().all(|r| s.legs_of(r).count() == r.legs.len()));
}

#[test]
fn vehicles_are_numbered() {
    let s = hasakah();
    let all = s.fleet.vehicles();
    let ids: BTreeSet<_> = all.iter().map(|v| v.id.as_str()).collect();
    assert_eq!(ids.len(), all.len());
    assert!(ids.contains("hasakah-bus-03"));
}
