//! Who a person is, from the register. Apart from the record, and each look is logged.

use crate::api::{Particulars, Problem};
use crate::app::App;
use crate::people::unknown;
use crate::problem::ProblemCode;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use domain::PersonId;
use ledger::Nationalities;
use std::collections::BTreeMap;
use store::StoreError;

/// The section of the register that holds [`Particulars`] as JSON.
pub const SECTION: &str = "identity";

/// Who the person is, from the register. Each look is logged.
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/particulars",
    tag = "people",
    params(("id" = String, Path, description = "Person number, as A-004711-3")),
    responses(
        (status = 200, body = Particulars),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_particulars(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let person = PersonId::parse(&id)?;
    tracing::info!(person.id = %person, "particulars looked at");
    let found = app.blocking(move |app| {
        if app.node.read(|state| state.record.standing(person).is_none()) {
            return Err(unknown(person));
        }
        latest(app, person)
    });
    let nothing = || Problem::new(ProblemCode::NoParticulars, format!("nothing about {person}"));
    let particulars = found.await?.ok_or_else(nothing)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(particulars)))
}

/// The newest version that this server can read.
fn latest(app: &App, person: PersonId) -> Result<Option<Particulars>, Problem> {
    let versions = app.node.particulars(person)?;
    let mut readable = versions.iter().rev().filter(|v| v.section == SECTION && !v.sealed);
    Ok(readable.find_map(|v| serde_json::from_slice(&v.bytes).ok()))
}

/// Everybody's nationalities, for figures.
pub fn nationalities(node: &store::Node) -> Result<BTreeMap<PersonId, Nationalities>, StoreError> {
    let versions = node.section(SECTION)?;
    let readable = versions.into_iter().filter(|v| !v.sealed);
    // A later version of a person's section replaces an earlier one.
    Ok(readable
        .filter_map(|v| {
            let read: Particulars = serde_json::from_slice(&v.bytes).ok()?;
            let of = Nationalities {
                claimed: Some(read.nationality_claimed),
                documented: read.nationality_documented,
                verified: read.nationality_verified,
            };
            Some((v.person, of))
        })
        .collect())
}
