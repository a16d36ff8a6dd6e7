//! People by number. Names are apart, under `particulars`.

use crate::api::*;
use crate::app::App;
use crate::ask::*;
use crate::problem::ProblemCode;
use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
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
    /// outside, held, offered or ended; also in-transit, admitted, cleared, contested.
    pub state: Option<String>,
    /// A gate, for people for whom it is not open; `gate:state` for one of its states.
    pub gate: Option<String>,
    /// A discrepancy code, for people in an open one; `any` for every code.
    pub discrepancy: Option<String>,
    /// People to skip, in order of number.
    #[serde(default)]
    pub offset: u32,
    /// People in this answer: 1 to 500, 100 when absent.
    pub limit: Option<u32>,
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
pub async fn get_people(State(_app): State<App>, Asked(_q): Asked<PeopleAsked>) -> Result<Json<PeoplePage>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
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
pub async fn get_person(State(_app): State<App>, Path(_id): Path<String>) -> Result<Json<PersonDetail>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
}

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
pub async fn get_particulars(State(_app): State<App>, Path(_id): Path<String>) -> Result<Json<Particulars>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
}
