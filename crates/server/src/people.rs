//! People by number. Names are apart, under `particulars`.

use crate::api::{PeoplePage, PersonDetail, Problem, Signature};
use crate::app::App;
use crate::ask::Asked;
use crate::entitled::{Sight, withhold::Withhold};
use crate::problem::ProblemCode;
use crate::sentence::{Sentence, limit_not_within, no_such_word};
use crate::sites::site_named;
use crate::views;
use crate::views::people::{GateIs, Stage, Which};
use axum::Json;
use axum::extract::{Path, State};
use domain::{DiscrepancyCode, FactHash, Gate, GateState, PersonId, PublicKey};
use scenario::Scenario;
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::IntoParams;

/// People in one answer, when the request does not say.
const PAGE_PEOPLE: u32 = 100;
/// People in one answer, at most.
const PAGE_PEOPLE_MAX: u32 = 500;

/// Which people; what is absent does not narrow.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PeopleAsked {
    /// Part of a person number.
    pub q: Option<String>,
    /// Where they are held now; a site's id.
    pub site: Option<String>,
    /// outside, held, offered or ended; also departed, in-transit, admitted, cleared, contested.
    pub state: Option<String>,
    /// A gate, for people for whom it is not open; `gate:state` for one of its states.
    pub gate: Option<String>,
    /// A discrepancy code, for people in an open one; `any` for every code.
    pub discrepancy: Option<String>,
    /// People to skip, in order of number; 0 when absent.
    pub offset: Option<u32>,
    /// People in this answer: 1 to 500, 100 when absent.
    pub limit: Option<u32>,
}

impl PeopleAsked {
    fn which(self, scenario: &Scenario) -> Result<Which, Problem> {
        let stage =
            self.state.map(|s| Stage::from_code(&s).ok_or_else(|| no_such_word("state", &s)));
        let gate = self.gate.map(|g| gate_asked(&g).ok_or_else(|| no_such_word("gate", &g)));
        let discrepancy = self.discrepancy.map(|code| match code.as_str() {
            "any" => Ok(None),
            code => DiscrepancyCode::from_code(code)
                .map(Some)
                .ok_or_else(|| no_such_word("discrepancy-code", code)),
        });
        Ok(Which {
            q: self.q.map(|q| q.trim().to_uppercase()).filter(|q| !q.is_empty()),
            site: self.site.map(|id| site_named(scenario, &id)).transpose()?,
            stage: stage.transpose()?,
            gate: gate.transpose()?,
            discrepancy: discrepancy.transpose()?,
        })
    }
}

/// `order`, or `order:failed`.
fn gate_asked(text: &str) -> Option<(Gate, GateIs)> {
    let Some((gate, state)) = text.split_once(':') else {
        return Some((Gate::from_code(text)?, GateIs::NotOpen));
    };
    let state = match state {
        "pending" => GateState::Pending,
        "passed" => GateState::Passed,
        "failed" => GateState::Failed,
        "overridden" => GateState::Overridden,
        _ => return None,
    };
    Some((Gate::from_code(gate)?, GateIs::In(state)))
}

/// A page of people in order of number, and how many there are in all.
#[utoipa::path(
    get,
    path = "/api/v1/people",
    tag = "people",
    params(PeopleAsked),
    responses(
        (status = 200, body = PeoplePage),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_people(
    State(app): State<App>,
    sight: Sight,
    Asked(asked): Asked<PeopleAsked>,
) -> Result<Json<PeoplePage>, Problem> {
    let limit = asked.limit.unwrap_or(PAGE_PEOPLE);
    if !(1..=PAGE_PEOPLE_MAX).contains(&limit) {
        return Err(limit_not_within(limit, PAGE_PEOPLE_MAX));
    }
    let offset = asked.offset.unwrap_or(0);
    let which = asked.which(&app.scenario)?;
    let fold = app.fold().await?;
    let page = app.blocking(move |app| {
        let seen = sight.over(app, fold.clone())?;
        Ok(app.node.read(|state| views::people::people(state, &fold, &which, &seen, offset, limit)))
    });
    page.await.map(Json)
}

/// Everything the record holds about one person.
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}",
    tag = "people",
    params(("id" = String, Path, description = "Person number, as A-004711-3")),
    responses(
        (status = 200, body = PersonDetail),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_person(
    State(app): State<App>,
    sight: Sight,
    Path(id): Path<String>,
) -> Result<Json<PersonDetail>, Problem> {
    let person = PersonId::parse(&id)?;
    let fold = app.fold().await?;
    let detail = app.blocking(move |app| {
        let chain = app.node.read(|state| views::person::chain_of(state, person));
        let signatures = signatures(app, &chain)?;
        let seen = sight.over(app, fold.clone())?;
        Ok(app.node.read(|state| {
            let mut detail = views::person::person(state, &fold, person, &signatures)?;
            detail.withhold(&state.record, &seen);
            Some(detail)
        }))
    });
    detail.await?.map(Json).ok_or_else(|| unknown(person))
}

/// Nobody has the number, or nobody whom the officer may know of: the same words for both, by whichever
/// address somebody asks.
pub fn unknown(person: PersonId) -> Problem {
    let number = [("person", person.to_string().into())];
    Problem::saying(ProblemCode::UnknownPerson, Sentence::Nobody, number)
}

/// Each fact's signature, checked now against the key its device was enrolled with.
fn signatures(app: &App, facts: &[FactHash]) -> Result<BTreeMap<FactHash, Signature>, Problem> {
    let mut signatures = BTreeMap::new();
    for hash in facts {
        let Some((_, entry)) = app.node.entry(hash)? else { continue };
        let signer = app.node.read(|state| {
            let fact = state.record.fact(hash)?;
            let key = state.record.keys().enrolments(&fact.device).next()?.key;
            Some((fact.device, fact.sequence, key))
        });
        let Some((device, sequence, key)) = signer else { continue };
        let signature = Signature {
            device: device.to_string(),
            sequence,
            short: short(&entry),
            valid: holds(&entry, &key, app.node.origin()),
        };
        signatures.insert(*hash, signature);
    }
    Ok(signatures)
}

fn holds(entry: &[u8], key: &PublicKey, origin: &str) -> bool {
    log::verifying_key(key).is_ok_and(|key| log::verify(entry, &key, origin).is_ok())
}

/// The beginning of the signature: the last 64 bytes of a COSE_Sign1.
fn short(entry: &[u8]) -> String {
    let signature = &entry[entry.len().saturating_sub(64)..];
    signature.iter().take(8).map(|b| format!("{b:02x}")).collect()
}
