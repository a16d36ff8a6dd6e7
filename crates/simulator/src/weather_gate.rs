//! The evening's decision on air cover: the last reports of each station, held against the minima.

use domain::CoverDecision;
use jiff::{SignedDuration, Timestamp};
use scenario::{CoverNight, ReportKind, Scenario, WeatherReport};
use weather::{Judgement, Minima, Verdict};

/// What the officer decides, and the raw reports it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub decision: CoverDecision,
    pub reports: Vec<String>,
}

/// Decides for one night from what was issued by `at`. What is observed has to be within minima
/// everywhere; cover then stands for as much of the window, from its beginning, as every forecast
/// allows. A station without a usable report closes the gate.
pub fn decide(
    scenario: &Scenario,
    cover: &CoverNight,
    window: (Timestamp, Timestamp),
    at: Timestamp,
) -> Decided {
    let minima = scenario.operation.air_minima.for_gate();
    let (mut reports, mut forecasts) = (Vec::new(), Vec::new());
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
        reports.extend([observed, forecast].into_iter().flatten().map(|r| r.text.clone()));
        forecasts.extend(forecast);
    }
    met &= forecasts.len() == scenario.operation.stations.len();
    let slots = if met { slots_within(&forecasts, window, &minima).min(cover.slots) } else { 0 };
    let decision = match (met, slots, cover.slots) {
        // On a night planned without orbits the decision is about flights alone.
        (true, 0, 0) => CoverDecision::Stands { orbits: 0, slots: 0 },
        (false, ..) | (true, 0, _) => CoverDecision::Withdrawn,
        (true, slots, _) => CoverDecision::Stands { orbits: cover.orbits, slots },
    };
    Decided { decision, reports }
}

/// Half-hours from the beginning of the window for which every forecast is within minima.
fn slots_within(
    forecasts: &[&WeatherReport],
    (from, to): (Timestamp, Timestamp),
    minima: &Minima,
) -> u32 {
    const SLOT: SignedDuration = SignedDuration::from_mins(30);
    let all = (to.duration_since(from).as_secs() / SLOT.as_secs()).max(0) as u32;
    let holds = |slots: u32| {
        let end = from + SLOT * slots as i32;
        forecasts.iter().all(|f| forecast_verdict(f, (from, end), minima) == Some(Verdict::Met))
    };
    (1..=all).rev().find(|slots| holds(*slots)).unwrap_or(0)
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
