//! Figures with their definitions.

use crate::api::*;
use crate::app::App;
use crate::ask::*;
use crate::problem::ProblemCode;
use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FiguresAsked {
    /// Position of the record; its head when absent.
    pub at: Option<u64>,
}

/// Figures by definition at a position of the record, beside what was published.
#[utoipa::path(
    get,
    path = "/api/v1/figures",
    tag = "figures",
    params(FiguresAsked),
    responses(
        (status = 200, body = Figures),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_figures(State(_app): State<App>, Asked(_q): Asked<FiguresAsked>) -> Result<Json<Figures>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
}
