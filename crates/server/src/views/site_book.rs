//! A site's book: each fact that moved somebody in or out, counts, promises.

use crate::api::{BookLine, MusterLine, PromiseLine, SiteBook};
use crate::fold::Fold;
use crate::views::custody::site_of;
use crate::views::fact_line::{counted, fact_line};
use crate::views::picture::{capacity, units};
use domain::{Event, FactHash, SiteId, kind};
use jiff::Timestamp;
use scenario::Site;
use std::collections::BTreeMap;
use store::State;

pub fn site_book(state: &State, fold: &Fold, site: &Site, now: Timestamp) -> SiteBook {
    let units = units(fold, site);
    let lines = lines(state, &site.id);
    SiteBook {
        site: site.id.to_string(),
        held: units.iter().map(|u| u.held).sum(),
        capacity: capacity(site),
        came_in: lines.iter().map(|l| l.came_in).sum(),
        went_out: lines.iter().map(|l| l.went_out).sum(),
        units,
        lines,
        musters: musters(state, &site.id),
        promises: promises(fold, &site.id, now),
        discrepancies: (fold.discrepancies.iter())
            .filter(|d| d.site.as_deref() == Some(site.id.as_str()))
            .cloned()
            .collect(),
    }
}

/// Newest first by the field's time.
fn lines(state: &State, site: &SiteId) -> Vec<BookLine> {
    let record = &state.record;
    let mut moved: BTreeMap<FactHash, (u32, u32)> = BTreeMap::new();
    for (_, standing) in record.people() {
        let mut was_here = false;
        for (hash, custody) in &standing.chain {
            let is_here = site_of(custody) == Some(site);
            if is_here != was_here {
                let (came, went) = moved.entry(*hash).or_default();
                *if is_here { came } else { went } += 1;
            }
            was_here = is_here;
        }
    }
    let mut facts: Vec<_> = moved
        .into_iter()
        .filter_map(|(hash, counts)| Some((record.fact(&hash)?, counts)))
        .collect();
    facts.sort_by_key(|(fact, _)| (fact.occurred_at, fact.hash));
    let mut balance = 0i64;
    let mut lines: Vec<_> = facts
        .into_iter()
        .map(|(fact, (came_in, went_out))| {
            balance += i64::from(came_in) - i64::from(went_out);
            // A clock that is off can put somebody's leaving before their coming.
            let balance = balance.max(0) as u32;
            BookLine { fact: fact_line(state, fact), came_in, went_out, balance }
        })
        .collect();
    lines.reverse();
    lines
}

/// Newest first.
fn musters(state: &State, at: &SiteId) -> Vec<MusterLine> {
    let mut facts: Vec<_> = state
        .record
        .of_kind(kind::MUSTER_TAKEN)
        .filter_map(|f| match &f.event {
            Event::MusterTaken { site, count } if site == at => Some((f, count)),
            _ => None,
        })
        .collect();
    facts.sort_by_key(|(f, _)| std::cmp::Reverse((f.occurred_at, f.hash)));
    facts
        .into_iter()
        .map(|(fact, count)| {
            let (method, expected, found) = counted(count);
            let method = method.to_owned();
            MusterLine { fact: fact_line(state, fact), method, expected, found }
        })
        .collect()
}

/// By night, as announced by now.
fn promises(fold: &Fold, site: &SiteId, now: Timestamp) -> Vec<PromiseLine> {
    let used = |night| fold.journeys.admitted_at.get(&(night, site.clone())).copied();
    let known = |(night, said): (domain::Night, &[crate::views::promises::Promise])| {
        let last = said.iter().rposition(|p| p.announced_at <= now)?;
        let before = said[..last].last().map(|p| p.people);
        Some(PromiseLine {
            night: night.to_string(),
            people: said[last].people,
            before: before.filter(|b| *b != said[last].people),
            announced_at: said[last].announced_at.to_string(),
            used: used(night).unwrap_or(0),
        })
    };
    fold.promises.of_site(site).filter_map(known).collect()
}
