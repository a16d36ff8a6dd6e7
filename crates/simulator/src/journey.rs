//! A movement from the frozen manifest to arrival: boarded, handed over at the gate, under way.

use crate::agenda::Item;
use crate::cast::Signatory;
use crate::play::{CarriedOut, CarriedVehicle, Play};
use crate::weather_gate;
use domain::*;
use jiff::{SignedDuration, Timestamp};
use planner::plan::PlanMovement;
use scenario::Route;
use std::collections::{BTreeMap, BTreeSet};

/// One convoy or flight of tonight.
#[derive(Debug, Clone)]
pub(crate) struct Journey {
    pub planned: PlanMovement,
    pub route: Route,
    /// From the manifest: vehicle, its type, its people.
    pub aboard: Vec<(VehicleId, String, Vec<PersonId>)>,
    pub departs: Timestamp,
    pub stops: Vec<Stop>,
    pub arrives: Timestamp,
    /// The open offer, at the gate or at the destination.
    pub offer: Option<FactHash>,
    /// The bed that the plan gave each, when the movement was taken up: a later plan does not move
    /// people who are under way.
    pub beds: BTreeMap<PersonId, UnitId>,
    /// Whom the receiver took, with the unit each was placed in; `None` until they are settled.
    pub admitted: Option<BTreeMap<PersonId, UnitId>>,
}

/// A place on the way where the convoy is reported.
#[derive(Debug, Clone)]
pub(crate) struct Stop {
    pub at: Timestamp,
    pub waypoint: WaypointId,
    /// The site whose border officer counts heads here.
    pub border: Option<SiteId>,
}

impl Journey {
    pub fn people(&self) -> Vec<PersonId> {
        self.aboard.iter().flat_map(|(_, _, people)| people.iter().copied()).collect()
    }
    pub fn count(&self) -> u32 {
        self.aboard.iter().map(|(_, _, people)| people.len() as u32).sum()
    }
}

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

impl Play {
    /// Tonight's movements by the plan in force: manifests are frozen at half past four.
    pub(crate) fn take_up(&mut self, night: Night) {
        let Some(index) = self.scenario.operation.night_index(night) else { return };
        let Some((_, plan)) = &self.plan else { return };
        let given = plan.beds.iter();
        let beds: BTreeMap<PersonId, UnitId> = given
            .filter_map(|(p, bed)| Some((PersonId::parse(p).ok()?, UnitId::parse(bed).ok()?)))
            .collect();
        let tonight: Vec<_> = plan.movements.iter().filter(|m| m.night == index).cloned().collect();
        let freeze = self.on(night, 16, 30);
        for planned in tonight {
            let movement = MovementId { night, number: planned.number.min(99) as u8 };
            let Some(route) = self.scenario.route(&planned.route).cloned() else { continue };
            let departs = self.departure(night, movement.number);
            let (stops, arrives) = self.course(&route, departs);
            let (aboard, offer, admitted) = (Vec::new(), None, None);
            let beds = beds.clone();
            let journey =
                Journey { planned, route, aboard, departs, stops, arrives, offer, beds, admitted };
            self.journeys.insert(movement, journey);
            self.agenda.put(freeze, Item::Freeze(movement));
        }
    }

    /// One after another, twenty minutes apart, from the moment cover is on station.
    fn departure(&self, night: Night, number: u8) -> Timestamp {
        let cover = self.scenario.cover.iter().find(|c| c.night == night);
        let on_station = cover.map(|c| self.on(night, c.from.hour(), c.from.minute()));
        let first = self.on(night, 19, 30).max(on_station.unwrap_or(Timestamp::MIN));
        first + MINUTE * 20 * (i32::from(number) - 1)
    }

    /// When a movement passes each reporting place, and when it arrives.
    fn course(&self, route: &Route, departs: Timestamp) -> (Vec<Stop>, Timestamp) {
        let mut stops = Vec::new();
        let mut at = departs;
        let after = |from: Timestamp, hours: f64| {
            from + SignedDuration::from_secs((hours * 3600.0).round() as i64)
        };
        for leg in self.scenario.legs_of(route) {
            for waypoint in &leg.waypoints {
                let at = after(at, leg.hours * waypoint.at);
                stops.push(Stop { at, waypoint: waypoint.id.clone(), border: None });
            }
            at = after(at, leg.hours);
            if leg.to != route.dest
                && let Ok(waypoint) = WaypointId::new(leg.to.as_str())
            {
                let border = (route.crossing.as_ref() == Some(&leg.to)).then(|| leg.to.clone());
                stops.push(Stop { at, waypoint, border });
            }
        }
        (stops, at)
    }

    /// The frozen list holds only those whom every rule lets board; a movement with nobody left
    /// is cancelled.
    pub(crate) fn freeze(&mut self, at: Timestamp, movement: MovementId) {
        let Some(journey) = self.journeys.get(&movement) else { return };
        let Some(by) = self.at_site(&journey.route.origin, Role::Planner) else { return };
        let mut aboard = Vec::new();
        let mut turned_away = false;
        for vehicle in &journey.planned.vehicles {
            let listed: Vec<_> =
                vehicle.persons.iter().filter_map(|p| PersonId::parse(p).ok()).collect();
            let may_board = |p: &PersonId| {
                rules::freeze_manifest(&self.record, &by.authority, &[*p]).is_empty()
            };
            let people: Vec<_> = listed.iter().copied().filter(may_board).collect();
            turned_away |= people.len() < listed.len();
            if let (Ok(id), false) = (VehicleId::new(&vehicle.id), people.is_empty()) {
                aboard.push((id, vehicle.vehicle_type.clone(), people));
            }
        }
        if turned_away {
            self.stale.get_or_insert(AdoptionReason::GatesDecided);
        }
        if aboard.is_empty() {
            self.journeys.remove(&movement);
            let why = CancelReason::NoVehicle;
            self.say(at, &by, Event::MovementCancelled { movement, why });
            return;
        }
        let vehicles = aboard.iter().map(|(id, _, people)| (id.clone(), people.clone())).collect();
        self.say(at, &by, Event::ManifestFrozen { movement, vehicles });
        if let Some(journey) = self.journeys.get_mut(&movement) {
            let listed: BTreeSet<_> = aboard.iter().flat_map(|(_, _, people)| people).collect();
            journey.beds.retain(|person, _| listed.contains(person));
            journey.aboard = aboard;
        }
    }

    /// The evening's decision: cover stands and what it can cover goes, or the night is lost.
    pub(crate) fn decide_cover(&mut self, at: Timestamp, night: Night) {
        let Some(cover) = self.scenario.cover.iter().find(|c| c.night == night).cloned() else {
            return;
        };
        let end = if cover.to < cover.from { crate::play::next_day(night) } else { night };
        let window = (
            self.on(night, cover.from.hour(), cover.from.minute()),
            self.on(end, cover.to.hour(), cover.to.minute()),
        );
        let decided = weather_gate::decide(&self.scenario, &cover, window, at);
        let by = Signatory::of(&self.cast.air_cover, Role::AirCover, None);
        let (decision, reports) = (decided.decision, decided.reports);
        self.say(at, &by, Event::CoverDecided { night, decision, reports });

        let mut left: BTreeMap<usize, u32> = BTreeMap::new();
        let tonight: Vec<_> = self.journeys.keys().filter(|m| m.night == night).copied().collect();
        for movement in tonight {
            let Some(journey) = self.journeys.get(&movement) else { continue };
            let goes = match (decision, journey.planned.orbit) {
                (CoverDecision::Withdrawn, _) => false,
                // A flight takes no orbit, but does not fly where cover cannot.
                (CoverDecision::Stands { .. }, None) => true,
                (CoverDecision::Stands { slots, .. }, Some(orbit)) => {
                    let left = left.entry(orbit).or_insert(slots);
                    let needed = journey.route.expo_slots;
                    *left >= needed && {
                        *left -= needed;
                        true
                    }
                }
            };
            if goes {
                self.send(movement);
            } else {
                self.cancel(at, movement);
            }
        }
    }

    fn cancel(&mut self, at: Timestamp, movement: MovementId) {
        let Some(journey) = self.journeys.remove(&movement) else { return };
        self.stale = Some(AdoptionReason::NightLost);
        if let Some(by) = self.at_site(&journey.route.origin, Role::Planner) {
            let why = CancelReason::NoCover;
            self.say(at + MINUTE * 5, &by, Event::MovementCancelled { movement, why });
        }
    }

    /// Puts everything from boarding to reception on the agenda.
    fn send(&mut self, movement: MovementId) {
        let Some(journey) = self.journeys.get(&movement) else { return };
        let (departs, arrives) = (journey.departs, journey.arrives);
        for vehicle in 0..journey.aboard.len() {
            let at = departs - MINUTE * 45 + MINUTE * 4 * vehicle as i32;
            self.agenda.put(at, Item::Board(movement, vehicle));
        }
        let stops: Vec<_> = journey.stops.iter().map(|s| s.at).collect();
        self.agenda.put(departs - MINUTE * 10, Item::OfferAtGate(movement));
        self.agenda.put(departs - MINUTE * 5, Item::TakeAtGate(movement));
        self.agenda.put(departs, Item::Depart(movement));
        for (i, at) in stops.into_iter().enumerate() {
            self.agenda.put(at, Item::Pass(movement, i));
        }
        self.agenda.put(arrives, Item::Arrive(movement));
        self.agenda.put(arrives + MINUTE * 10, Item::OfferAtDestination(movement));
        self.agenda.put(arrives + MINUTE * 40, Item::Receive(movement));
        self.agenda.put(arrives + MINUTE * 75, Item::Settle(movement));
    }

    pub(crate) fn board(&mut self, at: Timestamp, movement: MovementId, vehicle: usize) {
        let Some(journey) = self.journeys.get(&movement) else { return };
        let Some(by) = self.at_site(&journey.route.origin, Role::Gate) else { return };
        let Some((vehicle, _, people)) = journey.aboard.get(vehicle).cloned() else { return };
        let people = self.links(&people, &by.authority);
        self.say_if_any(at, &by, people, |people| Event::Boarded { movement, vehicle, people });
    }

    pub(crate) fn offer_at_gate(&mut self, at: Timestamp, movement: MovementId) {
        let Some(journey) = self.journeys.get(&movement) else { return };
        let Some(by) = self.at_site(&journey.route.origin, Role::Gate) else { return };
        let (to, site) = (self.cast.escort.clone(), journey.route.origin.clone());
        let people = journey.people();
        self.offer(at, movement, &by, to, site, &people);
    }

    /// Signs an offer of those whom `by` holds, and remembers it until it is answered.
    pub(crate) fn offer(
        &mut self,
        at: Timestamp,
        movement: MovementId,
        by: &Signatory,
        to: AuthorityId,
        site: SiteId,
        people: &[PersonId],
    ) {
        let people = self.links(people, &by.authority);
        let offer = self.say_if_any(at, by, people, |people| Event::HandoverOffered {
            movement,
            to,
            site,
            people,
        });
        if let Some(journey) = self.journeys.get_mut(&movement) {
            journey.offer = offer;
        }
    }

    pub(crate) fn take_at_gate(&mut self, at: Timestamp, movement: MovementId) {
        let commander = self.commander(movement);
        self.answer(at, movement, &commander, |_| Answer::Accepted);
    }

    /// Signs the answer to the open offer, person by person.
    pub(crate) fn answer(
        &mut self,
        at: Timestamp,
        movement: MovementId,
        by: &Signatory,
        say: impl Fn(PersonId) -> Answer,
    ) -> Option<FactHash> {
        let offer = self.journeys.get_mut(&movement)?.offer.take()?;
        let offered = self.record.fact(&offer)?.people();
        let outcomes = offered.into_iter().map(|p| (p, say(p))).collect();
        Some(self.say(at, by, Event::HandoverAnswered { offer, outcomes }))
    }

    pub(crate) fn depart(&mut self, at: Timestamp, movement: MovementId) {
        let Some(aboard) = self.journeys.get(&movement).map(Journey::count) else { return };
        let by = self.commander(movement);
        self.say(at, &by, Event::Departed { movement, aboard });
    }

    pub(crate) fn pass(&mut self, at: Timestamp, movement: MovementId, stop: usize) {
        let Some(journey) = self.journeys.get(&movement) else { return };
        let Some(stop) = journey.stops.get(stop).cloned() else { return };
        let late = self.scenario.troubles.late_waypoints.iter();
        let late = late
            .filter(|l| l.night == movement.night && l.waypoint == stop.waypoint)
            .map(|l| MINUTE * l.late_min as i32)
            .max()
            .unwrap_or(SignedDuration::ZERO);
        let (by, aboard) = match &stop.border {
            Some(crossing) => (
                Signatory::of(&self.cast.border, Role::Border, Some(crossing)),
                Some(journey.count()),
            ),
            None => (self.commander(movement), None),
        };
        let waypoint = stop.waypoint;
        self.say_late(at, late, &by, Event::WaypointPassed { movement, waypoint, aboard });
    }

    pub(crate) fn arrive(&mut self, at: Timestamp, movement: MovementId) {
        let Some(site) = self.journeys.get(&movement).map(|j| j.route.dest.clone()) else { return };
        let by = self.commander(movement);
        self.say(at, &by, Event::Arrived { movement, site });
    }

    /// The officer who leads a movement, with the phone that travels with it.
    pub(crate) fn commander(&self, movement: MovementId) -> Signatory {
        let escort = Signatory::of(&self.cast.escort, Role::Escort, None);
        Signatory { desk: movement.number, ..escort }
    }

    /// What took place so far, with those who were admitted or are under way to their beds.
    pub(crate) fn carried_out(&self) -> Vec<CarriedOut> {
        let mut done = Vec::new();
        for (movement, journey) in &self.journeys {
            let mut vehicles = Vec::new();
            let beds = journey.admitted.as_ref().unwrap_or(&journey.beds);
            for (vehicle, kind, people) in &journey.aboard {
                let people = people.iter();
                let admitted = people.filter_map(|p| Some((*p, beds.get(p)?.clone())));
                let (vehicle, kind) = (vehicle.clone(), kind.clone());
                vehicles.push(CarriedVehicle { vehicle, kind, admitted: admitted.collect() });
            }
            done.push(CarriedOut {
                movement: *movement,
                route: journey.route.id.clone(),
                orbit: journey.planned.orbit,
                vehicles,
            });
        }
        done
    }
}
