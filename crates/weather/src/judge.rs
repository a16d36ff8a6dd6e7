//! Judges what was observed: the body, then each trend.

use crate::cloud::{Ceiling, Clear, Cloud};
use crate::conditions::Conditions;
use crate::group::UnknownGroup;
use crate::minima::{Finding, Judgement, Minima, Outcome, Place, Reason};
use crate::report::{Report, TrendKind};
use crate::visibility::Bound;

/// A person's word that the unknown groups of one exact text do not matter. Who gave it, and
/// when, is for the record that holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    raw: String,
}

impl Acceptance {
    /// Accepts the unknown groups of this text and of no other, to the byte.
    pub fn of_text(raw: &str) -> Self {
        Self { raw: raw.to_owned() }
    }

    pub fn covers(&self, raw: &str) -> bool {
        self.raw == raw
    }
}

/// Holds a METAR or SPECI against the minima. Any unknown group: [`crate::Verdict::Unusable`].
///
/// Trends that worsen count as the forecast rule has it ([`crate::judge_forecast`]); trends that
/// improve change nothing. The age of the report is for the caller, who has the clock.
pub fn judge(report: &Report, minima: &Minima) -> Judgement {
    judge_report(report, minima, false)
}

/// As [`judge`], with unknown groups accepted by a person when the acceptance is of this text.
pub fn judge_accepted(report: &Report, minima: &Minima, acceptance: &Acceptance) -> Judgement {
    judge_report(report, minima, acceptance.covers(&report.raw))
}

fn judge_report(report: &Report, minima: &Minima, accepted: bool) -> Judgement {
    if report.nil {
        return Judgement::of(vec![whole(Finding::Nil)], None);
    }
    let mut reasons = preliminary(minima, &report.unknown_groups, accepted);
    reasons.extend(all_limits(&report.conditions, minima, &Place::Body));
    for trend in &report.trends {
        let place = Place::Trend(trend.group.text.clone());
        let named = named_limits(&trend.conditions, minima, &place);
        let disregarded = trend.kind == TrendKind::Temporary && is_transient(&trend.conditions);
        reasons.extend(named.into_iter().map(|reason| noted_if(disregarded, reason)));
    }
    let worst = worst_place(&reasons);
    Judgement::of(reasons, worst)
}

/// What holds of the whole text, before any number is looked at.
pub(crate) fn preliminary(
    minima: &Minima,
    unknown: &[UnknownGroup],
    accepted: bool,
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if *minima == Minima::default() {
        reasons.push(whole(Finding::NoLimits));
    }
    reasons.extend(unknown.iter().map(|group| Reason {
        finding: Finding::Unknown { group: group.clone(), accepted },
        outcome: if accepted { Outcome::Noted } else { Outcome::Undecided },
        place: Place::Whole,
        group: Some(group.text.clone()),
    }));
    reasons
}

pub(crate) fn whole(finding: Finding) -> Reason {
    Reason { finding, outcome: Outcome::Undecided, place: Place::Whole, group: None }
}

/// Every limit against complete conditions: what is missing is undecided.
pub(crate) fn all_limits(conditions: &Conditions, minima: &Minima, place: &Place) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let mut push = |finding, outcome, group: Option<&str>| {
        let group = group.map(str::to_owned);
        reasons.push(Reason { finding, outcome, place: place.clone(), group });
    };
    if let Some(limit_ft) = minima.ceiling_ft {
        let (found, cloud) = conditions.ceiling();
        let outcome = match found {
            Ceiling::None if limit_ft > seen_up_to_ft(conditions) => Outcome::Undecided,
            Ceiling::None => Outcome::Within,
            Ceiling::At { feet } => within(feet >= limit_ft),
            Ceiling::Obscured => Outcome::Beyond,
            Ceiling::NotReported => Outcome::Undecided,
        };
        push(Finding::Ceiling { found, limit_ft }, outcome, cloud.map(|c| c.text.as_str()));
        if let Some(hidden) = conditions.cloud_is_partly_unknown()
            && outcome == Outcome::Within
        {
            let finding = Finding::CloudPartlyUnknown { cloud: hidden.value, limit_ft };
            push(finding, Outcome::Undecided, Some(&hidden.text));
        }
    }
    if let Some(limit_m) = minima.visibility_m {
        let lowest = conditions.lowest_visibility();
        let prevailing = conditions.visibility.as_ref().and_then(|v| v.distance());
        let outcome = match (&lowest, prevailing) {
            (Some(lowest), _) if lowest.value.is_below(limit_m) => match lowest.value.bound {
                // `P6SM` against 10,000 m: more than six miles, and perhaps enough.
                Bound::AtLeast => Outcome::Undecided,
                Bound::Exact | Bound::LessThan => Outcome::Beyond,
            },
            (Some(_), Some(_)) => Outcome::Within,
            // One direction alone says nothing of the others.
            _ => Outcome::Undecided,
        };
        let finding = Finding::Visibility { found: lowest.as_ref().map(|l| l.value), limit_m };
        push(finding, outcome, lowest.as_ref().map(|l| l.text.as_str()));
    }
    let wind = conditions.wind.as_ref();
    let group = wind.map(|wind| wind.text.as_str());
    if let Some(limit_kt) = minima.wind_kt {
        let found = wind.and_then(|wind| wind.speed);
        let outcome = found.map_or(Outcome::Undecided, |speed| within(!speed.exceeds(limit_kt)));
        push(Finding::Wind { found, limit_kt }, outcome, group);
    }
    if let Some(limit_kt) = minima.gust_kt {
        let found = wind.and_then(|wind| wind.peak());
        let gust_given = wind.is_some_and(|wind| wind.gust.is_some());
        let outcome = found.map_or(Outcome::Undecided, |speed| within(!speed.exceeds(limit_kt)));
        push(Finding::Gust { found, gust_given, limit_kt }, outcome, group);
    }
    if !minima.prohibited.is_empty() {
        reasons.extend(prohibited(conditions, minima, place));
    }
    reasons
}

/// Height below which the text excludes a ceiling, feet. CAVOK and NSC speak of cloud below
/// 5,000 ft (or the highest minimum sector altitude), CLR of cloud below 10,000 or 12,000 ft.
fn seen_up_to_ft(conditions: &Conditions) -> u32 {
    let group = |clear| conditions.clouds.iter().any(|cloud| cloud.value == Cloud::Clear(clear));
    if conditions.clouds.is_empty() || group(Clear::NoneSignificant) {
        5_000
    } else if group(Clear::ClearBelow) {
        10_000
    } else {
        u32::MAX
    }
}

fn prohibited(conditions: &Conditions, minima: &Minima, place: &Place) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for weather in &conditions.weather {
        for pattern in minima.prohibited.iter().filter(|pattern| pattern.matches(weather)) {
            reasons.push(Reason {
                finding: Finding::Prohibited {
                    weather: weather.value.clone(),
                    pattern: pattern.clone(),
                },
                outcome: Outcome::Beyond,
                place: place.clone(),
                group: Some(weather.text.clone()),
            });
        }
    }
    let (finding, outcome) = match &conditions.weather_not_reported {
        Some(_) => (Finding::WeatherNotReported, Outcome::Undecided),
        None if !reasons.is_empty() => return reasons,
        None => (Finding::NoProhibited { patterns: minima.prohibited.len() }, Outcome::Within),
    };
    let group = conditions.weather_not_reported.as_ref().map(|coded| coded.text.clone());
    reasons.push(Reason { finding, outcome, place: place.clone(), group });
    reasons
}

/// The limits against a change: only what it names, and only what is not within.
pub(crate) fn named_limits(change: &Conditions, minima: &Minima, place: &Place) -> Vec<Reason> {
    let named = |reason: &Reason| match reason.finding {
        Finding::Ceiling { .. } => !change.clouds.is_empty(),
        Finding::Visibility { .. } => {
            change.visibility.is_some() || !change.part_visibilities.is_empty()
        }
        Finding::Wind { .. } | Finding::Gust { .. } => change.wind.is_some(),
        _ => true,
    };
    let mut reasons = all_limits(change, minima, place);
    reasons.retain(|reason| named(reason) && reason.outcome != Outcome::Within);
    reasons
}

/// Short-lived weather and nothing else: thunderstorms and showers. A change of wind, visibility
/// or cloud without weather of its own is taken to last.
pub(crate) fn is_transient(change: &Conditions) -> bool {
    !change.weather.is_empty() && change.weather.iter().all(|weather| weather.is_transient())
}

/// Prohibited weather is never disregarded: the profile names it because it matters while short.
pub(crate) fn noted_if(disregarded: bool, reason: Reason) -> Reason {
    let is_prohibited = matches!(reason.finding, Finding::Prohibited { .. });
    match reason.outcome {
        Outcome::Beyond if disregarded && !is_prohibited => {
            Reason { outcome: Outcome::Noted, ..reason }
        }
        _ => reason,
    }
}

/// The place with most limits crossed, the first of equals; then most undecided, then noted.
pub(crate) fn worst_place(reasons: &[Reason]) -> Option<Place> {
    let score = |place: &Place| {
        let count = |outcome| {
            let here = |r: &&Reason| r.place == *place && r.outcome == outcome;
            reasons.iter().filter(here).count()
        };
        (count(Outcome::Beyond), count(Outcome::Undecided), count(Outcome::Noted))
    };
    let parts = reasons.iter().map(|reason| &reason.place).filter(|place| **place != Place::Whole);
    parts.rev().max_by_key(|place| score(place)).cloned()
}

fn within(met: bool) -> Outcome {
    if met { Outcome::Within } else { Outcome::Beyond }
}
