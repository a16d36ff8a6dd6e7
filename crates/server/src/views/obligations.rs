//! Duties and their clocks: per authority, and in lines of people whom one fact put in one state.

use crate::api::{ObligationCounts, ObligationLine, ObligationRule, Obligations};
use crate::views::fact_line::line_of;
use crate::views::operation::text;
use domain::obligation::{Clock, ClockState, End, clocks};
use domain::{FactHash, PersonId};
use jiff::Timestamp;
use scenario::Scenario;
use std::collections::BTreeMap;
use store::State;

/// Lines in one answer.
const LINES_MAX: usize = 400;

/// Which lines are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub authority: Option<String>,
    pub rule: Option<String>,
    pub person: Option<PersonId>,
    /// None: everything that is still open, overdue or running.
    pub states: Option<Vec<ClockState>>,
}

/// The clocks of the operation's rules over the record as it stands.
pub fn clocks_of(state: &State, scenario: &Scenario) -> Vec<Clock> {
    let rules: Vec<_> = scenario.obligations.iter().map(|o| o.rule.clone()).collect();
    clocks(&state.record, &rules)
}

pub fn obligations(
    state: &State,
    scenario: &Scenario,
    clocks: &[Clock],
    wanted: &Wanted,
    now: Timestamp,
) -> Obligations {
    let mut lines = lines(state, scenario, clocks, wanted, now);
    let left_off = lines.len().saturating_sub(LINES_MAX) as u32;
    lines.truncate(LINES_MAX);
    Obligations {
        position: state.position(),
        at: now.to_string(),
        rules: scenario.obligations.iter().map(rule).collect(),
        authorities: counts(state, clocks, now),
        lines,
        left_off,
    }
}

fn rule(obligation: &scenario::Obligation) -> ObligationRule {
    ObligationRule {
        code: obligation.rule.code.clone(),
        text: text(&obligation.text),
        source: obligation.source.clone(),
        deadline: obligation.deadline.code().to_owned(),
        within_h: obligation.rule.within.as_secs_f64() / 3600.0,
    }
}

/// Most overdue first, then by name.
fn counts(state: &State, clocks: &[Clock], now: Timestamp) -> Vec<ObligationCounts> {
    let mut by: BTreeMap<String, ObligationCounts> = BTreeMap::new();
    for clock in clocks {
        let authority = clock.who.to_string();
        let entry = by
            .entry(authority.clone())
            .or_insert_with(|| ObligationCounts { authority, ..ObligationCounts::default() });
        *match clock.state(now) {
            ClockState::Overdue => &mut entry.overdue,
            ClockState::Running => &mut entry.running,
            ClockState::Late => &mut entry.late,
            ClockState::Met => &mut entry.met,
            ClockState::Waived => &mut entry.waived,
            ClockState::Lapsed => &mut entry.lapsed,
        } += 1;
        entry.recorded_late += u32::from(recorded_late(state, clock));
    }
    let mut all: Vec<_> = by.into_values().collect();
    all.sort_by(|a, b| b.overdue.cmp(&a.overdue).then_with(|| a.authority.cmp(&b.authority)));
    all
}

/// The field says in time; the record heard of it after the deadline.
fn recorded_late(state: &State, clock: &Clock) -> bool {
    let Some(End::Proved { by, at }) = clock.end else { return false };
    at <= clock.due && state.recorded_at(&by).is_some_and(|recorded| recorded > clock.due)
}

fn lines(
    state: &State,
    scenario: &Scenario,
    clocks: &[Clock],
    wanted: &Wanted,
    now: Timestamp,
) -> Vec<ObligationLine> {
    type Key<'a> = (Timestamp, usize, FactHash, ClockState, &'a str);
    let mut groups: BTreeMap<Key, Vec<PersonId>> = BTreeMap::new();
    for clock in clocks {
        let state = clock.state(now);
        if wants(wanted, scenario, clock, state) {
            let key = (clock.due, clock.rule, clock.start, state, clock.who.as_str());
            groups.entry(key).or_default().push(clock.person);
        }
    }
    let line = |((due, rule, start, clock, who), people): (Key, Vec<PersonId>)| {
        Some(ObligationLine {
            withheld: 0,
            rule: scenario.obligations.get(rule)?.rule.code.clone(),
            authority: who.to_owned(),
            state: clock.code().to_owned(),
            fact: line_of(state, &start)?,
            due: due.to_string(),
            people: people.iter().map(ToString::to_string).collect(),
        })
    };
    groups.into_iter().filter_map(line).collect()
}

fn wants(wanted: &Wanted, scenario: &Scenario, clock: &Clock, state: ClockState) -> bool {
    let open = [ClockState::Overdue, ClockState::Running];
    let states = wanted.states.as_deref().unwrap_or(&open);
    let rule = scenario.obligations.get(clock.rule).map(|o| o.rule.code.as_str());
    states.contains(&state)
        && wanted.authority.as_deref().is_none_or(|a| a == clock.who.as_str())
        && wanted.rule.as_deref().is_none_or(|r| Some(r) == rule)
        && wanted.person.is_none_or(|p| p == clock.person)
}
