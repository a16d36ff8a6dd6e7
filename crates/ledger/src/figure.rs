//! Figures: a number, or numbers by code, computed from the record by a definition.

use crate::definition::{Definition, Measure};
use crate::posting::Counts;
use crate::site::{SiteKind, Sites};
use domain::{Custody, Event, PersonId, Place, Record, Standing};
use std::collections::{BTreeMap, BTreeSet};

/// What the record does not hold itself: the kinds of sites, and nationalities from the register.
pub struct Context<'a> {
    pub sites: &'a Sites,
    /// ISO 3166-1 alpha-3 codes of a person, each on its own basis.
    pub nationality: &'a dyn Fn(PersonId) -> Nationalities,
}

/// A person's nationality as claimed by the person, shown by a document, verified by that state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Nationalities {
    pub claimed: Option<String>,
    pub documented: Option<String>,
    pub verified: Option<String>,
}

/// A figure and the people in it, so that two figures that differ can be laid side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub definition: &'static Definition,
    pub value: Value,
    /// Who is counted.
    pub people: BTreeSet<PersonId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Count(u64),
    /// By nationality or reason code; a person whose code is not known is under `unknown`.
    ByCode(BTreeMap<String, u64>),
}

impl Value {
    /// The number, or the sum over all codes.
    pub fn total(&self) -> u64 {
        match self {
            Value::Count(n) => *n,
            Value::ByCode(by) => by.values().sum(),
        }
    }
}

/// What a person's undisputed chain tells of the journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Journey {
    pub departed: bool,
    pub offered_at_destination: bool,
    pub admitted: bool,
    pub in_transit: bool,
}

pub(crate) fn journey(record: &Record, standing: &Standing, sites: &Sites) -> Journey {
    let mut j = Journey::default();
    let Some((_, first)) = standing.chain.first() else { return j };
    let registered_by = first.responsible().map(|a| &a.authority);
    // The site of the offer under way, and the authority of the last acceptance at a destination.
    let mut offered_at = None;
    let mut received_by = None;
    let mut before = first;
    for (hash, custody) in &standing.chain {
        match custody {
            Custody::Offered { .. } => {
                offered_at = match record.fact(hash).map(|f| &f.event) {
                    Some(Event::HandoverOffered { site, .. }) => Some(sites.kind(site)),
                    _ => None,
                };
                j.offered_at_destination |= offered_at == Some(SiteKind::Destination);
            }
            Custody::Held { by } => {
                let accepted = matches!(before, Custody::Offered { to, .. } if *to == by.authority)
                    && before.responsible().is_some_and(|a| a.authority != by.authority);
                if accepted {
                    let elsewhere = registered_by != Some(&by.authority);
                    j.departed |= offered_at == Some(SiteKind::Origin) && elsewhere;
                    received_by = Some(&by.authority);
                }
                let at_destination = site_kind(custody, sites) == Some(SiteKind::Destination);
                j.admitted |= at_destination && received_by == Some(&by.authority);
            }
            Custody::Outside | Custody::Ended { .. } => {}
        }
        before = custody;
    }
    let under_way = match site_kind(&standing.custody, sites) {
        Some(SiteKind::Origin | SiteKind::Destination) => false,
        Some(SiteKind::Staging | SiteKind::Other) => true,
        None => standing.custody.responsible().is_some(),
    };
    j.in_transit = j.departed && under_way;
    j
}

/// The kind of the site a person is held at; `None` in a vehicle or when nobody answers.
fn site_kind(custody: &Custody, sites: &Sites) -> Option<SiteKind> {
    match &custody.responsible()?.place {
        Place::Unit(unit) => Some(sites.kind(unit.site())),
        Place::Vehicle(..) => None,
    }
}

/// Whether the last finding about the person's age that counts, by the field's time, says under 18.
fn under_18(record: &Record, person: PersonId) -> bool {
    let ages =
        record.counted_mentions(person).into_iter().rev().find_map(|fact| match fact.event {
            Event::AgeFound { under_18, .. } => Some(under_18),
            _ => None,
        });
    ages.unwrap_or(false)
}

/// How a person is counted: not at all, or under these codes, which are empty for a plain count.
pub fn counted(
    record: &Record,
    definition: &Definition,
    person: PersonId,
    standing: &Standing,
    context: &Context,
) -> Option<Vec<String>> {
    let on_journey = || journey(record, standing, context.sites);
    let plain = |counts: bool| counts.then(Vec::new);
    let nationality = |of: fn(Nationalities) -> Option<String>| {
        let admitted = on_journey().admitted;
        let code = || of((context.nationality)(person)).unwrap_or_else(|| "unknown".to_owned());
        admitted.then(|| vec![code()])
    };
    match definition.measure {
        Measure::Registered => plain(!standing.chain.is_empty()),
        Measure::Departed => plain(on_journey().departed),
        Measure::OfferedAtDestination => plain(on_journey().offered_at_destination),
        Measure::Admitted => plain(on_journey().admitted),
        Measure::InTransit => plain(on_journey().in_transit),
        Measure::Contested => plain(standing.contest.is_some()),
        Measure::Under18 => plain(!standing.chain.is_empty() && under_18(record, person)),
        Measure::Exits => {
            let exits = Counts::of(standing).exits.into_iter();
            let codes: Vec<_> =
                exits.flat_map(|(why, n)| (0..n).map(move |_| why.code().to_owned())).collect();
            (!codes.is_empty()).then_some(codes)
        }
        // Those who claim none are admitted all the same and add no country.
        Measure::Countries => {
            let admitted = on_journey().admitted;
            admitted.then(|| (context.nationality)(person).claimed.into_iter().collect())
        }
        Measure::Claimed => nationality(|of| of.claimed),
        Measure::Documented => nationality(|of| of.documented),
        Measure::Verified => nationality(|of| of.verified),
    }
}

/// Computes a figure over the whole record as it stands.
pub fn figure(record: &Record, definition: &'static Definition, context: &Context) -> Figure {
    let mut people = BTreeSet::new();
    let mut by_code: BTreeMap<String, u64> = BTreeMap::new();
    for (person, standing) in record.people() {
        let Some(codes) = counted(record, definition, person, standing, context) else { continue };
        people.insert(person);
        for code in codes {
            *by_code.entry(code).or_default() += 1;
        }
    }
    let value = match definition.measure {
        Measure::Countries => Value::Count(by_code.len() as u64),
        Measure::Exits | Measure::Claimed | Measure::Documented | Measure::Verified => {
            Value::ByCode(by_code)
        }
        _ => Value::Count(people.len() as u64),
    };
    Figure { definition, value, people }
}
