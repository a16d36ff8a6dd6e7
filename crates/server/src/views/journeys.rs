//! Who departed and who was admitted, in total and by the night of their movement.

use domain::{Custody, Night, PersonId, Place, Record, SiteId, Standing};
use ledger::{Context, Nationalities, Sites};
use std::collections::{BTreeMap, BTreeSet};

/// The people behind `departed@1`, `in-transit@1` and `admitted@1`.
#[derive(Debug, Clone, Default)]
pub struct Journeys {
    pub departed: BTreeSet<PersonId>,
    pub in_transit: BTreeSet<PersonId>,
    pub admitted: BTreeSet<PersonId>,
    /// Departures: who came back and left again counts in both nights.
    pub departed_by_night: BTreeMap<Night, u32>,
    pub admitted_by_night: BTreeMap<Night, u32>,
    /// Admitted, by the night of the movement and the site.
    pub admitted_at: BTreeMap<(Night, SiteId), u32>,
}

impl Journeys {
    pub fn of(record: &Record, sites: &Sites) -> Self {
        let nobody = |_| Nationalities::default();
        let context = Context { sites, nationality: &nobody };
        let people = |name: &str| match ledger::definition(name) {
            Some(definition) => ledger::figure(record, definition, &context).people,
            None => BTreeSet::new(),
        };
        let mut journeys = Self {
            departed: people("departed@1"),
            in_transit: people("in-transit@1"),
            admitted: people("admitted@1"),
            ..Self::default()
        };
        for (person, standing) in record.people() {
            if !journeys.departed.contains(&person) {
                continue;
            }
            let (left, came) = nights(record, standing, sites);
            for night in left {
                *journeys.departed_by_night.entry(night).or_default() += 1;
            }
            if let Some((night, site)) = came.filter(|_| journeys.admitted.contains(&person)) {
                *journeys.admitted_by_night.entry(night).or_default() += 1;
                *journeys.admitted_at.entry((night, site)).or_default() += 1;
            }
        }
        journeys
    }
}

/// The nights of the movements with which a person left the registering authority, and that of the
/// movement after which a destination first had them in a unit.
fn nights(
    record: &Record,
    standing: &Standing,
    sites: &Sites,
) -> (BTreeSet<Night>, Option<(Night, SiteId)>) {
    let mut left = BTreeSet::new();
    let first = standing.chain.first().and_then(|(_, c)| c.responsible());
    let Some(registered_by) = first.map(|a| &a.authority) else { return (left, None) };
    let mut under_way = None;
    let mut with_them = true;
    for (hash, custody) in &standing.chain {
        let Some(account) = custody.responsible() else { continue };
        if let Place::Vehicle(movement, _) = &account.place {
            under_way = Some(movement.night);
        }
        let away = matches!(custody, Custody::Held { .. }) && account.authority != *registered_by;
        if away && with_them {
            let of_fact = record.fact(hash).and_then(|f| record.movement_of(f));
            left.extend(of_fact.map(|m| m.night).or(under_way));
        }
        with_them = account.authority == *registered_by;
        if let (Place::Unit(unit), Some(night), true) = (&account.place, under_way, away)
            && sites.kind(unit.site()) == ledger::SiteKind::Destination
        {
            return (left, Some((night, unit.site().clone())));
        }
    }
    (left, None)
}
