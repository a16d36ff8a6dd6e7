//! What does not change while the operation runs.

use crate::api::*;
use crate::app::App;
use crate::ask::*;
use crate::problem::ProblemCode;
use axum::Json;
use axum::extract::{Path, State};

/// What does not change while the operation runs.
#[utoipa::path(
    get,
    path = "/api/v1/operation",
    tag = "operation",
    responses(
        (status = 200, body = Operation)
    )
)]
pub async fn get_operation(State(_app): State<App>) -> Result<Json<Operation>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
}
