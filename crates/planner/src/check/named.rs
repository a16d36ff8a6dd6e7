//! A plan document beside the people it is for: who sits where, and which vehicle goes when.

use std::collections::BTreeMap;

use super::Findings;
use crate::persons::Traveller;
use crate::plan::{MovementKind, PlanDocument, PlanMovement, PlanVehicle, UnmetKind};
use crate::problem::{Problem, slug};

/// Position in the document's movements, and in the movement's vehicles.
pub(super) type SeatAt = (usize, usize);

pub(super) struct NamedCase<'a> {
    pub problem: &'a Problem,
    pub document: &'a PlanDocument,
    pub travellers: BTreeMap<&'a str, &'a Traveller>,
    pub seats: BTreeMap<&'a str, Vec<SeatAt>>,
    /// People of each group that belongs together.
    pub together: BTreeMap<&'a str, Vec<&'a str>>,
}

/// A vehicle leaving a depot, by road or empty, and where and when it can be used again.
pub(super) struct VehicleUse<'a> {
    pub vehicle: &'a str,
    pub depot: usize,
    pub kind: usize,
    pub to: usize,
    pub back: usize,
}

impl<'a> NamedCase<'a> {
    pub fn new(
        problem: &'a Problem,
        travellers: &'a [Traveller],
        document: &'a PlanDocument,
    ) -> Self {
        let mut seats: BTreeMap<&str, Vec<SeatAt>> = BTreeMap::new();
        for (m, movement) in document.movements.iter().enumerate() {
            for (v, vehicle) in movement.vehicles.iter().enumerate() {
                for person in &vehicle.persons {
                    seats.entry(person).or_default().push((m, v));
                }
            }
        }
        let mut together: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for t in travellers {
            if let Some(group) = &t.together {
                together.entry(group).or_default().push(&t.number);
            }
        }
        let travellers = travellers.iter().map(|t| (t.number.as_str(), t)).collect();
        Self { problem, document, travellers, seats, together }
    }

    pub fn seat(&self, person: &str) -> Option<SeatAt> {
        self.seats.get(person).and_then(|seats| seats.first().copied())
    }

    /// Every vehicle and aircraft with its movement; none when the plan is for classes only.
    pub fn vehicles(&self) -> impl Iterator<Item = (&'a PlanMovement, &'a PlanVehicle)> {
        let document = self.document;
        let movements = if self.travellers.is_empty() { &[][..] } else { &document.movements };
        movements.iter().flat_map(|m| m.vehicles.iter().map(move |v| (m, v)))
    }

    /// Pairs who must be kept apart, each once.
    pub fn apart_pairs(&self) -> Vec<[&'a str; 2]> {
        let mut pairs: Vec<[&str; 2]> = (self.travellers.values())
            .flat_map(|t| t.keep_apart.iter().map(|other| [t.number.as_str(), other.as_str()]))
            .filter(|[a, b]| a != b)
            .map(|[a, b]| if a < b { [a, b] } else { [b, a] })
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    pub fn place(&self, (m, v): SeatAt) -> String {
        let m = &self.document.movements[m];
        format!("night {} movement {} {}", m.night, m.number, m.vehicles[v].id)
    }

    /// Facility a seat leads to.
    pub fn facility(&self, (m, _): SeatAt) -> Option<usize> {
        let route = &self.document.movements[m].route;
        self.problem.routes.iter().find(|r| r.id == *route).map(|r| r.dest)
    }

    pub fn wing_facility(&self, wing: &str) -> Option<usize> {
        self.problem.wings.iter().find(|w| w.id == wing).map(|w| w.facility)
    }

    pub fn vehicle_name(&self, depot: &str, kind: &str, n: i64) -> String {
        slug::vehicle_name(depot, kind, n)
    }

    pub fn team_name(&self, depot: &str, n: i64) -> String {
        slug::team_name(depot, n)
    }

    /// What is used in each night: vehicles of convoys, and repositions.
    pub fn vehicle_uses(&self) -> Vec<Vec<VehicleUse<'a>>> {
        let p = self.problem;
        let kind_of = |id: &str| p.vehicle_types.iter().position(|v| v.id == id);
        let depot_of = |id: &str| p.depots.iter().position(|d| d.id == id);
        let mut uses: Vec<Vec<VehicleUse>> = (0..p.nights).map(|_| Vec::new()).collect();
        for m in self.document.movements.iter().filter(|m| m.kind == MovementKind::Convoy) {
            let Some(route) = p.routes.iter().find(|r| r.id == m.route) else { continue };
            let depot = p.origins[route.origin].depot;
            let Some(tonight) = uses.get_mut(m.night) else { continue };
            for v in &m.vehicles {
                let Some(kind) = kind_of(&v.vehicle_type) else { continue };
                let back = m.night + route.cycle;
                tonight.push(VehicleUse { vehicle: &v.id, depot, kind, to: depot, back });
            }
        }
        for r in &self.document.repositions {
            let (Some(depot), Some(to), Some(kind)) =
                (depot_of(&r.from), depot_of(&r.to), kind_of(&r.vehicle_type))
            else {
                continue;
            };
            let Some(tonight) = uses.get_mut(r.night) else { continue };
            for vehicle in &r.vehicles {
                tonight.push(VehicleUse { vehicle, depot, kind, to, back: r.night + 1 });
            }
        }
        uses
    }

    /// Adds a wish not met: as stated when the document lists it, else as broken.
    pub fn report(&self, found: &mut Findings, kind: UnmetKind, persons: &[&str], place: &str) {
        let listed = self.document.unmet.iter().any(|u| {
            u.kind == kind && persons.iter().all(|p| u.persons.iter().any(|listed| listed == p))
        });
        let text = format!("{place}: {}", persons.join(", "));
        if listed { found.add_stated(text) } else { found.add(text) }
    }
}
