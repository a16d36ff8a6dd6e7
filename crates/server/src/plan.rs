//! The plan in force and those before it.

use crate::api::*;
use crate::app::App;
use crate::ask::*;
use crate::problem::ProblemCode;
use axum::Json;
use axum::extract::{Path, State};

/// The plan in force and those before it; newest first.
#[utoipa::path(
    get,
    path = "/api/v1/plan",
    tag = "plan",
    responses(
        (status = 200, body = PlanView),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_plan(State(_app): State<App>) -> Result<Json<PlanView>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
}
