//! The map beneath.

use crate::api::*;
use crate::app::App;
use crate::ask::*;
use crate::problem::ProblemCode;
use axum::Json;
use axum::extract::{Path, State};

/// Provinces as GeoJSON. Schematic, not for navigation.
#[utoipa::path(
    get,
    path = "/api/v1/map/provinces",
    tag = "map",
    responses(
        (status = 200, body = serde_json::Value, content_type = "application/geo+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_provinces(State(_app): State<App>) -> Result<Json<serde_json::Value>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
}

/// Towns as GeoJSON points, for orientation.
#[utoipa::path(
    get,
    path = "/api/v1/map/towns",
    tag = "map",
    responses(
        (status = 200, body = serde_json::Value, content_type = "application/geo+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_towns(State(_app): State<App>) -> Result<Json<serde_json::Value>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
}
