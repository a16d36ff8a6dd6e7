//! A planner of one rule: each night one convoy from each prison in turn, as many as the receivers
//! promised, those cleared first. It knows nothing of cost; the play does not mind.

use domain::{Night, PersonId, PlanHash};
use planner::plan::{Cost, Limits, MovementKind, PlanDocument, PlanMovement, PlanVehicle};
use scenario::{Cohort, RouteKind, Scenario};
use simulator::{PlanRequest, Planner};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub struct ByHand {
    pub scenario: Arc<Scenario>,
    pub cohort: Cohort,
}

impl ByHand {
    fn movements_of(
        &self,
        night: Night,
        index: usize,
        request: &PlanRequest,
        gone: &mut BTreeSet<PersonId>,
        beds: &mut BTreeMap<String, String>,
    ) -> Vec<PlanMovement> {
        let promised = self.scenario.intake_as_known(request.known_on);
        let mut movements = Vec::new();
        for (dest, _) in self.scenario.destinations() {
            let places = promised.get(&(dest.id.clone(), night)).copied().unwrap_or(0) as usize;
            let ready = |p: &&scenario::Person| {
                p.cleared_on().is_some_and(|on| on < night)
                    && !gone.contains(&p.id)
                    && !request.staying.contains(&p.id)
            };
            let mut people: Vec<_> = self.cohort.people.iter().filter(ready).collect();
            people.sort_by_key(|p| p.id);
            let mut at: BTreeMap<_, usize> = BTreeMap::new();
            for person in &people {
                *at.entry(person.unit.site().clone()).or_default() += 1;
            }
            let Some((origin, _)) = at.into_iter().max_by_key(|(_, n)| *n) else { continue };
            let people: Vec<_> = people
                .into_iter()
                .filter(|p| *p.unit.site() == origin)
                .take(places.min(300))
                .collect();
            let route = self
                .scenario
                .routes
                .iter()
                .find(|r| r.kind == RouteKind::Road && r.origin == origin && r.dest == dest.id);
            let (Some(route), false) = (route, people.is_empty()) else { continue };
            let unit = dest.units.iter().find(|u| !u.juvenile).unwrap();
            gone.extend(people.iter().map(|p| p.id));
            beds.extend(people.iter().map(|p| (p.id.to_string(), unit.id.to_string())));
            let number = movements.len() as u32 + 1;
            let vehicles = people.chunks(45).enumerate().map(|(i, people)| PlanVehicle {
                id: format!("n{index}-m{number}-bus-{i}"),
                vehicle_type: "bus".into(),
                load: BTreeMap::new(),
                persons: people.iter().map(|p| p.id.to_string()).collect(),
            });
            movements.push(PlanMovement {
                number,
                night: index,
                kind: MovementKind::Convoy,
                route: route.id.clone(),
                orbit: Some(0),
                vehicles: vehicles.collect(),
                teams: vec![],
            });
        }
        movements
    }
}

impl Planner for ByHand {
    fn plan(&mut self, request: &PlanRequest) -> Result<PlanDocument, String> {
        let operation = &self.scenario.operation;
        let from = operation.night_index(request.from).ok_or("no such night")?;
        let done = request.carried_out.iter().flat_map(|c| &c.vehicles);
        let mut gone: BTreeSet<_> = done.flat_map(|v| v.admitted.iter().map(|(p, _)| *p)).collect();
        let mut beds = BTreeMap::new();
        let mut movements = Vec::new();
        for (index, night) in operation.nights().enumerate().skip(from) {
            movements.extend(self.movements_of(night, index, request, &mut gone, &mut beds));
        }
        Ok(PlanDocument {
            format: PlanDocument::FORMAT.into(),
            operation: operation.id.to_string(),
            revision: request.revision,
            since: None,
            parent: request.parent.map(|p| p.to_string()),
            problem: None,
            why: request.why.to_string(),
            seed: 1,
            limits: Limits::default(),
            version: "by hand".into(),
            nights: operation.nights as usize,
            cost: Cost::default(),
            total: 0,
            bound: 0,
            gap_basis_points: 0,
            certificate: None,
            movements,
            repositions: vec![],
            housing: vec![],
            beds,
            unplaced: vec![],
            unmet: vec![],
        })
    }

    fn hash(&self, plan: &PlanDocument) -> PlanHash {
        PlanHash(log::hash_of(&plan.canonical_bytes()).0)
    }
}
