//! A fact in a list: who said what when, without anything about a person but a count.

use crate::api::FactLine;
use domain::{Answer, CoverDecision, DeviceId, Event, Fact, FactHash, Looker, Muster};
use std::collections::{BTreeMap, BTreeSet};
use store::State;

pub fn fact_line(state: &State, fact: &Fact) -> FactLine {
    let recorded_at = state.recorded_at(&fact.hash);
    FactLine {
        hash: fact.hash.to_string(),
        position: position(state, &fact.hash).unwrap_or(0),
        kind: fact.event.kind().to_owned(),
        occurred_at: fact.occurred_at.to_string(),
        recorded_at: recorded_at.unwrap_or(fact.occurred_at).to_string(),
        authority: fact.authority.to_string(),
        role: fact.officer.role.to_string(),
        officer: fact.officer.number,
        people: fact.people().len() as u32,
        says: says(fact),
    }
}

/// Place in the record, counted from 1 as everywhere outside the store.
pub fn position(state: &State, hash: &FactHash) -> Option<u64> {
    state.position_of(hash).map(|index| index + 1)
}

/// The line of a fact that the record names by hash; `None` when it has not come in.
pub fn line_of(state: &State, hash: &FactHash) -> Option<FactLine> {
    state.record.fact(hash).map(|fact| fact_line(state, fact))
}

/// The fields that tell a fact apart, by name, as text.
fn says(fact: &Fact) -> BTreeMap<String, String> {
    let mut says = Says::default();
    match &fact.event {
        Event::OperationOpened { authorities, .. } => says.put("authorities", authorities.len()),
        Event::DeviceEnrolled { key, role, site, term } => {
            says.put("device", DeviceId::of(key));
            says.put("role", role);
            says.put_some("site", site.as_ref());
            if let Some(term) = term {
                says.put_some("unit", term.unit.as_ref());
                says.put("from", term.from);
                says.put("until", term.until);
                says.put("silence_s", term.silence_s);
                says.put_some("replaces", term.replaces.as_ref());
            }
        }
        Event::KeyChanged { key, .. } => says.put("device", DeviceId::of(key)),
        Event::DeviceRevoked { device, last, why } => {
            says.put("device", device);
            says.put_some("last", last.as_ref());
            says.put("why", why);
        }
        Event::HeadsSeen { heads } => says.put("devices", heads.len()),
        Event::PlanAdopted { plan, revision, parent, why } => {
            says.put("plan", plan);
            says.put("revision", revision);
            says.put_some("parent", parent.as_ref());
            says.put("why", why);
        }
        Event::IntakePromised { site, nights } => {
            says.put("site", site);
            says.put("nights", nights.len());
            says.put("promised", nights.iter().map(|(_, n)| n).sum::<u32>());
        }
        Event::CoverDecided { night, decision, reports } => {
            says.put("night", night);
            match decision {
                CoverDecision::Stands { orbits, slots } => {
                    says.put("decision", "stands");
                    says.put("orbits", orbits);
                    says.put("slots", slots);
                }
                CoverDecision::Withdrawn => says.put("decision", "withdrawn"),
            }
            says.put("reports", reports.len());
        }
        Event::Registered { unit, .. }
        | Event::Placed { unit, .. }
        | Event::Recovered { unit, .. } => says.put("unit", unit),
        Event::GateDecided { gate, outcome, basis, replaces, .. } => {
            says.put("gate", gate);
            says.put("outcome", outcome);
            says.put("basis", basis);
            says.put_some("replaces", replaces.as_ref());
        }
        Event::ManifestFrozen { movement, vehicles } => {
            says.put("movement", movement);
            says.put("vehicles", vehicles.len());
        }
        Event::Boarded { movement, vehicle, .. } => {
            says.put("movement", movement);
            says.put("vehicle", vehicle);
        }
        Event::Departed { movement, aboard } => {
            says.put("movement", movement);
            says.put("aboard", aboard);
        }
        Event::WaypointPassed { movement, waypoint, aboard } => {
            says.put("movement", movement);
            says.put("waypoint", waypoint);
            says.put_some("aboard", *aboard);
        }
        Event::Arrived { movement, site } => {
            says.put("movement", movement);
            says.put("site", site);
        }
        Event::MovementCancelled { movement, why } => {
            says.put("movement", movement);
            says.put("why", why);
        }
        Event::HandoverOffered { movement, to, site, .. } => {
            says.put("movement", movement);
            says.put("to", to);
            says.put("site", site);
        }
        Event::HandoverAnswered { offer, outcomes } => {
            let count = |of: fn(&Answer) -> bool| outcomes.iter().filter(|(_, a)| of(a)).count();
            says.put("offer", offer);
            says.put("accepted", count(|a| matches!(a, Answer::Accepted)));
            says.put("refused", count(|a| matches!(a, Answer::Refused(_))));
            says.put("not-present", count(|a| matches!(a, Answer::NotPresent)));
        }
        Event::HandoverWithdrawn { offer, .. } => says.put("offer", offer),
        Event::Exited { why, .. } => says.put("why", why),
        Event::MusterTaken { site, count } => {
            says.put("site", site);
            let (method, expected, found) = counted(count);
            says.put("method", method);
            says.put("expected", expected);
            says.put("found", found);
        }
        Event::IncidentReported { site, kind } => {
            says.put("site", site);
            says.put("kind", kind);
        }
        Event::AgeFound { under_18, basis, .. } => {
            says.put("under-18", under_18);
            says.put("basis", basis);
        }
        Event::Notified { whom, .. } => says.put("whom", whom),
        Event::ForkResolved { at, stands, why, .. } => {
            says.put_some("at", at.as_ref());
            says.put("stands", stands);
            says.put("why", why);
        }
        Event::DiscrepancyResolved { code, fact, why } => {
            says.put("code", code);
            says.put("fact", fact);
            says.put("why", why);
        }
        Event::NoticeDeferred { whom, why, until, .. } => {
            says.put("whom", whom);
            says.put("why", why);
            says.put_some("until", until.as_ref());
        }
        Event::Examined { .. } => {}
        Event::StatementIssued { definition, position, document } => {
            says.put("definition", definition);
            says.put("of-position", position);
            says.put("document", document);
        }
        Event::ParticularsKept { kept, written } => {
            says.put("sections", words(kept.iter().map(|(_, section, _)| section)));
            if let Some(written) = written {
                let Looker { authority, officer } = &written.by;
                says.put("writer", format!("{authority} {} {}", officer.role, officer.number));
                says.put("purpose", written.purpose);
                says.put("relation", written.relation);
                says.put("policies", words(&written.policies));
                says.put("policy-set", written.policy_set);
            }
        }
        Event::ParticularsLookedAt { look, .. } => {
            let Looker { authority, officer } = &look.by;
            says.put("sections", words(&look.sections));
            says.put("looker", format!("{authority} {} {}", officer.role, officer.number));
            says.put("purpose", look.purpose);
            says.put("relation", look.relation);
            says.put("policies", words(&look.policies));
            says.put_some("policy-set", look.policy_set);
            says.put_some("break-glass", look.break_glass);
        }
        Event::ErasureApproved { sections, ground, .. } => {
            says.put("sections", words(sections.iter().map(|(section, _)| section)));
            says.put("ground", ground);
        }
        Event::SectionsShredded { sections, ground, approvals, .. } => {
            says.put("sections", words(sections.iter().map(|(section, _)| section)));
            says.put("ground", ground);
            says.put("approvals", approvals.len());
        }
    }
    says.0
}

/// Each word once, in order, separated by spaces.
fn words<T: ToString>(all: impl IntoIterator<Item = T>) -> String {
    let all: BTreeSet<_> = all.into_iter().map(|word| word.to_string()).collect();
    all.into_iter().collect::<Vec<_>>().join(" ")
}

/// How a muster was taken, the people expected and the people found.
pub fn counted(count: &Muster) -> (&'static str, u32, u32) {
    match count {
        Muster::ByName { present, absent } => {
            ("by-name", (present.len() + absent.len()) as u32, present.len() as u32)
        }
        Muster::ByNumber { expected, counted } => ("by-number", *expected, *counted),
    }
}

#[derive(Default)]
struct Says(BTreeMap<String, String>);

impl Says {
    fn put(&mut self, name: &str, value: impl ToString) {
        self.0.insert(name.to_owned(), value.to_string());
    }
    fn put_some(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }
}
