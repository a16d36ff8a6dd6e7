//! From a scenario and its cohort to the planner's class-level problem.

use crate::cohort::{Cohort, Gate, GatePlan, Person};
use crate::fleet::Need;
use crate::operation::Operation;
use crate::route::RouteKind;
use crate::site::{Health, Rating, Security};
use crate::{Scenario, classes};
use domain::ids::{Night, PersonId, SiteId};
use jiff::civil::Date;
use planner::persons::Traveller;
use planner::problem as p;
use std::collections::{BTreeMap, BTreeSet};

/// What is known when a plan is made.
#[derive(Clone)]
pub struct Known<'a> {
    /// The evening of this date: promises announced by then stand.
    pub on: Date,
    /// Nights that nothing moves in.
    pub lost: BTreeSet<Night>,
    /// Nights with fewer slots of cover than promised: slots for each orbit.
    pub partial: BTreeMap<Night, u32>,
    /// The evening from which on a person may board, as far as is known (see `expected`); `None` for
    /// those who are not to be planned for.
    pub ready: &'a dyn Fn(&Person) -> Option<Date>,
}

/// The problem, and who is in which of its classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Planning {
    pub problem: p::Problem,
    /// The id of the class of each person planned for.
    pub class_of: BTreeMap<PersonId, String>,
    /// The people planned for as the seating by name needs to know them, in order of number.
    pub travellers: Vec<Traveller>,
}

/// When a person may board, as known on the evening of a date: the date of the last gate's decision,
/// for a gate not decided yet the date it is scheduled for. `None` when a gate has failed by then, or
/// the person is missing.
pub fn expected(scenario: &Scenario, person: &Person, on: Date) -> Option<Date> {
    if !person.is_open_on(on) {
        return None;
    }
    let due = |gate: Gate| match person.gate(gate) {
        GatePlan::Passed(date) | GatePlan::Failed(date) => Some(date),
        // That it stays undecided is not known: it is waited for from day to day, after its schedule.
        GatePlan::Pending => {
            let to = scenario.cohort.gates.iter().find(|s| s.gate == gate).map(|s| s.to)?;
            if to > on { Some(to) } else { on.tomorrow().ok() }
        }
    };
    Gate::ALL.iter().map(|g| due(*g)).collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// The problem of moving everyone planned for, on the promises known.
///
/// Night 0 is the operation's first night, whatever `known.on` is. People at sites that are no origin
/// are left out, as are juvenile units: nobody is planned into one.
pub fn build(scenario: &Scenario, cohort: &Cohort, known: &Known) -> Planning {
    let operation = &scenario.operation;
    let origins: Vec<&SiteId> = scenario.origins().map(|(s, _)| &s.id).collect();
    let dests: Vec<&SiteId> = scenario.destinations().map(|(s, _)| &s.id).collect();
    let (classes, class_of) = classes::classes(scenario, cohort, known.ready);
    let nights: Vec<Night> = operation.nights().collect();

    let problem = p::Problem {
        name: format!("{} as known on {}", operation.id, known.on),
        nights: nights.len(),
        separation_groups: operation.separation.iter().map(|g| g.id.clone()).collect(),
        conflicts: group_pairs(operation, &operation.conflicts),
        convoy_apart: group_pairs(operation, &operation.convoy_apart),
        nationality_groups: operation.nationality_groups.iter().map(|g| g.id.clone()).collect(),
        vehicle_types: vehicle_types(scenario),
        max_vehicles: operation.max_vehicles as usize,
        team_cost: operation.prices.team.into(),
        orbit_cost: operation.prices.orbit.into(),
        reposition_cost: operation.prices.reposition.into(),
        left_cost: operation.prices.left.into(),
        origins: problem_origins(scenario, nights.len()),
        classes,
        crossings: crossings(scenario, &nights, known),
        cover: nights.iter().map(|n| cover(scenario, *n, known)).collect(),
        facilities: facilities(scenario, &nights, known),
        wings: wings(scenario, &dests),
        routes: routes(scenario, &origins, &dests),
        air: airlift(scenario, &nights, known),
        depots: depots(scenario),
    };
    let travellers = travellers(scenario, cohort, &class_of, known.ready);
    Planning { problem, class_of, travellers }
}

fn travellers(
    scenario: &Scenario,
    cohort: &Cohort,
    class_of: &BTreeMap<PersonId, String>,
    ready: &dyn Fn(&Person) -> Option<Date>,
) -> Vec<Traveller> {
    let nights: Vec<Night> = scenario.operation.nights().collect();
    let days = scenario.operation.first_night.until(scenario.cohort.registered_on);
    let waiting_since = days.map_or(0, |span| span.get_days());
    let mut all = Vec::with_capacity(class_of.len());
    for person in &cohort.people {
        let Some(class) = class_of.get(&person.id) else { continue };
        let others = || person.together.iter().filter(|id| class_of.contains_key(id));
        let group = others().copied().chain([person.id]).min();
        all.push(Traveller {
            number: person.id.to_string(),
            class: class.clone(),
            keep_apart: person.keep_apart.iter().map(PersonId::to_string).collect(),
            together: group.filter(|_| others().count() > 0).map(|id| id.to_string()),
            // Nobody is recorded as under 18; reception finds out.
            under18: false,
            risk: person.security as u8,
            ready: ready(person).map_or(nights.len(), |on| nights.partition_point(|n| *n < on)),
            waiting_since,
            priority: person.health as i32,
            ..Traveller::default()
        });
    }
    all
}

/// Position of `wanted` in an iterator of ids. The reader has checked that it is there.
pub(crate) fn position<T: PartialEq>(mut all: impl Iterator<Item = T>, wanted: T) -> usize {
    all.position(|id| id == wanted).expect("a reference that the reader has checked")
}

fn group_pairs(operation: &Operation, pairs: &[(String, String)]) -> Vec<[usize; 2]> {
    let at = |id: &String| position(operation.separation.iter().map(|g| &g.id), id);
    pairs.iter().map(|(a, b)| [at(a), at(b)]).collect()
}

pub(crate) fn need(need: Need) -> p::Need {
    match need {
        Need::Seat => p::Need::Seat,
        Need::Secure => p::Need::Secure,
        Need::Stretcher => p::Need::Stretcher,
    }
}

pub(crate) fn security(level: Security) -> p::Security {
    match level {
        Security::Low => p::Security::Low,
        Security::Medium => p::Security::Medium,
        Security::High => p::Security::High,
    }
}

pub(crate) fn health(health: Health) -> p::Health {
    match health {
        Health::Fit => p::Health::Fit,
        Health::Medical => p::Health::Medical,
        Health::Stretcher => p::Health::Stretcher,
    }
}

fn rating(rating: Rating) -> p::Security {
    match rating {
        Rating::Low => p::Security::Low,
        Rating::Medium => p::Security::Medium,
        Rating::High => p::Security::High,
    }
}

fn vehicle_types(scenario: &Scenario) -> Vec<p::VehicleType> {
    let each = scenario.fleet.types.iter().map(|t| p::VehicleType {
        id: t.id.clone(),
        places: t.places.into(),
        needs: t.suits.iter().map(|n| need(*n)).collect(),
        guards: t.guards.into(),
        cost: t.cost.into(),
    });
    each.collect()
}

fn problem_origins(scenario: &Scenario, nights: usize) -> Vec<p::Origin> {
    let depots = || scenario.fleet.depots.iter().map(|d| &d.id);
    let each = scenario.origins().map(|(site, o)| {
        let grown = |t: usize| {
            i64::from(o.wait_cost) * (100 + i64::from(o.wait_growth_percent) * t as i64) / 100
        };
        p::Origin {
            id: site.id.to_string(),
            depot: position(depots(), &o.depot),
            out_limit: vec![o.out_limit.into(); nights],
            bays: vec![o.bays.into(); nights],
            safe: o.safe.into(),
            wait_cost: (0..nights).map(grown).collect(),
            over_cost: o.over_cost.into(),
        }
    });
    each.collect()
}

/// The ids of crossings that some route uses, in file order of the sites.
fn crossing_ids(scenario: &Scenario) -> Vec<&SiteId> {
    let used = |id: &SiteId| scenario.routes.iter().any(|r| r.crossing.as_ref() == Some(id));
    scenario.sites.iter().map(|s| &s.id).filter(|id| used(id)).collect()
}

fn crossings(scenario: &Scenario, nights: &[Night], known: &Known) -> Vec<p::Crossing> {
    let slots = |id: &SiteId, night: Night| {
        let row = scenario.crossings.iter().find(|c| c.crossing == *id && c.night == night);
        row.filter(|_| !known.lost.contains(&night)).map_or(0, |c| c.slots.into())
    };
    let each = crossing_ids(scenario).into_iter().map(|id| p::Crossing {
        id: id.to_string(),
        slots: nights.iter().map(|n| slots(id, *n)).collect(),
    });
    each.collect()
}

fn cover(scenario: &Scenario, night: Night, known: &Known) -> p::Cover {
    let row = scenario.cover.iter().find(|c| c.night == night);
    match row.filter(|_| !known.lost.contains(&night)) {
        None => p::Cover { orbits: 0, slots: 0 },
        Some(c) => {
            let slots = known.partial.get(&night).map_or(c.slots, |left| c.slots.min(*left));
            p::Cover { orbits: c.orbits.into(), slots: slots.into() }
        }
    }
}

fn facilities(scenario: &Scenario, nights: &[Night], known: &Known) -> Vec<p::Facility> {
    let promised = scenario.intake_as_known(known.on);
    let groups = || scenario.operation.nationality_groups.iter().map(|g| &g.id);
    let each = scenario.destinations().map(|(site, d)| {
        let intake = |n: &Night| promised.get(&(site.id.clone(), *n)).map_or(0, |n| (*n).into());
        p::Facility {
            id: site.id.to_string(),
            accepts: d.accepts.iter().map(|g| position(groups(), g)).collect(),
            intake: nights.iter().map(intake).collect(),
        }
    });
    each.collect()
}

fn wings(scenario: &Scenario, dests: &[&SiteId]) -> Vec<p::Wing> {
    let mut all = Vec::new();
    for (site, _) in scenario.destinations() {
        let facility = position(dests.iter().copied(), &site.id);
        all.extend(site.units.iter().filter(|u| !u.juvenile).map(|u| p::Wing {
            id: u.id.to_string(),
            facility,
            capacity: u.capacity.into(),
            rating: rating(u.rating),
            medical: u.medical,
        }));
    }
    all
}

fn routes(scenario: &Scenario, origins: &[&SiteId], dests: &[&SiteId]) -> Vec<p::Route> {
    let crossings = crossing_ids(scenario);
    let nights = scenario.operation.nights as usize;
    let each = scenario.routes.iter().map(|r| {
        let hours = scenario.hours(r);
        let crossing = r.crossing.as_ref().map(|id| position(crossings.iter().copied(), id));
        p::Route {
            id: r.id.clone(),
            way: match (r.kind, crossing) {
                (RouteKind::Road, Some(crossing)) => p::Way::Road { crossing },
                _ => p::Way::Air,
            },
            origin: position(origins.iter().copied(), &r.origin),
            dest: position(dests.iter().copied(), &r.dest),
            hours,
            risk: vec![r.risk; nights],
            road_cost: vec![(100.0 * hours * r.risk).round() as i64; nights],
            exposure: r.expo_slots.into(),
            cycle: r.cycle_nights as usize,
            team_cycle: r.team_cycle_nights as usize,
            teams: r.teams.into(),
        }
    });
    each.collect()
}

fn airlift(scenario: &Scenario, nights: &[Night], known: &Known) -> p::Airlift {
    let craft = &scenario.fleet.aircraft;
    let sorties = |n: &Night| match craft.sorties.get(n) {
        Some(sorties) if !known.lost.contains(n) => (*sorties).into(),
        _ => 0,
    };
    p::Airlift {
        places: craft.places.into(),
        litters: craft.litters.into(),
        cost: scenario.operation.prices.air.into(),
        sorties: nights.iter().map(sorties).collect(),
    }
}

fn depots(scenario: &Scenario) -> Vec<p::Depot> {
    let types = &scenario.fleet.types;
    let by_type = |counts: &BTreeMap<String, u32>| -> Vec<i64> {
        types.iter().map(|t| counts.get(&t.id).copied().unwrap_or(0).into()).collect()
    };
    let each = scenario.fleet.depots.iter().map(|d| p::Depot {
        id: d.id.clone(),
        fleet: by_type(&d.fleet),
        park: by_type(&d.parking),
        teams: d.teams.into(),
        guards: d.guards.into(),
    });
    each.collect()
}
