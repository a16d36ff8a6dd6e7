//! The evening's decision on air cover: the last reports of each station, held against the minima.

use domain::{CoverDecision, Night};
use jiff::Timestamp;
use scenario::{CoverNight, ReportKind, Scenario, WeatherReport};
use weather::{Judgement, Minima, Verdict};

/// What the officer decides, and the raw reports it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub decision: CoverDecision,
    pub reports: Vec<String>,
}

/// Decides for one night from what was issued by `at`. Without a usable report of every station
/// there is no cover: the gate fails closed.
pub fn decide(
    scenario: &Scenario,
    cover: &CoverNight,
    window: (Timestamp, Timestamp),
    at: Timestamp,
) -> Decided {
    let minima = minima(&scenario.operation.air_minima);
    let mut reports = Vec::new();
    let mut met = true;
    for station in &scenario.operation.stations {
        let last = |is: fn(ReportKind) -> bool| {
            let issued =
                scenario.weather.iter().filter(|r| r.station == *station && r.issued <= at);
            issued.filter(|r| is(r.kind)).max_by_key(|r| r.issued)
        };
        let observed = last(|kind| kind != ReportKind::Taf);
        let forecast = last(|kind| kind == ReportKind::Taf);
        met &= observed.is_some_and(|r| observed_verdict(r, &minima) == Some(Verdict::Met));
        met &= forecast.is_none_or(|r| forecast_verdict(r, window, &minima) == Some(Verdict::Met));
        reports.extend([observed, forecast].into_iter().flatten().map(|r| r.text.clone()));
    }
    let decision = if !met || cover.orbits == 0 {
        CoverDecision::Withdrawn
    } else {
        CoverDecision::Stands {
            orbits: cover.orbits,
            slots: slots(scenario, cover.night, cover.slots),
        }
    };
    Decided { decision, reports }
}

fn slots(scenario: &Scenario, night: Night, planned: u32) -> u32 {
    let partial = &scenario.troubles.partial_night;
    if partial.night == night { partial.slots.min(planned) } else { planned }
}

fn observed_verdict(report: &WeatherReport, minima: &Minima) -> Option<Verdict> {
    let read = weather::Report::parse(&report.text, report.issued).ok()?;
    Some(weather::judge(&read, minima).verdict)
}

fn forecast_verdict(
    report: &WeatherReport,
    (from, to): (Timestamp, Timestamp),
    minima: &Minima,
) -> Option<Verdict> {
    let read = weather::Taf::parse(&report.text, report.issued).ok()?;
    let judged: Judgement = weather::judge_forecast(&read, from, to, minima);
    Some(judged.verdict)
}

/// The scenario's minima as the gate reads them. A pattern it cannot read was found by the check.
fn minima(written: &scenario::Minima) -> Minima {
    let narrow = |knots: u32| u16::try_from(knots).ok();
    Minima {
        ceiling_ft: Some(written.ceiling_ft).filter(|ft| *ft > 0),
        visibility_m: Some(written.visibility_m),
        wind_kt: narrow(written.wind_kt),
        gust_kt: narrow(written.gust_kt),
        prohibited: written
            .prohibited
            .iter()
            .filter_map(|p| weather::Pattern::new(p).ok())
            .collect(),
    }
}
