//! The play itself: takes the next thing off the agenda, has the right officer sign it, and folds
//! it into the play's own record, from which the next links are read.

use crate::agenda::{Agenda, CountKind, Item};
use crate::cast::{Cast, MissingPart, Signatory};
use crate::journey::Journey;
use crate::keys;
use domain::*;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use log::{DeviceChain, SignedEntry};
use planner::plan::PlanDocument;
use scenario::{Cohort, Person, Scenario};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// A fact as a party signed it, and when it can be sent.
#[derive(Debug, Clone)]
pub struct Act {
    pub at: Timestamp,
    /// Later than `at` when the device has no link.
    pub sent_at: Timestamp,
    pub entry: SignedEntry,
    /// A plan document that the fact names, to be kept beside the record.
    pub document: Option<PlanDocument>,
}

/// What the play starts from.
pub struct Beginning {
    /// Where a fact is valid: the log's origin.
    pub origin: String,
    /// The exercise's seed; keys and ids are made from it.
    pub seed: u64,
    /// Commitment to each person's particulars, from the register.
    pub commitments: BTreeMap<PersonId, Commitment>,
}

/// What a planner is asked: a plan from a night on, with what is known that afternoon.
#[derive(Debug, Clone)]
pub struct PlanRequest {
    /// From 1.
    pub revision: u32,
    pub parent: Option<PlanHash>,
    pub why: AdoptionReason,
    /// The first night that may still change.
    pub from: Night,
    pub known_on: Date,
    /// What was carried out before `from`, with those who were admitted.
    pub carried_out: Vec<CarriedOut>,
    /// The plan in force, which the new one replaces.
    pub in_force: Option<PlanDocument>,
    /// People who, as known, will not move: a gate failed, custody ended.
    pub staying: BTreeSet<PersonId>,
}

/// A movement that took place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedOut {
    pub movement: MovementId,
    pub route: String,
    pub orbit: Option<usize>,
    pub vehicles: Vec<CarriedVehicle>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedVehicle {
    pub vehicle: VehicleId,
    /// Id of its type.
    pub kind: String,
    /// Those aboard who were admitted, with their units.
    pub admitted: Vec<(PersonId, UnitId)>,
}

/// Makes plans when the play asks. The same request has to give the same plan.
pub trait Planner {
    fn plan(&mut self, request: &PlanRequest) -> Result<PlanDocument, String>;
    /// Content hash of a plan document, under which it is adopted and kept.
    fn hash(&self, plan: &PlanDocument) -> PlanHash;
}

/// The parties of an operation at work.
pub struct Play {
    pub(crate) scenario: Arc<Scenario>,
    pub(crate) people: BTreeMap<PersonId, Person>,
    pub(crate) cast: Cast,
    pub(crate) record: Record,
    pub(crate) agenda: Agenda,
    pub(crate) journeys: BTreeMap<MovementId, Journey>,
    pub(crate) plan: Option<(PlanHash, PlanDocument)>,
    /// What has changed since the plan was made, if anything.
    pub(crate) stale: Option<AdoptionReason>,
    pub(crate) planned_on: Option<Date>,
    /// Files waiting at each desk of the scenario, by when they reach it.
    pub(crate) waiting: BTreeMap<usize, BTreeSet<(Timestamp, PersonId, SiteId)>>,
    beginning: Beginning,
    devices: BTreeMap<Signatory, DeviceChain>,
    said: VecDeque<Act>,
    ids: u64,
}

impl Play {
    /// # Errors
    /// When the scenario lacks an authority that has to act.
    pub fn new(
        scenario: Arc<Scenario>,
        cohort: &Cohort,
        beginning: Beginning,
    ) -> Result<Self, MissingPart> {
        let cast = Cast::of(&scenario)?;
        let mut play = Self {
            people: cohort.people.iter().map(|p| (p.id, p.clone())).collect(),
            scenario,
            cast,
            record: Record::new(),
            agenda: Agenda::default(),
            journeys: BTreeMap::new(),
            plan: None,
            stale: Some(AdoptionReason::First),
            planned_on: None,
            waiting: BTreeMap::new(),
            beginning,
            devices: BTreeMap::new(),
            said: VecDeque::new(),
            ids: 0,
        };
        play.open();
        Ok(play)
    }

    /// The next fact in the order of signing, or `None` when the operation is over.
    ///
    /// # Errors
    /// What the planner said when it could not make the first plan.
    pub fn next(&mut self, planner: &mut dyn Planner) -> Result<Option<Act>, String> {
        while self.said.is_empty() {
            let Some((at, item)) = self.agenda.next() else { return Ok(None) };
            self.carry_out(at, item, planner)?;
        }
        Ok(self.said.pop_front())
    }

    /// Every fact signed before this instant has been given out by [`Self::next`].
    pub fn now(&self) -> Timestamp {
        self.agenda.now().unwrap_or(Timestamp::MIN)
    }

    fn carry_out(
        &mut self,
        at: Timestamp,
        item: Item,
        planner: &mut dyn Planner,
    ) -> Result<(), String> {
        match item {
            Item::Say(by, event) => {
                self.say(at, &by, event);
            }
            Item::Exit { by, why, people } => {
                let people = self.links(&people, &by.authority);
                self.say_if_any(at, &by, people, |people| Event::Exited { why, people });
            }
            Item::Recover { by, unit, people } => {
                let tips = people.iter().filter_map(|p| {
                    let after = self.record.standing(*p)?.tip()?;
                    Some(Link { person: *p, after })
                });
                let people = tips.collect();
                self.say_if_any(at, &by, people, |people| Event::Recovered { unit, people });
            }
            Item::Place { by, unit, people } => {
                let people = self.links(&people, &by.authority);
                self.say_if_any(at, &by, people, |people| Event::Placed { unit, people });
            }
            Item::Plan(night) => self.look_at_plan(at, night, planner)?,
            Item::Cover(night) => self.decide_cover(at, night),
            Item::Freeze(m) => self.freeze(at, m),
            Item::Board(m, vehicle) => self.board(at, m, vehicle),
            Item::OfferAtGate(m) => self.offer_at_gate(at, m),
            Item::TakeAtGate(m) => self.take_at_gate(at, m),
            Item::Depart(m) => self.depart(at, m),
            Item::Pass(m, stop) => self.pass(at, m, stop),
            Item::Arrive(m) => self.arrive(at, m),
            Item::OfferAtDestination(m) => self.offer_at_destination(at, m),
            Item::Receive(m) => self.receive(at, m),
            Item::Settle(m) => self.settle(at, m),
            Item::TakeBack(m, people) => self.take_back(at, m, &people),
            Item::Count(site, kind) => self.count(at, &site, kind),
            Item::Desk(index) => self.work_through(at, index),
            Item::Examine(person) => self.examine(at, person),
            Item::Explain(code, person, why) => self.explain(at, code, person, why),
        }
        Ok(())
    }

    /// The afternoon's look: a new plan when the one in force no longer holds, then tonight's
    /// movements by it. On the eve of the operation only the plan.
    fn look_at_plan(
        &mut self,
        at: Timestamp,
        night: Night,
        planner: &mut dyn Planner,
    ) -> Result<(), String> {
        let known_on = self.date_of(at);
        if let Some(why) = self.why_stale(night, known_on) {
            let request = PlanRequest {
                revision: self.plan.as_ref().map_or(1, |(_, plan)| plan.revision + 1),
                parent: self.plan.as_ref().map(|(hash, _)| *hash),
                in_force: self.plan.as_ref().map(|(_, plan)| plan.clone()),
                why,
                from: night,
                known_on,
                carried_out: self.carried_out(),
                staying: self.staying(known_on),
            };
            let plan = match planner.plan(&request) {
                Ok(plan) => plan,
                // Without a better one the plan in force is carried out as far as it goes.
                Err(_) if self.plan.is_some() => {
                    self.take_up(night);
                    return Ok(());
                }
                Err(why) => return Err(why),
            };
            let hash = planner.hash(&plan);
            let by =
                Signatory::of(&self.scenario.operation.mandate.ordered_by, Role::Planner, None);
            let (revision, parent) = (plan.revision, request.parent);
            self.say(at, &by, Event::PlanAdopted { plan: hash, revision, parent, why });
            if let Some(act) = self.said.back_mut() {
                act.document = Some(plan.clone());
            }
            self.plan = Some((hash, plan));
            self.stale = None;
            self.planned_on = Some(known_on);
        }
        if known_on == night {
            self.take_up(night);
        }
        Ok(())
    }

    /// Why the plan in force cannot be carried out tonight as it stands, if so.
    fn why_stale(&self, night: Night, known_on: Date) -> Option<AdoptionReason> {
        if self.stale.is_some() {
            return self.stale;
        }
        let (_, plan) = self.plan.as_ref()?;
        let planned_on = self.planned_on?;
        let (before, now) =
            (self.scenario.intake_as_known(planned_on), self.scenario.intake_as_known(known_on));
        if before != now {
            let sum =
                |promises: &BTreeMap<_, u32>| promises.values().map(|n| *n as u64).sum::<u64>();
            return Some(if sum(&now) < sum(&before) {
                AdoptionReason::PromiseLowered
            } else {
                AdoptionReason::PromiseRaised
            });
        }
        let index = self.scenario.operation.night_index(night)?;
        let tonight = plan.movements.iter().filter(|m| m.night == index);
        let mut people = tonight.flat_map(|m| &m.vehicles).flat_map(|v| &v.persons);
        let closed = people.any(|p| PersonId::parse(p).map_or(true, |p| !self.record.cleared(p)));
        closed.then_some(AdoptionReason::GatesDecided)
    }

    fn staying(&self, known_on: Date) -> BTreeSet<PersonId> {
        let stays = |person: &Person| {
            let custody = self.record.standing(person.id).map(|s| &s.custody);
            let in_unit = custody
                .and_then(Custody::responsible)
                .is_some_and(|account| matches!(account.place, Place::Unit(_)));
            // A duplicate shows when its two records are compared; until then it is a person.
            !in_unit || !person.is_open_on(known_on)
        };
        self.people.values().filter(|p| stays(p)).map(|p| p.id).collect()
    }

    /// Has `by` sign an event at `at`; a device signs for the first time after its enrolment.
    pub(crate) fn say(&mut self, at: Timestamp, by: &Signatory, event: Event) -> FactHash {
        self.say_late(at, SignedDuration::ZERO, by, event)
    }

    /// As [`Self::say`], sent `late` after it was signed, or when the site has its link again.
    pub(crate) fn say_late(
        &mut self,
        at: Timestamp,
        late: SignedDuration,
        by: &Signatory,
        event: Event,
    ) -> FactHash {
        if by.role != Role::Keyholder && !self.devices.contains_key(by) {
            self.enrol(at, by);
        }
        self.ids += 1;
        let id = keys::fact_id(self.beginning.seed, at, self.ids);
        let number = self.cast.number(by);
        let sent_at = self.link_from(by.site.as_ref(), at).max(at + late);
        let chain = match self.devices.entry(by.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let officer = Officer { role: by.role, number };
                let operation = self.scenario.operation.id.clone();
                let key = keys::key(self.beginning.seed, by);
                let origin = &self.beginning.origin;
                new.insert(DeviceChain::new(key, by.authority.clone(), officer, operation, origin))
            }
        };
        // Every event of the play fits an entry: batches are bounded and each person named once.
        let kind = event.kind();
        let signed = chain.sign(id, at, event).and_then(|entry| {
            let fact = log::decode(&entry.bytes)?.into_claims();
            Ok((entry, fact))
        });
        let (entry, fact) = signed.unwrap_or_else(|e| panic!("{} signs {kind}: {e}", by.name()));
        let hash = fact.hash;
        self.record.insert(fact);
        self.said.push_back(Act { at, sent_at, entry, document: None });
        hash
    }

    pub(crate) fn say_if_any(
        &mut self,
        at: Timestamp,
        by: &Signatory,
        people: Vec<Link>,
        event: impl FnOnce(Vec<Link>) -> Event,
    ) -> Option<FactHash> {
        if people.is_empty() { None } else { Some(self.say(at, by, event(people))) }
    }

    /// The authority's keyholder enrols a device before it first signs.
    fn enrol(&mut self, at: Timestamp, who: &Signatory) {
        let keyholder = Signatory::of(&who.authority, Role::Keyholder, None);
        let key = log::public_key(&keys::key(self.beginning.seed, who));
        self.say(
            at,
            &keyholder,
            Event::DeviceEnrolled { key, role: who.role, site: who.site.clone(), term: None },
        );
    }

    /// When a device at this site can next send: at once, or when its link is back.
    fn link_from(&self, site: Option<&SiteId>, at: Timestamp) -> Timestamp {
        let offline = self.scenario.troubles.offline.iter().filter(|o| Some(&o.site) == site);
        let spans = offline.map(|o| {
            let from = self.on(o.night, o.from.hour(), o.from.minute());
            (from, from + SignedDuration::from_hours(o.hours.into()))
        });
        spans.filter(|(from, to)| (*from..*to).contains(&at)).map(|(_, to)| to).max().unwrap_or(at)
    }

    /// Links for those of `people` whom `by` holds, at the tips of their chains.
    pub(crate) fn links(&self, people: &[PersonId], by: &AuthorityId) -> Vec<Link> {
        let link = |person: &PersonId| {
            let standing = self.record.standing(*person)?;
            let held = matches!(&standing.custody, Custody::Held { by: a } if a.authority == *by);
            held.then_some(Link { person: *person, after: standing.tip()? })
        };
        people.iter().filter_map(link).collect()
    }

    /// An instant of local time.
    pub(crate) fn on(&self, date: Date, hour: i8, minute: i8) -> Timestamp {
        let local = date.at(hour, minute, 0, 0);
        // A scenario's dates were checked when it was read: years of four digits.
        self.scenario.operation.utc_offset.to_timestamp(local).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    pub(crate) fn date_of(&self, at: Timestamp) -> Date {
        self.scenario.operation.utc_offset.to_datetime(at).date()
    }

    pub(crate) fn count_kind_of_day(&self, site: &SiteId, date: Date) -> CountKind {
        let slip =
            self.scenario.troubles.musters.iter().find(|m| m.site == *site && m.date == date);
        CountKind::Number(slip.map_or(0, |m| m.off_by))
    }

    pub(crate) fn seed(&self) -> u64 {
        self.beginning.seed
    }

    pub(crate) fn commitment(&self, person: PersonId) -> Commitment {
        self.beginning.commitments.get(&person).copied().unwrap_or(Commitment([0; 32]))
    }
}

/// The day after.
pub(crate) fn next_day(date: Date) -> Date {
    date.tomorrow().unwrap_or(date)
}
