//! Puts seats, names, cost and bound together into one document.

use std::collections::BTreeMap;

use super::{
    Limits, MovementKind, NamedReposition, PlanDocument, PlanMovement, PlanVehicle, Since,
    gap_basis_points,
};
use crate::bound::Proof;
use crate::persons::{SeatIn, Seating};
use crate::problem::Problem;
use crate::roster::{RosterError, roster};

/// What the caller knows about a revision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heading {
    pub operation: String,
    pub revision: u32,
    /// Content hash of the plan it replaces.
    pub parent: Option<String>,
    /// Digest of the problem, as the caller makes it.
    pub problem: Option<String>,
    pub why: String,
    /// What a revision knows of what went before.
    pub since: Option<Since>,
    pub seed: u64,
    pub limits: Limits,
    /// Digest of the bound's certificate, as the caller makes it.
    pub certificate: Option<String>,
}

impl PlanDocument {
    /// The document of a seated plan, with vehicles and teams by name.
    ///
    /// # Errors
    /// When the plan breaks a rule.
    pub fn compose(
        problem: &Problem,
        seating: &Seating,
        proof: &Proof,
        heading: Heading,
    ) -> Result<Self, RosterError> {
        let plan = &seating.plan;
        let names = roster(problem, plan)?;
        let cost = crate::check::check(problem, plan).cost;
        let mut aboard: BTreeMap<SeatIn, Vec<String>> = BTreeMap::new();
        for (person, seat) in &seating.seats {
            aboard.entry(*seat).or_default().push(person.clone());
        }
        let mut persons = |seat: SeatIn| aboard.remove(&seat).unwrap_or_default();
        let mut movements = Vec::new();
        for (convoy, c) in plan.convoys.iter().enumerate() {
            let vehicles = (c.vehicles.iter().enumerate())
                .map(|(vehicle, v)| PlanVehicle {
                    id: names.convoys[convoy][vehicle].clone(),
                    vehicle_type: v.vehicle_type.clone(),
                    load: v.load.clone(),
                    persons: persons(SeatIn::Vehicle { convoy, vehicle }),
                })
                .collect();
            movements.push(PlanMovement {
                number: 0,
                night: c.night.max(0) as usize,
                kind: MovementKind::Convoy,
                route: c.route.clone(),
                orbit: usize::try_from(c.orbit).ok(),
                vehicles,
                teams: names.convoy_teams[convoy].clone(),
            });
        }
        let mut flights = vec![0; problem.nights];
        for (sortie, s) in plan.sorties.iter().enumerate() {
            let night = s.night.max(0) as usize;
            flights[night] += 1;
            movements.push(PlanMovement {
                number: 0,
                night,
                kind: MovementKind::Flight,
                route: s.route.clone(),
                orbit: None,
                vehicles: vec![PlanVehicle {
                    id: format!("aircraft-{:02}", flights[night]),
                    vehicle_type: "aircraft".to_owned(),
                    load: s.load.clone(),
                    persons: persons(SeatIn::Aircraft { sortie }),
                }],
                teams: names.sortie_teams[sortie].clone(),
            });
        }
        movements.sort_by_key(|m| m.night);
        let mut numbers = vec![0; problem.nights];
        for m in &mut movements {
            numbers[m.night] += 1;
            m.number = numbers[m.night];
        }
        let repositions = (plan.repositions.iter().zip(names.repositions))
            .map(|(r, vehicles)| NamedReposition {
                night: r.night.max(0) as usize,
                from: r.from.clone(),
                to: r.to.clone(),
                vehicle_type: r.vehicle_type.clone(),
                vehicles,
            })
            .collect();
        let total = cost.total();
        Ok(Self {
            format: Self::FORMAT.to_owned(),
            operation: heading.operation,
            revision: heading.revision,
            parent: heading.parent,
            problem: heading.problem,
            why: heading.why,
            since: heading.since,
            seed: heading.seed,
            limits: heading.limits,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            nights: problem.nights,
            cost,
            total,
            bound: proof.bound,
            gap_basis_points: gap_basis_points(total, proof.bound),
            certificate: heading.certificate,
            movements,
            repositions,
            housing: plan.housing.clone(),
            beds: seating.beds.clone(),
            unplaced: seating.unplaced.clone(),
            unmet: seating.unmet.clone(),
        })
    }
}
