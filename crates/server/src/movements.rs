//! One convoy or flight.

use crate::api::*;
use crate::app::App;
use crate::ask::*;
use crate::problem::ProblemCode;
use axum::Json;
use axum::extract::{Path, State};

/// One convoy or flight: its list by vehicle, its facts, what does not fit.
#[utoipa::path(
    get,
    path = "/api/v1/movements/{night}/{number}",
    tag = "movements",
    params(("night" = String, Path, description = "Evening's date, as 2026-01-21"), ("number" = String, Path, description = "Two digits, as 03")),
    responses(
        (status = 200, body = MovementDetail),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_movement(State(_app): State<App>, Path(_p): Path<(String, String)>) -> Result<Json<MovementDetail>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
}
