//! A site's book.

use crate::api::*;
use crate::app::App;
use crate::ask::*;
use crate::problem::ProblemCode;
use axum::Json;
use axum::extract::{Path, State};

/// A site's book: who came in and went out, its counts, its promises.
#[utoipa::path(
    get,
    path = "/api/v1/sites/{id}",
    tag = "sites",
    params(("id" = String, Path, description = "Site id, as karkh")),
    responses(
        (status = 200, body = SiteBook),
        (status = 404, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_site(State(_app): State<App>, Path(_id): Path<String>) -> Result<Json<SiteBook>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
}
