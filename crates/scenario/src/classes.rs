//! People into classes for the planner, small ones joined to stricter ones.

use crate::Scenario;
use crate::cohort::{Cohort, Person};
use crate::fleet::Need;
use crate::planning::{health, need, position, security};
use crate::site::{Health, Security};
use domain::ids::PersonId;
use jiff::civil::Date;
use planner::problem as p;
use std::collections::{BTreeMap, BTreeSet};

/// With more classes than this, an origin is crowded.
const MOST_PER_ORIGIN: usize = 20;
/// Smaller classes than this are joined to one that needs the same vehicle.
const SMALL: usize = 12;
/// At an origin with too many classes, so are those smaller than this.
const SMALL_WHERE_CROWDED: usize = 60;
/// Smaller classes than this may be joined to one that needs a stricter vehicle.
const TINY: usize = 4;

/// What the people of a class share. Positions are in the problem's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    origin: usize,
    separation: usize,
    health: Health,
    security: Security,
    nationality: usize,
}

/// The classes in a fixed order, and the id of the class of each person who has a ready date.
pub(crate) fn classes(
    scenario: &Scenario,
    cohort: &Cohort,
    ready: &dyn Fn(&Person) -> Option<Date>,
) -> (Vec<p::Class>, BTreeMap<PersonId, String>) {
    let operation = &scenario.operation;
    let origins: Vec<_> = scenario.origins().map(|(s, _)| &s.id).collect();
    let mut members: BTreeMap<Key, Vec<PersonId>> = BTreeMap::new();
    let mut ready_on = BTreeMap::new();
    for (person, on) in cohort.people.iter().filter_map(|p| Some((p, ready(p)?))) {
        let Some(origin) = origins.iter().position(|o| *o == person.unit.site()) else { continue };
        let separation = position(operation.separation.iter().map(|g| &g.id), &person.separation);
        let nationality =
            position(operation.nationality_groups.iter().map(|g| &g.id), &person.nationality_group);
        let (health, security) = (person.health, person.security);
        let key = Key { origin, separation, health, security, nationality };
        members.entry(key).or_default().push(person.id);
        ready_on.insert(person.id, on);
    }
    let mut members = alike(scenario, members);
    join(&mut members, &acceptors(scenario));

    let mut classes = Vec::new();
    let mut class_of = BTreeMap::new();
    for (key, people) in members {
        let id = format!(
            "{}-{}-{}-{}-{}",
            origins[key.origin],
            operation.separation[key.separation].id,
            key.health,
            key.security,
            operation.nationality_groups[key.nationality].id
        );
        let by = |night| people.iter().filter(|id| ready_on[id] <= night).count() as i64;
        classes.push(p::Class {
            id: id.clone(),
            origin: key.origin,
            count: people.len() as i64,
            security: security(key.security),
            health: health(key.health),
            nationality: key.nationality,
            separation: key.separation,
            need: need(Need::of(key.security, key.health)),
            vulnerability: key.health.vulnerability_percent().into(),
            ready: operation.nights().map(by).collect(),
            barred: Vec::new(),
        });
        class_of.extend(people.into_iter().map(|person| (person, id.clone())));
    }
    (classes, class_of)
}

/// Whoever may travel in the same vehicles, live in the same wings and weighs the same is of one class,
/// named after its strictest people: nothing is lost by that.
fn alike(
    scenario: &Scenario,
    members: BTreeMap<Key, Vec<PersonId>>,
) -> BTreeMap<Key, Vec<PersonId>> {
    let acceptors = acceptors(scenario);
    let wings = |key: &Key| {
        let mut all = Vec::new();
        for (i, (site, _)) in scenario.destinations().enumerate() {
            let accepts = acceptors[key.nationality].contains(&i);
            all.extend(site.units.iter().map(|u| {
                let cares = u.medical || key.health == Health::Fit;
                accepts && !u.juvenile && cares && u.rating.holds(key.security)
            }));
        }
        all
    };
    let mut groups: BTreeMap<_, (Key, Vec<PersonId>)> = BTreeMap::new();
    for (key, who) in members {
        let same = (key.origin, key.separation, key.health, need_of(&key), wings(&key));
        let (named, all) = groups.entry(same).or_insert_with(|| (key, Vec::new()));
        // The keys come in order of security, and of nationality within it.
        if key.security > named.security {
            *named = key;
        }
        all.extend(who);
    }
    let sorted = |(key, mut who): (Key, Vec<PersonId>)| {
        who.sort();
        (key, who)
    };
    groups.into_values().map(sorted).collect()
}

/// For each nationality group, the destinations that accept it.
fn acceptors(scenario: &Scenario) -> Vec<BTreeSet<usize>> {
    let accepts = |group: &String| {
        let sites = scenario.destinations().enumerate();
        sites.filter(|(_, (_, d))| d.accepts.contains(group)).map(|(i, _)| i).collect()
    };
    scenario.operation.nationality_groups.iter().map(|g| accepts(&g.id)).collect()
}

/// Joins small classes to stricter ones, smallest first: what holds for the stricter class holds for
/// everyone in it. Classes that have no stricter one stay as they are, however small.
fn join(members: &mut BTreeMap<Key, Vec<PersonId>>, acceptors: &[BTreeSet<usize>]) {
    loop {
        let mut by_size: Vec<(usize, Key)> =
            members.iter().map(|(k, who)| (who.len(), *k)).collect();
        by_size.sort();
        let at = |origin| members.keys().filter(|k| k.origin == origin).count();
        let next = by_size.into_iter().find_map(|(size, key)| {
            let crowded = at(key.origin) > MOST_PER_ORIGIN;
            if size >= if crowded { SMALL_WHERE_CROWDED } else { SMALL } {
                return None;
            }
            let other_vehicle = size < TINY || (crowded && size < SMALL);
            let into = members.keys().filter(|k| is_stricter(k, &key, acceptors));
            let into = into.filter(|k| other_vehicle || need_of(k) == need_of(&key));
            // The same vehicle first, then the same destinations, then the larger class.
            let best = into.max_by_key(|k| {
                let nationality = k.nationality == key.nationality;
                (need_of(k) == need_of(&key), nationality, members[k].len(), **k)
            })?;
            Some((key, *best))
        });
        let Some((key, into)) = next else { return };
        let who = members.remove(&key).unwrap_or_default();
        let joined = members.entry(into).or_default();
        joined.extend(who);
        joined.sort();
    }
}

fn need_of(key: &Key) -> Need {
    Need::of(key.security, key.health)
}

/// Whether whoever fits `other` may be treated as one of `key`: same people to be apart from, same care,
/// at least the security, and accepted only where `other` is accepted too.
fn is_stricter(key: &Key, other: &Key, acceptors: &[BTreeSet<usize>]) -> bool {
    key != other
        && (key.origin, key.separation, key.health)
            == (other.origin, other.separation, other.health)
        && key.security >= other.security
        && acceptors[key.nationality].is_subset(&acceptors[other.nationality])
}
