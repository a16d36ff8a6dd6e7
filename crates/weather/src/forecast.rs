//! Judges a forecast over a window, by the rule for flight planning.
//!
//! Rule: AMC1 NCO.OP.160 of the European air operations rules, application of aerodrome forecasts.
//! - The initial conditions hold until the first FM or BECMG.
//! - FM replaces all at its time.
//! - BECMG: improvement counts from the END of its period, worsening from its START. Both follow
//!   from judging the conditions before and after it over the whole of its period.
//! - TEMPO and PROB: improvement is disregarded; worsening that lasts (fog, mist, haze, dust,
//!   sand, lasting precipitation, or no weather named) counts; transient worsening (showers,
//!   thunderstorms) is noted, unless its weather is prohibited or the rule says to count it.
//! - PROB TEMPO counts as TEMPO does. The AMC is said to let it be disregarded; this is stricter.
//!
//! The first three points were read in a quotation of the AMC; the split of TEMPO and PROB into
//! lasting and transient is common teaching, not checked against the official table. Where the
//! two could differ, this takes the stricter side.

use jiff::{SignedDuration, Timestamp};

use crate::conditions::Conditions;
use crate::judge::{
    Acceptance, all_limits, is_transient, named_limits, noted_if, preliminary, whole, worst_place,
};
use crate::minima::{Finding, Judgement, Minima, Place};
use crate::taf::{ChangeKind, Taf, TafStatus, Validity};

/// How a forecast is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForecastRule {
    /// Added before and after the window. One hour by CAT.OP.MPA.185.
    pub margin: SignedDuration,
    pub transient: Transient,
    /// A person's acceptance of the unknown groups of this forecast.
    pub acceptance: Option<Acceptance>,
}

/// What becomes of showers and thunderstorms of TEMPO and PROB that cross a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transient {
    /// Shown, not counted: the AMC's rule.
    Note,
    /// Counted like all else.
    Count,
}

impl Default for ForecastRule {
    fn default() -> Self {
        Self { margin: SignedDuration::from_hours(1), transient: Transient::Note, acceptance: None }
    }
}

/// The worst of a forecast from `from` to `to`, plus and minus one hour.
pub fn judge_forecast(taf: &Taf, from: Timestamp, to: Timestamp, minima: &Minima) -> Judgement {
    judge_forecast_with(taf, from, to, minima, &ForecastRule::default())
}

/// As [`judge_forecast`] with another margin, transient weather counted, or unknown groups
/// accepted.
pub fn judge_forecast_with(
    taf: &Taf,
    from: Timestamp,
    to: Timestamp,
    minima: &Minima,
    rule: &ForecastRule,
) -> Judgement {
    let unusable = |finding| Judgement::of(vec![whole(finding)], None);
    let validity = match (taf.status, &taf.validity) {
        (TafStatus::Cancelled, _) => return unusable(Finding::Cancelled),
        (TafStatus::Missing, _) | (_, None) => return unusable(Finding::Nil),
        (TafStatus::Forecast, Some(validity)) => validity,
    };
    let (Ok(start), Ok(end)) = (from.checked_sub(rule.margin), to.checked_add(rule.margin)) else {
        return unusable(Finding::EmptyWindow);
    };
    if to < from || end < start {
        return unusable(Finding::EmptyWindow);
    }
    // A window of one instant is judged at that instant.
    let instant = start.checked_add(SignedDuration::from_secs(1)).unwrap_or(start);
    let window = Window { start, end: end.max(instant) };
    let accepted = rule.acceptance.as_ref().is_some_and(|given| given.covers(&taf.raw));
    let mut reasons = preliminary(minima, &taf.unknown_groups, accepted);
    if start < validity.from || end > validity.to {
        reasons.push(whole(Finding::NotCovered { from: validity.from, to: validity.to }));
    }
    for segment in prevailing(taf, validity) {
        if let Some(place) = window.place(&segment.indicator, segment.from, segment.to) {
            reasons.extend(all_limits(&segment.conditions, minima, &place));
        }
    }
    for change in &taf.changes {
        if !matches!(change.kind, ChangeKind::Temporary | ChangeKind::Probable { .. }) {
            continue;
        }
        if let Some(place) = window.place(&change.group.text, change.from, change.to) {
            let named = named_limits(&change.conditions, minima, &place);
            let disregarded = rule.transient == Transient::Note && is_transient(&change.conditions);
            reasons.extend(named.into_iter().map(|reason| noted_if(disregarded, reason)));
        }
    }
    let worst = worst_place(&reasons);
    Judgement::of(reasons, worst)
}

struct Window {
    start: Timestamp,
    end: Timestamp,
}

impl Window {
    /// The part of a span inside the window, if any.
    fn place(&self, indicator: &str, from: Timestamp, to: Timestamp) -> Option<Place> {
        let (from, to) = (from.max(self.start), to.min(self.end));
        (from < to).then(|| Place::Segment { indicator: indicator.to_owned(), from, to })
    }
}

/// Conditions that may prevail at some time of the span.
struct Segment {
    indicator: String,
    from: Timestamp,
    /// Not included.
    to: Timestamp,
    conditions: Conditions,
}

/// The main line of a forecast. During a BECMG both sides of it are listed, so the worse counts.
fn prevailing(taf: &Taf, validity: &Validity) -> Vec<Segment> {
    let mut changes: Vec<_> = taf
        .changes
        .iter()
        .filter(|change| matches!(change.kind, ChangeKind::From | ChangeKind::Becoming))
        .collect();
    changes.sort_by_key(|change| change.from);
    let mut segments = vec![Segment {
        indicator: validity.period.text.clone(),
        from: validity.from,
        to: validity.to,
        conditions: taf.initial.clone(),
    }];
    for change in changes {
        let conditions = match (change.kind, segments.last()) {
            (ChangeKind::Becoming, Some(before)) => before.conditions.overlaid(&change.conditions),
            _ => change.conditions.clone(),
        };
        // FM cuts everything before it short, BECMG at its end.
        for before in &mut segments {
            before.to = before.to.min(change.to);
        }
        segments.push(Segment {
            indicator: change.group.text.clone(),
            from: change.from,
            to: validity.to,
            conditions,
        });
    }
    segments
}
