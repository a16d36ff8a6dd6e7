//! The live feed.

use crate::api::*;
use crate::app::App;
use crate::ask::*;
use crate::problem::ProblemCode;
use axum::Json;
use axum::extract::{Path, State};

/// Server-sent events `head`, whenever the record or the clock moved; the id is the position.
#[utoipa::path(
    get,
    path = "/api/v1/feed",
    tag = "feed",
    params(("Last-Event-ID" = Option<String>, Header, description = "Position of the last event seen")),
    responses(
        (status = 200, body = Head, content_type = "text/event-stream"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_feed(State(_app): State<App>) -> Result<Json<Head>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
}
