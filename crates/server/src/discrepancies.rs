//! What does not fit.

use crate::api::*;
use crate::app::App;
use crate::ask::*;
use crate::problem::ProblemCode;
use axum::Json;
use axum::extract::{Path, State};

/// Everything that does not fit, open first, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/discrepancies",
    tag = "discrepancies",
    responses(
        (status = 200, body = Vec<DiscrepancyLine>),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_discrepancies(State(_app): State<App>) -> Result<Json<Vec<DiscrepancyLine>>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
}
