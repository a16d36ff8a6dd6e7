//! A plan document beside the people it is for: who sits where, and which vehicle goes when.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::Findings;
use crate::persons::Traveller;
use crate::plan::{MovementKind, PlanDocument, PlanMovement, PlanVehicle, UnmetKind};
use crate::problem::{Class, Problem, slug};

/// Position in the document's movements, and in the movement's vehicles.
pub(super) type SeatAt = (usize, usize);

pub(super) struct NamedCase<'a> {
    pub problem: &'a Problem,
    pub document: &'a PlanDocument,
    pub travellers: BTreeMap<&'a str, &'a Traveller>,
    pub seats: BTreeMap<&'a str, Vec<SeatAt>>,
    /// People of each group that belongs together, of one origin and separation group, who have
    /// not gone by.
    pub together: BTreeMap<Kin<'a>, Vec<&'a str>>,
    /// The plan replaced, when it is at hand.
    pub parent: Option<&'a PlanDocument>,
}

/// A group that belongs together, as far as it can: at one origin, in one separation group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kin<'a> {
    pub name: &'a str,
    pub origin: usize,
    pub separation: usize,
}

impl fmt::Display for Kin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
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
        parent: Option<&'a PlanDocument>,
    ) -> Self {
        let mut seats: BTreeMap<&str, Vec<SeatAt>> = BTreeMap::new();
        for (m, movement) in document.movements.iter().enumerate() {
            for (v, vehicle) in movement.vehicles.iter().enumerate() {
                for person in &vehicle.persons {
                    seats.entry(person).or_default().push((m, v));
                }
            }
        }
        let numbers = travellers.iter().map(|t| (t.number.as_str(), t)).collect();
        let together = BTreeMap::new();
        let mut case = Self { problem, document, travellers: numbers, seats, together, parent };
        for t in travellers {
            let (Some(name), Some(class)) = (&t.together, case.class(&t.class)) else { continue };
            if !case.moved(&t.number) {
                let (origin, separation) = (class.origin, class.separation);
                let kin = Kin { name, origin, separation };
                case.together.entry(kin).or_default().push(&t.number);
            }
        }
        case
    }

    pub fn class(&self, id: &str) -> Option<&'a Class> {
        self.problem.classes.iter().find(|c| c.id == id)
    }

    pub fn class_of(&self, person: &str) -> Option<&'a Class> {
        self.class(&self.travellers.get(person)?.class)
    }

    /// Whether a revision could not change that night any more.
    pub fn gone_by(&self, night: usize) -> bool {
        self.document.since.as_ref().is_some_and(|since| night < since.night)
    }

    /// Whether somebody moved in a night that a revision could not change.
    fn moved(&self, person: &str) -> bool {
        self.seat(person).is_some_and(|(m, _)| self.gone_by(self.document.movements[m].night))
    }

    /// Everyone who is to be apart from or together with somebody.
    pub fn tied(&self) -> BTreeSet<&'a str> {
        let pairs = self.apart_pairs().into_iter().flat_map(|(a, b, _)| [a, b]);
        let groups = self.together.values().filter(|people| people.len() > 1);
        pairs.chain(groups.flatten().copied()).collect()
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

    /// Pairs who must be kept apart, each once, and whether in the convoy too. Those who have both
    /// moved are no longer the plan's to part.
    pub fn apart_pairs(&self) -> Vec<(&'a str, &'a str, bool)> {
        let mut pairs: BTreeMap<(&str, &str), bool> = BTreeMap::new();
        let mut add = |a: &'a str, b: &'a str, convoy: bool| {
            if a != b && !(self.moved(a) && self.moved(b)) {
                *pairs.entry((a.min(b), a.max(b))).or_insert(false) |= convoy;
            }
        };
        let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for t in self.travellers.values() {
            t.keep_apart.iter().for_each(|other| add(&t.number, other, false));
            t.convoy_apart.iter().for_each(|other| add(&t.number, other, true));
            for group in &t.apart_groups {
                let members = groups.entry(group).or_default();
                members.iter().for_each(|other| add(&t.number, other, false));
                members.push(&t.number);
            }
        }
        pairs.into_iter().map(|((a, b), convoy)| (a, b, convoy)).collect()
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
