//! Somebody to be planned for: where they are and what was decided by the record, what they need by the
//! register.

use domain::{Custody, Event, Gate, GateState, PersonId, Place, Section, Standing, UnitId};
use jiff::civil::Date;
use register::{Case, Family, Health, Identity};
use scenario::cohort::{AgeBasis, Birth, NamePart, PersonName};
use scenario::{GatePlan, Nationality, Person, Scenario, Security};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use store::{Disclosed, State};

/// Somebody as the record knows them.
pub struct Known {
    id: PersonId,
    /// Where they are or were held at an origin.
    unit: UnitId,
    gates: [GatePlan; 5],
}

impl Known {
    pub fn of(
        scenario: &Scenario,
        state: &State,
        id: PersonId,
        standing: &Standing,
    ) -> Result<Self, &'static str> {
        let is_origin = |unit: &UnitId| scenario.origins().any(|(site, _)| site.id == *unit.site());
        let held = place(standing).filter(|unit| is_origin(unit));
        let registered = || {
            let mentions = state.record.counted_mentions(id);
            mentions.iter().find_map(|fact| match &fact.event {
                Event::Registered { unit, .. } => Some(unit.clone()),
                _ => None,
            })
        };
        let unit = held.or_else(registered).filter(is_origin).ok_or("no origin holds them")?;
        Ok(Self { id, unit, gates: gates(scenario, state, id) })
    }

    /// With what the register says of them.
    pub fn with(
        self,
        scenario: &Scenario,
        kept: Option<&BTreeMap<Section, Disclosed>>,
    ) -> Result<Person, &'static str> {
        let identity: Identity = read(kept, Section::Identity).ok_or("no identity is kept")?;
        let health: Health = read(kept, Section::Health).ok_or("no health is kept")?;
        let case: Case = read(kept, Section::Case).ok_or("no case is kept")?;
        let family: Option<Family> = read(kept, Section::Family);
        let separation = case.separation.ok_or("the case names no separation group")?;
        if !scenario.operation.separation.iter().any(|group| group.id == separation) {
            return Err("the case names a separation group that there is not");
        }
        let numbers =
            |people: &[String]| people.iter().filter_map(|p| PersonId::parse(p).ok()).collect();
        let claimed = Nationality::new(&identity.nationality_claimed);
        let row = scenario.nationalities.iter().find(|row| Some(row.code) == claimed);
        let row = row.ok_or("the operation does not know their nationality")?;
        let part = || NamePart { arabic: String::new(), latin: String::new() };
        Ok(Person {
            id: self.id,
            unit: self.unit,
            // A plan names nobody.
            name: PersonName {
                given: part(),
                father: part(),
                grandfather: part(),
                family: part(),
                mother: part(),
            },
            birth: Birth::Year(0),
            recorded_age: u8::try_from(identity.recorded_age).unwrap_or(u8::MAX),
            age_basis: AgeBasis::Declared,
            true_under18: identity.recorded_age < 18,
            claimed: row.code,
            documented: None,
            verified: None,
            security: Security::from_code(&case.security).ok_or("their security is no level")?,
            health: scenario::Health::from_code(&health.travels)
                .ok_or("how they travel is unclear")?,
            separation,
            nationality_group: row.group.clone(),
            keep_apart: numbers(&case.apart_from),
            together: family.map_or_else(Vec::new, |family| numbers(&family.held)),
            duplicate_of: None,
            escape: None,
            gates: self.gates,
        })
    }
}

fn read<T: DeserializeOwned>(
    kept: Option<&BTreeMap<Section, Disclosed>>,
    section: Section,
) -> Option<T> {
    serde_json::from_slice(&kept?.get(&section)?.plaintext).ok()
}

/// The unit that they are held in, or were last.
pub fn place(standing: &Standing) -> Option<UnitId> {
    let account = match &standing.custody {
        Custody::Held { by } | Custody::Offered { by, .. } => by,
        Custody::Ended { last, .. } => last,
        Custody::Outside => return None,
    };
    match &account.place {
        Place::Unit(unit) => Some(unit.clone()),
        Place::Vehicle(..) => None,
    }
}

/// Each gate as it stands, with the day of the decision.
fn gates(scenario: &Scenario, state: &State, person: PersonId) -> [GatePlan; 5] {
    let offset = scenario.operation.utc_offset;
    let mut decided: BTreeMap<Gate, Date> = BTreeMap::new();
    for fact in state.record.counted_mentions(person) {
        if let Event::GateDecided { gate, .. } = &fact.event {
            let on = offset.to_datetime(fact.occurred_at).date();
            let last = decided.entry(*gate).or_insert(on);
            *last = on.max(*last);
        }
    }
    let mut gates = [GatePlan::Pending; 5];
    for (gate, stands) in state.record.gates(person) {
        let on = decided.get(&gate).copied().unwrap_or(Date::MIN);
        gates[gate as usize] = match stands {
            GateState::Pending => GatePlan::Pending,
            GateState::Passed | GateState::Overridden => GatePlan::Passed(on),
            GateState::Failed => GatePlan::Failed(on),
        };
    }
    gates
}

/// Whether, as known, they will not move: custody ended or is disputed, they are held elsewhere or are under
/// 18, for whom no wing is planned.
pub fn stays(scenario: &Scenario, state: &State, person: &Person, standing: &Standing) -> bool {
    let found_under_18 = state.record.counted_mentions(person.id).iter().any(
        |fact| matches!(&fact.event, Event::AgeFound { person: p, under_18: true, .. } if *p == person.id),
    );
    let held = !matches!(standing.custody, Custody::Ended { .. } | Custody::Outside);
    let at_origin = place(standing)
        .is_some_and(|unit| scenario.origins().any(|(site, _)| site.id == *unit.site()));
    person.true_under18 || found_under_18 || standing.contest.is_some() || !held || !at_origin
}
