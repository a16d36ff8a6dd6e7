//! Devices, from the record's keys and chains.

use crate::api::{
    AheadOfClock, DeviceFact, DeviceLine, MissingFacts, RevokedLine, SignedTwice, SilenceSpan,
    WaitingFact,
};
use crate::views::fact_line::{line_of, position};
use domain::{
    AuthorityId, Device, DeviceId, Enrolment, Fact, Gap, Silence, Term, longest_silence, silences,
};
use jiff::Timestamp;
use std::sync::Arc;
use store::{Ahead, State};

/// The devices of those authorities, by authority, then by site and device.
pub fn devices(
    state: &State,
    now: Timestamp,
    whose: impl Fn(&AuthorityId) -> bool,
) -> Vec<DeviceLine> {
    let silent = silences(&state.record, now);
    let mut lines = Vec::new();
    for (device, enrolments) in state.record.keys().devices() {
        let here = enrolments.iter().filter(|e| whose(&e.authority));
        lines.extend(here.map(|e| line(state, device, e, &silent, now)));
    }
    lines.sort_by(|a, b| {
        (&a.authority, !a.own, &a.site, &a.device).cmp(&(&b.authority, !b.own, &b.site, &b.device))
    });
    lines
}

fn line(
    state: &State,
    device: &DeviceId,
    enrolment: &Enrolment,
    silent: &[Silence],
    now: Timestamp,
) -> DeviceLine {
    let (record, authority) = (&state.record, &enrolment.authority);
    let chain = record.device(device);
    let signed = || signed_for(chain, authority);
    let term = enrolment.term.as_ref();
    let revocation = record.keys().revocation(device, authority);
    let silent = silent.iter().find(|s| s.device == *device && s.authority == *authority);
    let over = revocation.and_then(|r| record.fact(&r.by)).map(|fact| fact.occurred_at);
    DeviceLine {
        device: device.to_string(),
        key: enrolment.key.to_string(),
        authority: authority.to_string(),
        role: enrolment.role.to_string(),
        site: enrolment.site.as_ref().map(ToString::to_string),
        unit: term.and_then(|t| t.unit.as_ref()).map(ToString::to_string),
        own: record.keys().is_own(device, authority),
        enrolled: enrolment.by.and_then(|by| line_of(state, &by)),
        stands: enrolment.stands,
        from: term.map(|t| t.from.to_string()),
        until: term.map(|t| t.until.to_string()),
        replaces: term.and_then(|t| t.replaces).map(|d| d.to_string()),
        facts: chain.map_or(0, |chain| chain.signed_for(authority)) as u32,
        last: chain.and_then(|c| c.last_for(authority)).map(|fact| device_fact(state, fact)),
        silence_allowed_s: term.map(|t| t.silence_s),
        silent_since: silent.map(|s| s.since.to_string()),
        longest_silence: longest(state, device, enrolment, over.map_or(now, |at| at.min(now))),
        missing: chain.map_or_else(Vec::new, |chain| missing(state, chain)),
        twice: chain.map_or_else(Vec::new, |chain| twice(state, chain)),
        waiting: chain.map_or_else(Vec::new, |chain| waiting(state, chain)),
        ahead: state.ahead(device).and_then(|ahead| ahead_of_clock(state, ahead)),
        revoked: revocation.map(|revocation| RevokedLine {
            why: revocation.why.to_string(),
            last: revocation.last,
            fact: line_of(state, &revocation.by),
            beyond: signed().filter(|f| !record.keys().counts(f)).count() as u32,
        }),
    }
}

/// What the device signed in that authority's name, in order of its chain.
fn signed_for<'a>(
    chain: Option<Device<'a>>,
    authority: &'a AuthorityId,
) -> impl Iterator<Item = &'a Arc<Fact>> {
    let facts = chain.into_iter().flat_map(|device| device.facts());
    facts.filter(move |f| f.authority == *authority)
}

/// From its enrolment until its term is over, it was revoked, or now.
fn longest(
    state: &State,
    device: &DeviceId,
    enrolment: &Enrolment,
    until: Timestamp,
) -> Option<SilenceSpan> {
    let enrolled = enrolment.by.and_then(|by| state.record.fact(&by)).map(|f| f.occurred_at);
    let opened = || state.at(0).map(|first| first.fact.occurred_at);
    let Term { from, until: end, .. } = match &enrolment.term {
        Some(term) => Term::clone(term),
        None => Term {
            unit: None,
            from: enrolled.or_else(opened)?,
            until,
            silence_s: 0,
            replaces: None,
        },
    };
    let (from, until) = longest_silence(&state.record, device, from, until.min(end))?;
    Some(SilenceSpan {
        from: from.to_string(),
        until: until.to_string(),
        seconds: until.duration_since(from).as_secs().unsigned_abs(),
    })
}

/// The stretches of its chain that lack.
fn missing(state: &State, device: Device) -> Vec<MissingFacts> {
    let told = device.gaps().filter_map(|Gap { first, last, before }| {
        let before = state.record.fact(&before.first())?;
        Some(MissingFacts { first, last, before: device_fact(state, before) })
    });
    told.collect()
}

fn twice(state: &State, device: Device) -> Vec<SignedTwice> {
    let told = device.forks().map(|fork| {
        let facts = fork.facts.iter().filter_map(|hash| state.record.fact(hash));
        let mut facts: Vec<_> = facts.map(|fact| device_fact(state, fact)).collect();
        facts.sort_by_key(|fact| fact.position);
        SignedTwice { sequence: fork.sequence, facts }
    });
    told.collect()
}

fn waiting(state: &State, device: Device) -> Vec<WaitingFact> {
    let facts = device.parked().filter_map(|hash| state.record.fact(&hash));
    let told = facts.filter_map(|fact| {
        let missing = fact.previous?.to_string();
        Some(WaitingFact { fact: device_fact(state, fact), missing })
    });
    let mut told: Vec<_> = told.collect();
    told.sort_by_key(|waiting| (waiting.fact.sequence, waiting.fact.position));
    told
}

fn ahead_of_clock(state: &State, ahead: &Ahead) -> Option<AheadOfClock> {
    let furthest = device_fact(state, state.record.fact(&ahead.furthest)?);
    Some(AheadOfClock { facts: ahead.facts, furthest, seconds: ahead.by.as_secs().unsigned_abs() })
}

fn device_fact(state: &State, fact: &Fact) -> DeviceFact {
    let recorded_at = state.recorded_at(&fact.hash).unwrap_or(fact.occurred_at);
    DeviceFact {
        hash: fact.hash.to_string(),
        position: position(state, &fact.hash).unwrap_or(0),
        sequence: fact.sequence,
        kind: fact.event.kind().to_owned(),
        occurred_at: fact.occurred_at.to_string(),
        recorded_at: recorded_at.to_string(),
    }
}
