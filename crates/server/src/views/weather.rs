//! The latest report of each station against the operation's minima.

use crate::api::{self, Remark, WeatherReason};
use crate::remark::Finding;
use jiff::Timestamp;
use scenario::{ReportKind, Scenario};
use serde_json::Value;
use weather::{
    Bound, Ceiling, Distance, Judgement, Outcome, Place, Reason, Report, Speed, Verdict,
};

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
                Err(_) => (Verdict::Unusable, vec![unreadable()]),
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

fn shown(judgement: &Judgement) -> (Verdict, Vec<WeatherReason>) {
    let against: Vec<_> = judgement.against().map(told).collect();
    let reasons = match against.is_empty() {
        true => judgement.reasons.iter().map(told).collect(),
        false => against,
    };
    (judgement.verdict, reasons)
}

fn unreadable() -> WeatherReason {
    let remark = Finding::Unreadable.remark([]);
    WeatherReason { outcome: outcome(Outcome::Undecided), remark, group: None, trend: None }
}

fn told(reason: &Reason) -> WeatherReason {
    let trend = match &reason.place {
        Place::Whole | Place::Body => None,
        Place::Trend(indicator) | Place::Segment { indicator, .. } => Some(indicator.clone()),
    };
    WeatherReason {
        outcome: outcome(reason.outcome),
        remark: remark(&reason.finding),
        group: reason.group.clone(),
        trend,
    }
}

fn remark(finding: &weather::Finding) -> Remark {
    use weather::Finding as F;
    let limited = |what: Finding, limit: u32| what.remark([("limit", limit.into())]);
    let held = |what: Finding, found: Value, limit: u32| {
        what.remark([("found", found), ("limit", limit.into())])
    };
    match finding {
        F::Ceiling { found, limit_ft } => match found {
            Ceiling::At { feet } => held(Finding::Ceiling, (*feet).into(), *limit_ft),
            Ceiling::None => limited(Finding::NoCeiling, *limit_ft),
            Ceiling::Obscured => limited(Finding::Obscured, *limit_ft),
            Ceiling::NotReported => limited(Finding::CeilingUntold, *limit_ft),
        },
        F::CloudPartlyUnknown { limit_ft, .. } => limited(Finding::CloudUnclear, *limit_ft),
        F::Visibility { found: Some(found), limit_m } => {
            held(Finding::Visibility, metres(found), *limit_m)
        }
        F::Visibility { found: None, limit_m } => limited(Finding::VisibilityUntold, *limit_m),
        F::Wind { found: Some(found), limit_kt } => {
            held(Finding::Wind, knots(found), u32::from(*limit_kt))
        }
        F::Wind { found: None, limit_kt } => limited(Finding::WindUntold, u32::from(*limit_kt)),
        F::Gust { found: Some(found), gust_given, limit_kt } => {
            let what = if *gust_given { Finding::Gust } else { Finding::NoGust };
            held(what, knots(found), u32::from(*limit_kt))
        }
        F::Gust { found: None, limit_kt, .. } => limited(Finding::GustUntold, u32::from(*limit_kt)),
        F::Prohibited { pattern, .. } => {
            Finding::Prohibited.remark([("weather", pattern.to_string().into())])
        }
        F::NoProhibited { patterns } => {
            Finding::NoProhibited.remark([("kinds", (*patterns).into())])
        }
        F::WeatherNotReported => Finding::WeatherUntold.remark([]),
        F::Unknown { group, accepted } => {
            let what = if *accepted { Finding::AcceptedGroup } else { Finding::UnknownGroup };
            what.remark([("group", group.text.as_str().into())])
        }
        F::Nil => Finding::Nil.remark([]),
        F::Cancelled => Finding::Cancelled.remark([]),
        F::NotCovered { .. } => Finding::NotCovered.remark([]),
        F::EmptyWindow => Finding::NoWindow.remark([]),
        F::NoLimits => Finding::NoLimits.remark([]),
    }
}

/// A number, or one with the sign that every language reads alike.
fn metres(distance: &Distance) -> Value {
    match distance.bound {
        Bound::Exact => distance.metres.into(),
        Bound::AtLeast => format!("\u{2265}\u{a0}{}", distance.metres).into(),
        Bound::LessThan => format!("<\u{a0}{}", distance.metres).into(),
    }
}

fn knots(speed: &Speed) -> Value {
    match speed.more_than {
        true => format!(">\u{a0}{}", speed.knots()).into(),
        false => speed.knots().into(),
    }
}

fn outcome(outcome: Outcome) -> String {
    let code = match outcome {
        Outcome::Within => "within",
        Outcome::Beyond => "beyond",
        Outcome::Noted => "noted",
        Outcome::Undecided => "undecided",
    };
    code.to_owned()
}

fn code(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::NotMet => "not-met",
        Verdict::Unusable => "unusable",
    }
}
