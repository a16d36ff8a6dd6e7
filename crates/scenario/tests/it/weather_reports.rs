//! The synthetic reports as the weather crate reads them, against the scenario's own minima.

use super::hasakah;
use amana_scenario::{ReportKind, Scenario};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use weather::{Report, Taf, Verdict, judge, judge_forecast};

/// The hours that cover is promised for, in UTC.
fn window(s: &Scenario, night: Date) -> (Timestamp, Timestamp) {
    let cover = s.cover.iter().find(|c| c.night == night).unwrap();
    let from = s.operation.utc_offset.to_timestamp(night.to_datetime(cover.from)).unwrap();
    (from, from + SignedDuration::from_mins(30 * i64::from(cover.slots)))
}

#[test]
fn one_night_is_lost_and_one_in_part_and_no_other() {
    let s = hasakah();
    let air = s.operation.air_minima.for_gate();
    let mut below = Vec::new();
    for night in s.operation.nights() {
        let (from, to) = window(&s, night);
        let reports = s.weather.iter().filter(|r| r.kind != ReportKind::Taf);
        for r in
            reports.filter(|r| r.issued >= from - SignedDuration::from_hours(2) && r.issued <= to)
        {
            let report =
                Report::parse(&r.text, r.issued).unwrap_or_else(|e| panic!("{}: {e}", r.text));
            match judge(&report, &air).verdict {
                Verdict::Met => {}
                Verdict::NotMet => below.push(night),
                Verdict::Unusable => panic!("{} is not usable", r.text),
            }
        }
    }
    below.dedup();
    assert_eq!(below, [date(2026, 2, 3), date(2026, 2, 4)]);
}

#[test]
fn the_forecast_for_the_lost_night_was_good_enough() {
    let s = hasakah();
    let air = s.operation.air_minima.for_gate();
    let lost = &s.troubles.lost_night;
    let (from, to) = window(&s, lost.night);
    let evening_before = from - SignedDuration::from_hours(20);
    let forecasts = s.weather.iter().filter(|r| r.kind == ReportKind::Taf && r.issued < from);
    let mut judged = 0;
    for r in forecasts
        .filter(|r| r.issued >= evening_before && s.operation.stations.contains(&r.station))
    {
        let taf = Taf::parse(&r.text, r.issued).unwrap_or_else(|e| panic!("{}: {e}", r.text));
        let judgement = judge_forecast(&taf, from, to, &air);
        if taf.validity.is_some_and(|v| v.to >= to + SignedDuration::from_hours(1)) {
            assert_eq!(judgement.verdict, Verdict::Met, "{}: {judgement:?}", r.text);
            judged += 1;
        }
    }
    assert_eq!(judged, s.operation.stations.len());
}
