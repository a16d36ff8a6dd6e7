//! What the plan in force uses of what there is, and what holds people back.

use crate::api::{HeldBack, PlanResources, Problem, ResourceRow};
use crate::app::App;
use crate::planned_problem::PlannedProblem;
use axum::Json;
use axum::extract::State;
use domain::PlanHash;
use planner::explain::{Explained, Holding};
use planner::plan::PlanDocument;
use planner::usage::{Used, usage};

/// Causes told, the worst first.
const HOLDING: usize = 12;

/// What the plan in force uses of what there is, by night, and what holds people back.
#[utoipa::path(
    get,
    path = "/api/v1/plan/resources",
    tag = "plan",
    responses(
        (status = 200, body = PlanResources),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_resources(State(app): State<App>) -> Result<Json<PlanResources>, Problem> {
    let fold = app.fold().await?;
    let answer = app.blocking(move |app| {
        let known = app.resources.now(&fold, |plan, planned| {
            let problem = PlannedProblem::of(app, plan)?;
            Ok(problem.map(|problem| resources(app, plan, &planned.document, &problem)))
        })?;
        Ok(known.map_or_else(PlanResources::default, |known| PlanResources::clone(&known)))
    });
    answer.await.map(Json)
}

fn resources(
    app: &App,
    plan: &PlanHash,
    document: &PlanDocument,
    planned: &PlannedProblem,
) -> PlanResources {
    let classes = document.class_plan();
    let row = |u: Used| ResourceRow {
        what: u.what,
        r#where: u.place,
        used: u.used,
        available: u.available,
    };
    let used = usage(&planned.problem, &classes).into_iter();
    let any = |u: &Used| u.used.iter().chain(&u.available).any(|n| *n > 0);
    PlanResources {
        plan: plan.to_string(),
        nights: app.scenario.operation.nights().map(|n| n.to_string()).collect(),
        from: planned.from as u32,
        rows: used.filter(any).map(row).collect(),
        holding: holding(planned, &classes),
    }
}

fn holding(planned: &PlannedProblem, classes: &planner::plan::ClassPlan) -> Vec<HeldBack> {
    let explained = match Explained::new(&planned.problem, classes) {
        Ok(explained) => explained,
        Err(error) => {
            tracing::warn!(error = %error, "the plan in force cannot be explained");
            return Vec::new();
        }
    };
    let told = |h: Holding| HeldBack {
        what: h.cause.what.to_owned(),
        r#where: h.cause.place,
        vehicle: h.cause.vehicle,
        rule: h.cause.rule.map(str::to_owned),
        person_nights: h.person_nights,
        nights: h.nights as u32,
    };
    let all = explained.holding(&explained.stories(), planned.from);
    all.into_iter().take(HOLDING).map(told).collect()
}
