//! The plan in force and those before it.

use crate::api::{PlanView, Price, Problem};
use crate::app::App;
use crate::views;
use axum::Json;
use axum::extract::State;
use domain::PlanHash;

/// The plan in force and those before it, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/plan",
    tag = "plan",
    responses(
        (status = 200, body = PlanView),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_plan(State(app): State<App>) -> Result<Json<PlanView>, Problem> {
    let fold = app.fold().await?;
    let plan = app.blocking(move |app| {
        let prices = match fold.plans.revisions.last() {
            Some(revision) => prices(app, &revision.plan)?,
            None => Vec::new(),
        };
        Ok(views::plan::plan(&fold.plans, prices))
    });
    plan.await.map(Json)
}

/// The name under which the node keeps what scarce things are worth by the plan's relaxation: a
/// JSON list of `api::Price`.
pub fn prices_name(plan: &PlanHash) -> String {
    format!("plan/{plan}.prices.json")
}

/// Empty when nobody computed them.
fn prices(app: &App, plan: &PlanHash) -> Result<Vec<Price>, Problem> {
    let document = app.node.document(&prices_name(plan))?;
    let read = document.and_then(|d| serde_json::from_slice(&d.bytes).ok());
    Ok(read.unwrap_or_default())
}
