//! What does not fit, as a list.

use crate::api::{DiscrepancyLine, ResolutionLine};
use crate::views::custody;
use crate::views::fact_line::{fact_line, line_of};
use domain::{Discrepancy, Event, Fact, Record};
use store::State;

/// Open first, then by the position of the fact that showed it, newest first.
pub fn discrepancies(state: &State) -> Vec<DiscrepancyLine> {
    let found = domain::discrepancies(&state.record);
    let mut lines: Vec<_> = found.iter().filter_map(|d| line(state, d)).collect();
    lines.sort_by(|a, b| {
        (b.open, b.fact.position).cmp(&(a.open, a.fact.position)).then_with(|| a.id.cmp(&b.id))
    });
    lines
}

fn line(state: &State, d: &Discrepancy) -> Option<DiscrepancyLine> {
    let fact = state.record.fact(&d.fact)?;
    let mut shown = fact_line(state, fact);
    if let Some(misfit) = d.misfit {
        shown.says.insert("misfit".to_owned(), misfit.to_string());
    }
    Some(DiscrepancyLine {
        withheld: 0,
        id: format!("{}:{}", d.code, d.fact),
        code: d.code.to_string(),
        fact: shown,
        people: d.people.iter().map(|p| p.to_string()).collect(),
        expected: d.counts.map(|(expected, _)| expected),
        found: d.counts.map(|(_, found)| found),
        movement: state.record.movement_of(fact).map(|m| m.to_string()),
        site: site_of(&state.record, fact).or_else(|| site_then(&state.record, fact, d)),
        open: d.is_open(),
        resolution: d.resolution.and_then(|r| {
            Some(ResolutionLine { why: r.why.to_string(), fact: line_of(state, &r.fact)? })
        }),
    })
}

/// The site that held the first person concerned just before the fact, by the field's time.
fn site_then(record: &Record, fact: &Fact, d: &Discrepancy) -> Option<String> {
    let chain = &record.standing(*d.people.first()?)?.chain;
    let before = |hash| record.fact(hash).is_some_and(|f| f.occurred_at < fact.occurred_at);
    let (_, custody) = chain.iter().rev().find(|(hash, _)| before(hash))?;
    custody::site_of(custody).map(|site| site.to_string())
}

/// The site a fact speaks of.
fn site_of(record: &Record, fact: &Fact) -> Option<String> {
    let site = match &fact.event {
        Event::MusterTaken { site, .. }
        | Event::IncidentReported { site, .. }
        | Event::IntakePromised { site, .. }
        | Event::Arrived { site, .. }
        | Event::HandoverOffered { site, .. } => site,
        Event::Registered { unit, .. }
        | Event::Placed { unit, .. }
        | Event::Recovered { unit, .. } => unit.site(),
        Event::HandoverAnswered { offer, .. } | Event::HandoverWithdrawn { offer, .. } => {
            match &record.fact(offer)?.event {
                Event::HandoverOffered { site, .. } => site,
                _ => return None,
            }
        }
        _ => return None,
    };
    Some(site.to_string())
}
