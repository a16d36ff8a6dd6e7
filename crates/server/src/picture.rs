//! The whole operation now, and night by night.

use crate::api::*;
use crate::app::App;
use crate::ask::*;
use crate::problem::ProblemCode;
use axum::Json;
use axum::extract::{Path, State};

/// The whole operation at the head of the record.
#[utoipa::path(
    get,
    path = "/api/v1/picture",
    tag = "picture",
    responses(
        (status = 200, body = Picture),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_picture(State(_app): State<App>) -> Result<Json<Picture>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
}

/// Every night of the operation, planned against done, in order.
#[utoipa::path(
    get,
    path = "/api/v1/nights",
    tag = "picture",
    responses(
        (status = 200, body = Vec<NightLine>),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_nights(State(_app): State<App>) -> Result<Json<Vec<NightLine>>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
}
