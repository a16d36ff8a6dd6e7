//! One convoy or flight.

use crate::api::{MovementDetail, Problem};
use crate::app::App;
use crate::entitled::{Sight, withhold::Withhold};
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use crate::views;
use axum::Json;
use axum::extract::{Path, State};
use domain::MovementId;

/// One convoy or flight: its list by vehicle, its facts, what does not fit.
#[utoipa::path(
    get,
    path = "/api/v1/movements/{night}/{number}",
    tag = "movements",
    params(
        ("night" = String, Path, description = "Evening's date, as 2026-01-21"),
        ("number" = String, Path, description = "Two digits, as 03")
    ),
    responses(
        (status = 200, body = MovementDetail),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_movement(
    State(app): State<App>,
    sight: Sight,
    Path((night, number)): Path<(String, String)>,
) -> Result<Json<MovementDetail>, Problem> {
    let id = MovementId::parse(&format!("{night}/{number}"))?;
    let fold = app.fold().await?;
    let detail = app.blocking(move |app| {
        let now = app.now();
        let seen = sight.over(app, fold.clone())?;
        Ok(app.node.read(|state| {
            let mut detail = views::movements::detail(state, &fold, id, now)?;
            detail.withhold(&state.record, &seen);
            Some(detail)
        }))
    });
    let unknown = || {
        let movement = [("movement", id.to_string().into())];
        Problem::saying(ProblemCode::UnknownMovement, Sentence::NoMovement, movement)
    };
    detail.await?.map(Json).ok_or_else(unknown)
}
