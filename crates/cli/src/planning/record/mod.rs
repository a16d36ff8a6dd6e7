//! What an operation in earnest knows when a plan is made: its people as the record and the register have
//! them, what the parties have said since of intake and cover, and what was carried out.

mod carried;
mod person;

use crate::opened::Opened;
use anyhow::{Context, bail};
use carried::carried_out;
use domain::{
    AdoptionReason, AuthorityId, Event, Fact, Look, Looker, MovementId, Night, Officer, PersonId,
    PlanHash, PolicyId, Purpose, Relation, Role, Section, SiteId, kind,
};
use jiff::civil::Date;
use person::{Known, stays};
use planner::plan::PlanDocument;
use scenario::{Cohort, IntakePromise, Person, Scenario};
use simulator::PlanRequest;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::{Disclosed, State};

/// What a plan is asked for, now.
pub struct Asked {
    pub scenario: Arc<Scenario>,
    pub cohort: Arc<Cohort>,
    pub request: PlanRequest,
    /// People who are not planned for, for want of something in the register, and of what.
    pub left_out: Vec<(PersonId, &'static str)>,
    /// Sites whose intake nobody has promised: what the scenario foresees stands for it.
    pub foreseen: Vec<SiteId>,
}

/// Reads people's needs from the register, which is a look like any other: the record says so first.
///
/// # Errors
/// When the register is closed here, the nights are over, or the plan in force is not kept.
pub fn ask(opened: &Opened, why: AdoptionReason) -> anyhow::Result<Asked> {
    opened.node.catch_up()?;
    let operation = &opened.scenario.operation;
    let today = operation.utc_offset.to_datetime(opened.now()).date();
    let people: Vec<PersonId> =
        opened.node.read(|state| state.record.people().map(|(person, _)| person).collect());
    let needs = needs(opened, &people)?;
    let scenario = Arc::new(opened.node.read(|state| as_said(&opened.scenario, state)));
    let in_force = in_force(opened)?;
    let from = first_open_night(opened, today)?;

    let mut asked = opened.node.read(|state| {
        let (mut known, mut staying, mut left_out) = (Vec::new(), BTreeSet::new(), Vec::new());
        for person in people {
            let Some(standing) = state.record.standing(person) else { continue };
            match Known::of(&scenario, state, person, standing)
                .and_then(|k| k.with(&scenario, needs.get(&person)))
            {
                Ok(person) => {
                    if stays(&scenario, state, &person, standing) {
                        staying.insert(person.id);
                    }
                    known.push(person);
                }
                Err(why) => left_out.push((person, why)),
            }
        }
        let carried_out = in_force
            .as_ref()
            .map_or_else(Vec::new, |(_, plan)| carried_out(&scenario, state, plan, from));
        // Whoever has moved is planned for as they moved, wherever they are now.
        for (person, _) in carried_out.iter().flat_map(|c| &c.vehicles).flat_map(|v| &v.admitted) {
            staying.remove(person);
        }
        let request = PlanRequest {
            revision: in_force.as_ref().map_or(1, |(_, plan)| plan.revision + 1),
            parent: in_force.as_ref().map(|(hash, _)| *hash),
            why: if in_force.is_some() { why } else { AdoptionReason::First },
            from,
            known_on: today,
            carried_out,
            in_force: None,
            staying,
        };
        let cohort = Arc::new(Cohort { seed: 0, people: known });
        let foreseen = unpromised(&scenario, state);
        Asked { scenario: scenario.clone(), cohort, request, left_out, foreseen }
    });
    tie_both_ways(Arc::make_mut(&mut asked.cohort));
    asked.request.in_force = in_force.map(|(_, plan)| plan);
    Ok(asked)
}

/// The plan that was adopted last, if any was.
fn in_force(opened: &Opened) -> anyhow::Result<Option<(PlanHash, PlanDocument)>> {
    let adopted = opened.node.read(|state| {
        let facts = state.record.counted(kind::PLAN_ADOPTED);
        let plan = |fact: &Arc<Fact>| match &fact.event {
            Event::PlanAdopted { plan, revision, .. } => Some((*revision, *plan)),
            _ => None,
        };
        facts.filter_map(plan).max()
    });
    let Some((revision, hash)) = adopted else { return Ok(None) };
    let document = server::play::kept_plan(&opened.node, &hash)?;
    let document = document.with_context(|| {
        format!("revision {revision}, plan {hash}, is in force and its document is not kept here")
    })?;
    let text = std::str::from_utf8(&document.bytes).context("the plan in force is not text")?;
    Ok(Some((hash, PlanDocument::from_json(text)?)))
}

/// The first night, from today on, of which nobody has boarded yet.
fn first_open_night(opened: &Opened, today: Date) -> anyhow::Result<Night> {
    let operation = &opened.scenario.operation;
    let begun: BTreeSet<Night> = opened.node.read(|state| {
        let boarded = |movement: &MovementId| {
            let mut facts = state.record.movement_facts(*movement).into_iter();
            facts.any(|fact| {
                matches!(fact.event, Event::Boarded { .. }) && state.record.keys().counts(fact)
            })
        };
        state.record.movements().filter(boarded).map(|movement| movement.night).collect()
    });
    let open = operation.nights().find(|night| *night >= today && !begun.contains(night));
    let last = operation.last_night();
    open.with_context(|| format!("no night is left to plan: the operation's last is {last}"))
}

/// The scenario with what the record says of intake and cover in place of what was foreseen.
fn as_said(scenario: &Scenario, state: &State) -> Scenario {
    let mut said = scenario.clone();
    let offset = said.operation.utc_offset;
    for fact in state.record.counted(kind::INTAKE_PROMISED) {
        let Event::IntakePromised { site, nights } = &fact.event else { continue };
        let announced = offset.to_datetime(fact.occurred_at).date();
        said.intake.extend(nights.iter().map(|(night, people)| IntakePromise {
            announced,
            site: site.clone(),
            night: *night,
            people: *people,
            source: fact.hash.to_string(),
        }));
    }
    for fact in state.record.counted(kind::COVER_DECIDED) {
        let Event::CoverDecided { night, decision, .. } = &fact.event else { continue };
        let (orbits, slots) = match decision {
            domain::CoverDecision::Stands { orbits, slots } => (*orbits, *slots),
            domain::CoverDecision::Withdrawn => (0, 0),
        };
        for cover in said.cover.iter_mut().filter(|cover| cover.night == *night) {
            (cover.orbits, cover.slots) = (orbits, slots);
        }
    }
    said
}

/// Destinations of which no fact promises anything.
fn unpromised(scenario: &Scenario, state: &State) -> Vec<SiteId> {
    let promised: BTreeSet<&SiteId> = state
        .record
        .counted(kind::INTAKE_PROMISED)
        .filter_map(|fact| match &fact.event {
            Event::IntakePromised { site, .. } => Some(site),
            _ => None,
        })
        .collect();
    let sites = scenario.destinations().map(|(site, _)| &site.id);
    sites.filter(|site| !promised.contains(site)).cloned().collect()
}

type Needs = BTreeMap<PersonId, BTreeMap<Section, Disclosed>>;

fn needs(opened: &Opened, people: &[PersonId]) -> anyhow::Result<Needs> {
    if people.is_empty() {
        bail!("nobody is registered yet: `amana people register` takes a site's roll");
    }
    let authority: AuthorityId = opened.scenario.operation.mandate.ordered_by.clone();
    let look = Look {
        sections: vec![Section::Identity, Section::Health, Section::Case, Section::Family],
        by: Looker { authority, officer: Officer { role: Role::Register, number: 1 } },
        purpose: Purpose::Transfer,
        relation: Relation::Keeps,
        policies: vec![PolicyId::new("whoever-holds-the-register-key")?],
        policy_set: None,
        break_glass: None,
    };
    let mut needs = Needs::new();
    for section in opened.node.open_particulars(people, &look, opened.now())?.sections {
        needs.entry(section.person).or_default().insert(section.section, section);
    }
    Ok(needs)
}

/// A tie that one of two names is one of both; ties to whoever is not planned for fall away.
fn tie_both_ways(cohort: &mut Cohort) {
    let here: BTreeSet<PersonId> = cohort.people.iter().map(|p| p.id).collect();
    let both = |ties: fn(&Person) -> &Vec<PersonId>, people: &[Person]| {
        let mut all: BTreeMap<PersonId, BTreeSet<PersonId>> = BTreeMap::new();
        for person in people {
            for other in ties(person).iter().filter(|p| here.contains(p) && **p != person.id) {
                all.entry(person.id).or_default().insert(*other);
                all.entry(*other).or_default().insert(person.id);
            }
        }
        all
    };
    let apart = both(|p| &p.keep_apart, &cohort.people);
    let together = both(|p| &p.together, &cohort.people);
    let of = |all: &BTreeMap<PersonId, BTreeSet<PersonId>>, person| {
        all.get(&person).map_or_else(Vec::new, |others| others.iter().copied().collect())
    };
    for person in &mut cohort.people {
        person.keep_apart = of(&apart, person.id);
        person.together = of(&together, person.id);
    }
}
