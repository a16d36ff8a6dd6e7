//! The signed tree head.

use crate::api::*;
use crate::app::App;
use crate::ask::*;
use crate::problem::ProblemCode;
use axum::Json;
use axum::extract::{Path, State};

/// The signed tree head, as C2SP tlog-checkpoint text. Also at `/checkpoint`.
#[utoipa::path(
    get,
    path = "/api/v1/checkpoint",
    tag = "record",
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_checkpoint(State(_app): State<App>) -> Result<Json<String>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
}
