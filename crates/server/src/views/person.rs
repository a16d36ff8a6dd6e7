//! Everything the record holds about one person.

use crate::api::*;
use crate::fold::Fold;
use crate::views::custody::{custody_now, shown};
use crate::views::fact_line::{fact_line, line_of};
use crate::views::plan::what_ran_out;
use domain::{Custody, Event, Fact, FactHash, Gate, GateState, PersonId, Record, Standing};
use std::collections::{BTreeMap, BTreeSet};
use store::State;

/// `None` when the record has nobody with this number. The signatures are filled in by the caller,
/// who has the entries.
pub fn person(
    state: &State,
    fold: &Fold,
    person: PersonId,
    signatures: &BTreeMap<FactHash, Signature>,
) -> Option<PersonDetail> {
    let record = &state.record;
    let standing = record.standing(person)?;
    let links = standing.chain.iter().filter_map(|(hash, after)| {
        let fact = record.fact(hash)?;
        Some(ChainLink {
            fact: fact_line(state, fact),
            step: step(fact, person).to_owned(),
            after: shown(after, false),
            signature: signatures.get(hash).cloned().unwrap_or_else(|| unsigned(fact)),
        })
    });
    let beside = beside(state, standing);
    let told: BTreeSet<String> = beside.iter().map(|b| b.fact.hash.clone()).collect();
    let on_chain: BTreeSet<FactHash> = standing.chain.iter().map(|(h, _)| *h).collect();
    let mentions = record.mentions(person).into_iter().filter(|f| !on_chain.contains(&f.hash));
    let number = person.to_string();
    Some(PersonDetail {
        custody: custody_now(standing),
        gates: gates(record, person),
        chain: links.collect(),
        mentions: mentions
            .map(|f| fact_line(state, f))
            .filter(|line| !told.contains(&line.hash))
            .collect(),
        beside,
        discrepancies: (fold.discrepancies.iter())
            .filter(|d| d.people.contains(&number))
            .cloned()
            .collect(),
        plan: plan(fold, standing, person),
        person: number,
    })
}

/// The facts on a person's chain: those whose signatures are shown.
pub fn chain_of(state: &State, person: PersonId) -> Vec<FactHash> {
    let standing = state.record.standing(person);
    standing.iter().flat_map(|s| &s.chain).map(|(hash, _)| *hash).collect()
}

fn step(fact: &Fact, person: PersonId) -> &'static str {
    let steps = fact.steps();
    steps.into_iter().find(|(p, _, _)| *p == person).map_or("", |(_, _, step)| step.name())
}

fn unsigned(fact: &Fact) -> Signature {
    Signature {
        device: fact.device.to_string(),
        sequence: fact.sequence,
        short: String::new(),
        valid: false,
    }
}

fn beside(state: &State, standing: &Standing) -> Vec<BesideLine> {
    let line = |hash: &FactHash, how: &str, why: Option<String>| {
        line_of(state, hash).map(|fact| BesideLine { fact, how: how.to_owned(), why })
    };
    let branches = standing.contest.iter().flat_map(|c| &c.branches);
    let misfits = standing.misfits.iter();
    let mut lines: Vec<BesideLine> = branches
        .filter_map(|h| line(h, "branch", None))
        .chain(misfits.filter_map(|(h, misfit)| line(h, "misfit", Some(misfit.to_string()))))
        .chain(standing.parked.iter().filter_map(|h| line(h, "parked", None)))
        .chain(standing.set_aside.iter().filter_map(|h| line(h, "set-aside", None)))
        .collect();
    lines.sort_by_key(|line| line.fact.position);
    lines
}

/// Every gate with the decision that counts: the last by the field's time that nothing replaced
/// and that agrees with where the gate stands.
fn gates(record: &Record, person: PersonId) -> Vec<GateLine> {
    let mentions = record.mentions(person);
    let replaced: BTreeSet<FactHash> = mentions
        .iter()
        .filter_map(|f| match &f.event {
            Event::GateDecided { replaces, .. } => *replaces,
            _ => None,
        })
        .collect();
    let counts = |gate: Gate, state: GateState| {
        mentions.iter().rev().find_map(|f| match &f.event {
            Event::GateDecided { gate: g, outcome, basis, .. }
                if *g == gate && outcome.code() == state.code() && !replaced.contains(&f.hash) =>
            {
                Some((*f, *basis))
            }
            _ => None,
        })
    };
    let line = |(gate, state): (Gate, GateState)| {
        let decision = counts(gate, state);
        GateLine {
            gate: gate.to_string(),
            state: state.code().to_owned(),
            basis: decision.map(|(_, basis)| basis.to_string()),
            decided_at: decision.map(|(f, _)| f.occurred_at.to_string()),
            fact: decision.map(|(f, _)| f.hash.to_string()),
        }
    };
    record.gates(person).into_iter().map(line).collect()
}

/// What the plan in force gives a person who has not moved.
fn plan(fold: &Fold, standing: &Standing, person: PersonId) -> Option<PersonPlan> {
    let ended = matches!(standing.custody, Custody::Ended { .. });
    if ended || fold.journeys.departed.contains(&person) {
        return None;
    }
    let planned = fold.plans.in_force()?;
    let number = person.to_string();
    let seat = planned.seat(person);
    let unplaced = planned.document.unplaced.iter().find(|u| u.person == number);
    Some(PersonPlan {
        movement: seat.map(|(movement, _)| movement.to_string()),
        vehicle: seat.map(|(_, vehicle)| vehicle.clone()),
        unit: planned.document.beds.get(&number).cloned(),
        unplaced: unplaced.map(|u| what_ran_out(&u.reason).to_owned()),
    })
}
