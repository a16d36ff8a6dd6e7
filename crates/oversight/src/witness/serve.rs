//! The witness over HTTP.

use super::{AddError, Witness};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use log::WitnessRefusal;
use std::sync::Arc;

/// A request at most, in bytes: 63 proof lines and the longest note.
const BODY_MAX: usize = log::note::NOTE_MAX + 4_096;

/// What a witness answers; whoever runs one brings the connections.
///
/// `POST /add-checkpoint` and `GET /<hex SHA-256 of the origin>/checkpoint`.
pub fn router(witness: Arc<Witness>) -> Router {
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/{log}/checkpoint", get(latest))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(witness)
}

async fn add_checkpoint(State(witness): State<Arc<Witness>>, body: Bytes) -> Response {
    let work = move || {
        let Ok(body) = std::str::from_utf8(&body) else {
            return Err(WitnessRefusal::Malformed("it is not UTF-8".to_owned()).into());
        };
        let now_s = u64::try_from(Timestamp::now().as_second()).unwrap_or(0);
        witness.add_checkpoint(body, now_s)
    };
    // Flushing to the disk blocks.
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(lines)) => text(StatusCode::OK, "text/plain; charset=utf-8", lines),
        Ok(Err(error)) => refused(&error),
        Err(_) => refused(&AddError::Stopped),
    }
}

fn refused(error: &AddError) -> Response {
    let status = match error {
        AddError::Refused(refusal) => refusal.status(),
        AddError::Stopped => 500,
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let AddError::Refused(WitnessRefusal::Conflict { held }) = error {
        return text(status, "text/x.tlog.size", format!("{held}\n"));
    }
    tracing::warn!(status = status.as_u16(), %error, "a head was not cosigned");
    text(status, "text/plain; charset=utf-8", format!("{error}\n"))
}

async fn latest(State(witness): State<Arc<Witness>>, Path(log): Path<String>) -> Response {
    let kind = "text/plain; charset=utf-8";
    let found = tokio::task::spawn_blocking(move || witness.latest(&log)).await;
    match found {
        Ok(Some(note)) => text(StatusCode::OK, kind, note),
        _ => text(StatusCode::NOT_FOUND, kind, "nothing cosigned of this log\n".to_owned()),
    }
}

fn text(status: StatusCode, kind: &'static str, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], body)
        .into_response()
}
