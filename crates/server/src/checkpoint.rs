//! The signed tree head.

use crate::api::Problem;
use crate::app::App;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

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
pub async fn get_checkpoint(State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    let note = app.blocking(|app| app.signed()).await?;
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, note))
}
