//! What does not change while the operation runs.

use crate::api::Operation;
use crate::app::App;
use crate::views;
use axum::Json;
use axum::extract::State;

/// What does not change while the operation runs.
#[utoipa::path(
    get,
    path = "/api/v1/operation",
    tag = "operation",
    responses((status = 200, body = Operation))
)]
pub async fn get_operation(State(app): State<App>) -> Json<Operation> {
    Json(views::operation::operation(&app.scenario, app.play.is_some()))
}
