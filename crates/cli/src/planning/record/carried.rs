//! What was carried out of a plan, by the record.

use super::person::place;
use domain::{Event, MovementId, Night, PersonId, SiteId, Standing, UnitId, VehicleId};
use planner::plan::{PlanDocument, PlanMovement};
use scenario::Scenario;
use simulator::{CarriedOut, CarriedVehicle};
use std::collections::{BTreeMap, BTreeSet};
use store::State;

/// The movements of nights gone by that took place, with those whom they brought or still carry.
pub fn carried_out(
    scenario: &Scenario,
    state: &State,
    plan: &PlanDocument,
    from: Night,
) -> Vec<CarriedOut> {
    let nights: Vec<Night> = scenario.operation.nights().collect();
    let gone_by = plan.movements.iter().filter_map(|m| {
        let night = *nights.get(m.night).filter(|night| **night < from)?;
        Some((MovementId { night, number: u8::try_from(m.number).ok()? }, m))
    });
    gone_by.filter_map(|(movement, m)| took_place(scenario, state, plan, movement, m)).collect()
}

fn took_place(
    scenario: &Scenario,
    state: &State,
    plan: &PlanDocument,
    movement: MovementId,
    planned: &PlanMovement,
) -> Option<CarriedOut> {
    let route = scenario.route(&planned.route)?;
    let mut aboard: BTreeMap<VehicleId, BTreeSet<PersonId>> = BTreeMap::new();
    for fact in state.record.movement_facts(movement) {
        if let Event::Boarded { vehicle, people, .. } = &fact.event
            && state.record.keys().counts(fact)
        {
            let people = people.iter().map(|link| link.person);
            aboard.entry(vehicle.clone()).or_default().extend(people);
        }
    }
    let kinds: BTreeMap<VehicleId, String> =
        scenario.fleet.vehicles().into_iter().map(|v| (v.id, v.kind)).collect();
    let vehicle = |(vehicle, people): (VehicleId, BTreeSet<PersonId>)| {
        let listed = planned.vehicles.iter().find(|v| v.id == vehicle.as_str());
        let kind =
            listed.map(|v| v.vehicle_type.clone()).or_else(|| kinds.get(&vehicle).cloned())?;
        let bed = |person: PersonId| {
            let standing = state.record.standing(person)?;
            let unit = bed_of(standing, &route.dest, plan, person)?;
            Some((person, unit))
        };
        Some(CarriedVehicle {
            vehicle,
            kind,
            admitted: people.into_iter().filter_map(bed).collect(),
        })
    };
    let vehicles: Vec<_> = aboard.into_iter().filter_map(vehicle).collect();
    if vehicles.is_empty() {
        return None;
    }
    Some(CarriedOut { movement, route: route.id.clone(), orbit: planned.orbit, vehicles })
}

/// Where somebody who boarded has a bed: the unit at the destination, or the plan's while they are on the
/// way there. `None` for those who did not arrive.
fn bed_of(
    standing: &Standing,
    dest: &SiteId,
    plan: &PlanDocument,
    person: PersonId,
) -> Option<UnitId> {
    match place(standing) {
        Some(unit) => Some(unit).filter(|unit| unit.site() == dest),
        None => UnitId::parse(plan.beds.get(&person.to_string())?).ok(),
    }
}
