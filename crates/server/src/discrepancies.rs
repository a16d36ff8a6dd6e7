//! What does not fit.

use crate::api::{DiscrepancyLine, Problem};
use crate::app::App;
use crate::entitled::{Sight, withhold::Withhold};
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
    sight: Sight,
) -> Result<Json<Vec<DiscrepancyLine>>, Problem> {
    let fold = app.fold().await?;
    let lines = app.blocking(move |app| {
        let mut lines = fold.discrepancies.clone();
        let seen = sight.over(app, fold)?;
        app.node.read(|state| lines.withhold(&state.record, &seen));
        Ok(lines)
    });
    lines.await.map(Json)
}
