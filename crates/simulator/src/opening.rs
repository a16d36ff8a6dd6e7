//! What happens before the first night and by the calendar: the operation is opened, people are
//! registered, gates decided, promises made; control of one prison is lost and it is mustered.

use crate::agenda::{CountKind, Item};
use crate::cast::Signatory;
use crate::keys;
use crate::play::{Play, next_day};
use domain::*;
use jiff::civil::Date;
use scenario::{GatePlan, Person};
use std::collections::BTreeMap;

/// People in one registration or gate decision: what a clerk signs at a time, and an entry holds.
const BATCH: usize = 200;

impl Play {
    pub(crate) fn open(&mut self) {
        self.open_operation();
        self.enrol_offices();
        self.enrol_register();
        self.register_everyone();
        self.decide_gates();
        self.make_promises();
        self.lose_control();
        self.close_duplicates();
        self.count_daily();
        self.open_desks();
        let first = self.scenario.operation.first_night;
        let eve = self.on(first.yesterday().unwrap_or(first), 18, 0);
        // The first plan is made the evening before, for the first night.
        self.agenda.put(eve, Item::Plan(first));
        for night in self.scenario.operation.nights() {
            self.agenda.put(self.on(night, 15, 0), Item::Plan(night));
        }
        for night in self.scenario.operation.nights() {
            self.agenda.put(self.on(night, 18, 30), Item::Cover(night));
        }
    }

    fn open_operation(&mut self) {
        let seed = self.seed();
        let authorities = self
            .scenario
            .authorities
            .iter()
            .map(|a| {
                let keyholder = Signatory::of(&a.id, Role::Keyholder, None);
                let key = log::public_key(&keys::key(seed, &keyholder));
                Party { authority: a.id.clone(), key, resolves: a.resolves }
            })
            .collect();
        let by = Signatory::of(&self.scenario.operation.mandate.ordered_by, Role::Keyholder, None);
        let at = self.on(self.scenario.cohort.registered_on, 6, 0);
        let deciders = Some(Box::new(self.scenario.deciders()));
        self.agenda.put(at, Item::Say(by, Event::OperationOpened { authorities, deciders }));
    }

    /// A device for the office of each authority, with which statements are issued and
    /// discrepancies explained. The play itself never signs with it.
    fn enrol_offices(&mut self) {
        let at = self.on(self.scenario.cohort.registered_on, 6, 30);
        for authority in &self.scenario.authorities {
            let keyholder = Signatory::of(&authority.id, Role::Keyholder, None);
            let office = Signatory::office(&authority.id);
            let key = log::public_key(&keys::key(self.seed(), &office));
            let enrolled = Event::DeviceEnrolled { key, role: office.role, site: None, term: None };
            self.agenda.put(at, Item::Say(keyholder, enrolled));
        }
    }

    /// The register of particulars is kept by the authority that ordered the operation.
    fn enrol_register(&mut self) {
        let at = self.on(self.scenario.cohort.registered_on, 6, 40);
        let keeper = self.scenario.operation.mandate.ordered_by.clone();
        let key = log::public_key(&keys::key(self.seed(), &Signatory::register(&keeper)));
        let enrolled = Event::DeviceEnrolled { key, role: Role::Register, site: None, term: None };
        self.agenda.put(at, Item::Say(Signatory::of(&keeper, Role::Keyholder, None), enrolled));
    }

    fn register_everyone(&mut self) {
        let mut by_unit: BTreeMap<UnitId, Vec<PersonId>> = BTreeMap::new();
        for person in self.people.values() {
            by_unit.entry(person.unit.clone()).or_default().push(person.id);
        }
        let mut at = self.on(self.scenario.cohort.registered_on, 7, 0);
        for (unit, people) in by_unit {
            let Some(by) = self.at_site(unit.site(), Role::Registrar) else { continue };
            for batch in people.chunks(BATCH) {
                let people = batch.iter().map(|p| (*p, self.commitment(*p))).collect();
                self.agenda.put(
                    at,
                    Item::Say(by.clone(), Event::Registered { unit: unit.clone(), people }),
                );
                at += jiff::SignedDuration::from_mins(5);
            }
        }
    }

    fn decide_gates(&mut self) {
        type Decision = (Date, Gate, GateOutcome, SiteId, Basis);
        let mut decisions: BTreeMap<Decision, Vec<PersonId>> = BTreeMap::new();
        for person in self.people.values() {
            for (gate, plan) in Gate::ALL.iter().zip(&person.gates) {
                let (date, outcome) = match plan {
                    GatePlan::Passed(date) => (*date, GateOutcome::Passed),
                    GatePlan::Failed(date) => (*date, GateOutcome::Failed),
                    GatePlan::Pending => continue,
                };
                let key = (date, *gate, outcome, person.unit.site().clone(), basis(*gate, person));
                decisions.entry(key).or_default().push(person.id);
            }
        }
        let mut minutes = BTreeMap::new();
        for ((date, gate, outcome, site, basis), people) in decisions {
            let Some(by) = self.decides(gate, &site) else { continue };
            for batch in people.chunks(BATCH) {
                let minute = minutes.entry(date).or_insert(0i64);
                let at = self.on(date, 9, 0) + jiff::SignedDuration::from_secs(*minute * 20);
                *minute += 1;
                let people = batch.to_vec();
                let event = Event::GateDecided { gate, outcome, basis, people, replaces: None };
                self.agenda.put(at, Item::Say(by.clone(), event));
            }
        }
    }

    /// The officer who decides a gate for people of a site.
    fn decides(&self, gate: Gate, site: &SiteId) -> Option<Signatory> {
        let authority = self.scenario.authorities.iter().find(|a| a.clears.contains(&gate));
        let authority = match authority {
            Some(a) => a.id.clone(),
            None => self.scenario.site(site)?.authority.clone(),
        };
        Some(match gate {
            Gate::Order | Gate::Review => Signatory::of(&authority, Role::Judge, None),
            Gate::Age | Gate::Fitness => Signatory::of(&authority, Role::Physician, Some(site)),
            Gate::Acceptance => Signatory::of(&authority, Role::Director, None),
        })
    }

    fn make_promises(&mut self) {
        let mut announced: BTreeMap<(Date, SiteId), Vec<(Night, u32)>> = BTreeMap::new();
        for p in &self.scenario.intake {
            announced.entry((p.announced, p.site.clone())).or_default().push((p.night, p.people));
        }
        for ((date, site), mut nights) in announced {
            nights.sort();
            let Some(by) = self.at_site(&site, Role::Director) else { continue };
            self.agenda
                .put(self.on(date, 8, 30), Item::Say(by, Event::IntakePromised { site, nights }));
        }
    }

    fn lose_control(&mut self) {
        let trouble = self.scenario.troubles.lost_control.clone();
        let Some(director) = self.at_site(&trouble.site, Role::Director) else { return };
        let site = trouble.site.clone();
        let at = self.on(trouble.date, 14, 10);
        let lost = Event::IncidentReported { site: site.clone(), kind: IncidentKind::LostControl };
        self.agenda.put(at, Item::Say(director.clone(), lost));
        let mustered = self.on(trouble.muster_on, 16, 0);
        self.agenda.put(mustered, Item::Count(site, CountKind::NameAfterLoss));

        let missing: Vec<_> =
            self.people.values().filter(|p| p.escape.is_some()).cloned().collect();
        let Some(first) = missing.first() else { return };
        let hour = jiff::SignedDuration::from_hours(1);
        let escaped = missing.iter().map(|p| p.id).collect();
        self.agenda.put(
            mustered + hour * 2,
            Item::Exit { by: director.clone(), why: ExitReason::Escaped, people: escaped },
        );
        let why = ResolutionReason::Escaped;
        self.agenda
            .put(mustered + hour * 3, Item::Explain(DiscrepancyCode::MusterDiffers, first.id, why));
        let mut back: BTreeMap<(Date, UnitId), Vec<PersonId>> = BTreeMap::new();
        for person in &missing {
            if let Some(on) = person.escape.and_then(|e| e.recaptured_on) {
                back.entry((on, person.unit.clone())).or_default().push(person.id);
            }
        }
        for ((on, unit), people) in back {
            let item = Item::Recover { by: director.clone(), unit, people };
            self.agenda.put(self.on(on, 20, 0), item);
        }
    }

    /// One person, two numbers: when the records are compared, the second number is closed.
    fn close_duplicates(&mut self) {
        let mut by_site: BTreeMap<SiteId, Vec<PersonId>> = BTreeMap::new();
        for person in self.people.values().filter(|p| p.duplicate_of.is_some()) {
            by_site.entry(person.unit.site().clone()).or_default().push(person.id);
        }
        let first = self.scenario.operation.first_night;
        let on = first.checked_add(jiff::Span::new().days(2)).unwrap_or(first);
        for (site, people) in by_site {
            let Some(by) = self.at_site(&site, Role::Registrar) else { continue };
            let item = Item::Exit { by, why: ExitReason::RegisteredTwice, people };
            self.agenda.put(self.on(on, 11, 30), item);
        }
    }

    /// Every prison counts each morning, from the day before the first night to the day after the
    /// last.
    fn count_daily(&mut self) {
        let operation = &self.scenario.operation;
        let last = next_day(operation.last_night());
        let mut date = operation.first_night.yesterday().unwrap_or(operation.first_night);
        let sites: Vec<_> = self
            .scenario
            .sites
            .iter()
            .filter(|s| s.in_scope && !s.units.is_empty())
            .map(|s| s.id.clone())
            .collect();
        let mut counts = Vec::new();
        while date <= last {
            for site in &sites {
                counts.push((
                    self.on(date, 7, 0),
                    Item::Count(site.clone(), self.count_kind_of_day(site, date)),
                ));
            }
            date = next_day(date);
        }
        for slip in &self.scenario.troubles.musters {
            let after = jiff::SignedDuration::from_hours(slip.corrected_after_h.into());
            let at = self.on(slip.date, 7, 0) + after;
            counts.push((at, Item::Count(slip.site.clone(), CountKind::NameAfterSlip)));
        }
        for (at, item) in counts {
            self.agenda.put(at, item);
        }
    }

    /// An officer of the authority that runs a site, at that site.
    pub(crate) fn at_site(&self, site: &SiteId, role: Role) -> Option<Signatory> {
        let site = self.scenario.site(site)?;
        Some(Signatory::of(&site.authority, role, Some(&site.id)))
    }
}

fn basis(gate: Gate, person: &Person) -> Basis {
    match gate {
        Gate::Order => Basis::CourtOrder,
        Gate::Age => Basis::from_code(person.age_basis.code()).unwrap_or(Basis::Declared),
        Gate::Review => Basis::Interview,
        Gate::Fitness => Basis::Medical,
        Gate::Acceptance => Basis::ReceiverList,
    }
}
