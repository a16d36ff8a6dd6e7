//! The exercise clock.

use crate::api::{Play, PlayChange, Problem};
use crate::app::App;
use crate::ask::Body;
use crate::play::PlayHandle;
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use axum::Json;
use axum::extract::State;

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
pub async fn get_play(State(app): State<App>) -> Result<Json<Play>, Problem> {
    Ok(Json(clock(&app)?.state()))
}

/// Drive the exercise clock; what is absent stays.
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
    State(app): State<App>,
    Body(change): Body<PlayChange>,
) -> Result<Json<Play>, Problem> {
    let play = clock(&app)?.clone();
    let changed = app.blocking(move |_| play.change(change)).await?;
    app.feed.stir();
    Ok(Json(changed))
}

fn clock(app: &App) -> Result<&PlayHandle, Problem> {
    let none = || Problem::saying(ProblemCode::NotAnExercise, Sentence::NothingPlayed, []);
    app.play.as_ref().ok_or_else(none)
}
