//! At the other end: who is taken and who is not, beds, the doctor, who is told, and what becomes
//! of those who were not taken.

use crate::agenda::Item;
use crate::cast::Signatory;
use crate::keys;
use crate::play::Play;
use domain::*;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

impl Play {
    pub(crate) fn offer_at_destination(&mut self, at: Timestamp, movement: MovementId) {
        let Some(journey) = self.journeys.get(&movement) else { return };
        let site = journey.route.dest.clone();
        let Some(receiver) = self.scenario.site(&site).map(|s| s.authority.clone()) else { return };
        let (by, people) = (self.commander(movement), journey.people());
        self.offer(at, movement, &by, receiver, site, &people);
    }

    /// Reception's answer. On the first night the receiver takes fewer than were sent, as
    /// published: the last on the list are refused or not found.
    pub(crate) fn receive(&mut self, at: Timestamp, movement: MovementId) {
        let Some(journey) = self.journeys.get(&movement) else { return };
        let Some(by) = self.at_site(&journey.route.dest, Role::Reception) else { return };
        let listed = journey.people();
        let not_taken = self.not_taken(movement, &listed);
        self.answer(at, movement, &by, |person| {
            not_taken.get(&person).map_or(Answer::Accepted, |n| n.answer)
        });
        let mut back: BTreeMap<(Timestamp, ResolutionReason), Vec<PersonId>> = BTreeMap::new();
        for (person, n) in &not_taken {
            back.entry((n.explained, n.why)).or_default().push(*person);
        }
        if let (Some(((last, why), people)), false) = (back.last_key_value(), back.is_empty()) {
            let explain = Item::Explain(DiscrepancyCode::HandoverShort, people[0], *why);
            self.agenda.put(*last + HOUR * 3, explain);
        }
        for ((on, _), people) in back {
            self.agenda.put(on, Item::TakeBack(movement, people));
        }
    }

    fn not_taken(&self, movement: MovementId, listed: &[PersonId]) -> BTreeMap<PersonId, NotTaken> {
        let trouble = &self.scenario.troubles.first_night;
        let first = self.journeys.keys().find(|m| m.night == trouble.night);
        if movement.night != trouble.night || first != Some(&movement) {
            return BTreeMap::new();
        }
        let mut last = listed.iter().rev();
        let mut not_taken = BTreeMap::new();
        for other in &trouble.others {
            let answer = if other.not_present {
                Answer::NotPresent
            } else {
                let why = RefusalReason::from_code(&other.reason);
                Answer::Refused(why.unwrap_or(RefusalReason::PapersMissing))
            };
            let why = ResolutionReason::from_code(&other.explained);
            let why = why.unwrap_or(ResolutionReason::ClerkError);
            let explained = self.on(other.explained_on, 10, 0);
            for person in last.by_ref().take(other.count as usize) {
                not_taken.insert(*person, NotTaken { answer, why, explained });
            }
        }
        not_taken
    }

    /// Beds by the plan, unit by unit; the others of a unit's batch wait for nobody.
    pub(crate) fn settle(&mut self, at: Timestamp, movement: MovementId) {
        let Some(journey) = self.journeys.get(&movement) else { return };
        let (site, people) = (journey.route.dest.clone(), journey.people());
        let Some(by) = self.at_site(&site, Role::Reception) else { return };
        let mut units: BTreeMap<UnitId, Vec<PersonId>> = BTreeMap::new();
        for link in self.links(&people, &by.authority) {
            if let Some(unit) = self.bed(movement, link.person, &site) {
                units.entry(unit).or_default().push(link.person);
            }
        }
        let mut admitted = BTreeMap::new();
        let mut then = at;
        for (unit, people) in units {
            let links = self.links(&people, &by.authority);
            admitted.extend(people.into_iter().map(|p| (p, unit.clone())));
            self.say_if_any(then, &by, links, |people| Event::Placed { unit, people });
            then += SignedDuration::from_mins(6);
        }
        self.tell(then, &site, admitted.keys().copied().collect());
        self.call_to_the_doctor(then, &admitted);
        if let Some(journey) = self.journeys.get_mut(&movement) {
            journey.admitted = Some(admitted);
        }
    }

    /// The unit that the plan gives a person, when it is one of this site's; otherwise the site's
    /// first unit for adults.
    fn bed(&self, movement: MovementId, person: PersonId, site: &SiteId) -> Option<UnitId> {
        let planned = self.journeys.get(&movement)?.beds.get(&person);
        planned.filter(|unit| unit.site() == site).cloned().or_else(|| {
            let units = &self.scenario.site(site)?.units;
            units.iter().find(|u| !u.juvenile).map(|u| u.id.clone())
        })
    }

    /// The tracing agency is told the next morning; the other notices go through their desks.
    fn tell(&mut self, at: Timestamp, site: &SiteId, people: Vec<PersonId>) {
        let Some(by) = self.at_site(site, Role::Director) else { return };
        if people.is_empty() {
            return;
        }
        let tracing = Event::Notified { whom: Notified::TracingAgency, people: people.clone() };
        self.file(at, site, &people);
        self.agenda.put(at + HOUR * 6, Item::Say(by, tracing));
    }

    /// Reception examines everyone; those who will be found under age are the ones that matter.
    fn call_to_the_doctor(&mut self, at: Timestamp, admitted: &BTreeMap<PersonId, UnitId>) {
        let days = u64::from(self.scenario.troubles.minors.within_days.max(1));
        for person in admitted.keys() {
            if self.people.get(person).is_some_and(|p| p.true_under18) {
                let minutes = keys::draw(self.seed(), "examined", *person, days * 24 * 60);
                let at = at + HOUR * 3 + SignedDuration::from_mins(minutes as i64);
                self.agenda.put(at, Item::Examine(*person));
            }
        }
    }

    /// Found under 18: separated within the hour, the juvenile court told, the finding closed when
    /// the court has seen it.
    pub(crate) fn examine(&mut self, at: Timestamp, person: PersonId) {
        let custody = self.record.standing(person).map(|s| s.custody.clone());
        let Some(Custody::Held { by: Account { place: Place::Unit(unit), .. } }) = custody else {
            return;
        };
        let Some(doctor) = self.at_site(unit.site(), Role::Physician) else { return };
        let found = Event::AgeFound { person, under_18: true, basis: Basis::Medical };
        self.say(at, &doctor, found);
        let sites = self.scenario.site(unit.site()).into_iter();
        let sites = sites.chain(self.scenario.destinations().map(|(site, _)| site));
        let juvenile = sites.flat_map(|s| &s.units).find(|u| u.juvenile).map(|u| u.id.clone());
        if let (Some(unit), Some(by)) = (juvenile, self.at_site(unit.site(), Role::Reception)) {
            self.agenda.put(at + HOUR, Item::Place { by, unit, people: vec![person] });
        }
        if let Some(by) = self.at_site(unit.site(), Role::Director) {
            let told = Event::Notified { whom: Notified::JuvenileCourt, people: vec![person] };
            self.agenda.put(at + HOUR * 2, Item::Say(by, told));
        }
        let seen = HOUR * (20 + keys::draw(self.seed(), "court", person, 40) as i32);
        let why = ResolutionReason::SeparatedToJuvenileUnit;
        self.agenda.put(at + seen, Item::Explain(DiscrepancyCode::UnderAge, person, why));
    }

    /// Those not taken go back the way they came, each step signed by both sides.
    pub(crate) fn take_back(&mut self, at: Timestamp, movement: MovementId, people: &[PersonId]) {
        let Some(journey) = self.journeys.get(&movement) else { return };
        let origin = journey.route.origin.clone();
        let Some(gate) = self.at_site(&origin, Role::Gate) else { return };
        let commander = self.commander(movement);
        self.offer(at, movement, &commander, gate.authority.clone(), origin, people);
        let taken = SignedDuration::from_mins(10);
        self.answer(at + taken, movement, &gate, |_| Answer::Accepted);
        let mut units: BTreeMap<UnitId, Vec<PersonId>> = BTreeMap::new();
        for person in people {
            if let Some(known) = self.people.get(person) {
                units.entry(known.unit.clone()).or_default().push(*person);
            }
        }
        for (unit, people) in units {
            let links = self.links(&people, &gate.authority);
            self.say_if_any(at + taken * 3, &gate, links, |people| Event::Placed { unit, people });
        }
        self.stale.get_or_insert(AdoptionReason::Evening);
    }

    /// An entitled officer writes down why the difference was there.
    pub(crate) fn explain(
        &mut self,
        at: Timestamp,
        code: DiscrepancyCode,
        person: PersonId,
        why: ResolutionReason,
    ) {
        let open = discrepancies(&self.record)
            .into_iter()
            .find(|d| d.code == code && d.is_open() && d.people.contains(&person));
        let Some(discrepancy) = open else { return };
        let by = Signatory::of(&self.cast.court, Role::Judge, None);
        let fact = discrepancy.fact;
        self.say(at, &by, Event::DiscrepancyResolved { code, fact, why });
    }
}

/// A person the receiver does not take, and when and how that is explained.
struct NotTaken {
    answer: Answer,
    why: ResolutionReason,
    explained: Timestamp,
}
