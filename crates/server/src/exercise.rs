//! The exercise clock.

use crate::api::*;
use crate::app::App;
use crate::ask::*;
use crate::problem::ProblemCode;
use axum::Json;
use axum::extract::{Path, State};

/// The exercise clock.
#[utoipa::path(
    get,
    path = "/api/v1/play",
    tag = "play",
    responses(
        (status = 200, body = Play),
        (status = 409, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_play(State(_app): State<App>) -> Result<Json<Play>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
}

/// Drive the exercise clock.
#[utoipa::path(
    post,
    path = "/api/v1/play",
    tag = "play",
    request_body = PlayChange,
    responses(
        (status = 200, body = Play),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn post_play(
    State(_app): State<App>,
    Body(_change): Body<PlayChange>,
) -> Result<Json<Play>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
}
