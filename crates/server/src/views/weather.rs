//! The latest report of each station against the operation's minima.

use crate::api;
use jiff::Timestamp;
use scenario::{ReportKind, Scenario};
use weather::{Judgement, Report, Verdict};

/// One for each station that has reported, in the scenario's order.
pub fn weather(scenario: &Scenario, now: Timestamp) -> Vec<api::Weather> {
    let minima = scenario.operation.air_minima.for_gate();
    let latest = |station: &String| {
        let observed = scenario.weather.iter().filter(|r| r.kind != ReportKind::Taf);
        observed.filter(|r| r.station == *station && r.issued <= now).max_by_key(|r| r.issued)
    };
    let stations = scenario.operation.stations.iter().filter_map(latest);
    stations
        .map(|report| {
            let (verdict, reasons) = match Report::parse(&report.text, report.issued) {
                Ok(read) => shown(&weather::judge(&read, &minima)),
                Err(why) => (Verdict::Unusable, vec![why.to_string()]),
            };
            api::Weather {
                station: report.station.clone(),
                raw: report.text.clone(),
                observed_at: report.issued.to_string(),
                verdict: code(verdict).to_owned(),
                reasons,
            }
        })
        .collect()
}

fn shown(judgement: &Judgement) -> (Verdict, Vec<String>) {
    let against: Vec<String> = judgement.against().map(|r| r.to_string()).collect();
    let reasons = match against.is_empty() {
        true => judgement.reasons.iter().map(|r| r.to_string()).collect(),
        false => against,
    };
    (judgement.verdict, reasons)
}

fn code(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::NotMet => "not-met",
        Verdict::Unusable => "unusable",
    }
}
