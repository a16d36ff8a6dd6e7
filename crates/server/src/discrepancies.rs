//! What does not fit.

use crate::api::{DiscrepancyDetail, DiscrepancyLine, Problem};
use crate::app::App;
use crate::entitled::{Sight, withhold::Withhold};
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use crate::views::fork::fork;
use axum::Json;
use axum::extract::{Path, State};
use domain::ResolutionReason;

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

/// One difference: what closes it, what has been signed towards that, and who has yet to sign.
#[utoipa::path(
    get,
    path = "/api/v1/discrepancies/{id}",
    tag = "discrepancies",
    params(("id" = String, Path, description = "`code:fact-hash`, as the list has it")),
    responses(
        (status = 200, body = DiscrepancyDetail),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_discrepancy(
    State(app): State<App>,
    sight: Sight,
    Path(id): Path<String>,
) -> Result<Json<DiscrepancyDetail>, Problem> {
    let fold = app.fold().await?;
    let detail = app.blocking(move |app| {
        let unknown = || {
            Problem::saying(
                ProblemCode::UnknownDiscrepancy,
                Sentence::NoDifference,
                [("id", id.clone().into())],
            )
        };
        let line = fold.discrepancies.iter().find(|line| line.id == id).cloned();
        let mut line = line.ok_or_else(unknown)?;
        let seen = sight.over(app, fold)?;
        let fork = app.node.read(|state| {
            line.withhold(&state.record, &seen);
            fork(state, &line)
        });
        let reasons = ResolutionReason::ALL.iter().map(|why| why.code().to_owned()).collect();
        Ok(DiscrepancyDetail { line, reasons, fork })
    });
    detail.await.map(Json)
}
