//! The whole operation now, and night by night.

use crate::api::{NightLine, Picture, Problem};
use crate::app::App;
use crate::views;
use axum::Json;
use axum::extract::State;

/// The whole operation at the head of the record.
#[utoipa::path(
    get,
    path = "/api/v1/picture",
    tag = "picture",
    responses(
        (status = 200, body = Picture),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_picture(State(app): State<App>) -> Result<Json<Picture>, Problem> {
    let fold = app.fold().await?;
    let picture = move |app: &App| Ok(views::picture::picture(&fold, &app.scenario, app.now()));
    app.blocking(picture).await.map(Json)
}

/// Every night of the operation, planned against done, in order.
#[utoipa::path(
    get,
    path = "/api/v1/nights",
    tag = "picture",
    responses(
        (status = 200, body = Vec<NightLine>),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_nights(State(app): State<App>) -> Result<Json<Vec<NightLine>>, Problem> {
    let fold = app.fold().await?;
    let nights = move |app: &App| Ok(views::nights::nights(&fold, &app.scenario, app.now()));
    app.blocking(nights).await.map(Json)
}
