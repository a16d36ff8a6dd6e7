//! The request that a revision answered, from its document and the plan it replaced.

use anyhow::Context;
use domain::{AdoptionReason, MovementId, PersonId, UnitId, VehicleId};
use planner::plan::{PlanDocument, PlanMovement};
use scenario::Scenario;
use simulator::{CarriedOut, CarriedVehicle, PlanRequest};
use std::collections::BTreeMap;

/// What was asked when revision `plan` was made.
///
/// The plan in force then is not part of it: that only matters to whoever searches.
///
/// # Errors
/// When `plan` does not say what it stands on.
pub fn request_of(scenario: &Scenario, plan: &PlanDocument) -> anyhow::Result<PlanRequest> {
    let since = plan.since.as_ref().context("the revision does not say what it stands on")?;
    let nights: Vec<_> = scenario.operation.nights().collect();
    let night = |n: usize| nights.get(n).copied().with_context(|| format!("there is no night {n}"));
    let gone_by = plan.movements.iter().filter(|m| m.night < since.night);
    let carried_out = gone_by.map(|m| carried_out(m, night(m.night)?, &plan.beds));
    let staying = since.staying.iter().map(|p| Ok(PersonId::parse(p)?));
    Ok(PlanRequest {
        revision: plan.revision,
        parent: None,
        why: AdoptionReason::from_code(&plan.why).unwrap_or(AdoptionReason::Evening),
        from: night(since.night)?,
        known_on: since.known_on.parse().context("known_on is not a date")?,
        carried_out: carried_out.collect::<anyhow::Result<_>>()?,
        in_force: None,
        staying: staying.collect::<anyhow::Result<_>>()?,
    })
}

fn carried_out(
    m: &PlanMovement,
    night: domain::Night,
    beds: &BTreeMap<String, String>,
) -> anyhow::Result<CarriedOut> {
    let mut vehicles = Vec::new();
    for v in &m.vehicles {
        let mut admitted = Vec::new();
        for person in &v.persons {
            let bed = beds.get(person).with_context(|| format!("{person} has no bed"))?;
            admitted.push((PersonId::parse(person)?, UnitId::parse(bed)?));
        }
        let vehicle = VehicleId::new(&v.id)?;
        vehicles.push(CarriedVehicle { vehicle, kind: v.vehicle_type.clone(), admitted });
    }
    let number = u8::try_from(m.number).context("a movement's number is at most 99")?;
    let (movement, route) = (MovementId { night, number }, m.route.clone());
    Ok(CarriedOut { movement, route, orbit: m.orbit, vehicles })
}
