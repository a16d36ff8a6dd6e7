//! What does not fit.

use crate::api::{DiscrepancyLine, Problem};
use crate::app::App;
use axum::Json;
use axum::extract::State;

/// Everything that does not fit, open first, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/discrepancies",
    tag = "discrepancies",
    responses(
        (status = 200, body = Vec<DiscrepancyLine>),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_discrepancies(
    State(app): State<App>,
) -> Result<Json<Vec<DiscrepancyLine>>, Problem> {
    let fold = app.fold().await?;
    Ok(Json(fold.discrepancies.clone()))
}
