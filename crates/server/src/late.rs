//! Who leaves later than they could, or not at all, and why.

use crate::api::{LatePage, Problem};
use crate::app::App;
use crate::ask::Asked;
use crate::entitled::Sight;
use crate::reasons::Reasons;
use crate::sentence::{limit_not_within, no_such_word};
use crate::sites::site_named;
use crate::views::late::{Which, late};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

/// People in one answer, when the request does not say, and at most.
const PAGE: (u32, u32) = (50, 500);

/// Which of them; what is absent does not narrow.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LateAsked {
    /// late, left-behind or not-planned.
    pub state: Option<String>,
    /// Where they wait; a site's id.
    pub site: Option<String>,
    /// Code of one of their causes.
    pub cause: Option<String>,
    /// People to skip; 0 when absent.
    pub offset: Option<u32>,
    /// People in this answer: 1 to 500, 50 when absent.
    pub limit: Option<u32>,
}

/// Who leaves later than they could by the plan in force, or not at all, one by one, each with what refused
/// them.
#[utoipa::path(
    get,
    path = "/api/v1/plan/late",
    tag = "plan",
    params(LateAsked),
    responses(
        (status = 200, body = LatePage),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_late(
    State(app): State<App>,
    sight: Sight,
    Asked(asked): Asked<LateAsked>,
) -> Result<Json<LatePage>, Problem> {
    let limit = asked.limit.unwrap_or(PAGE.0);
    if !(1..=PAGE.1).contains(&limit) {
        return Err(limit_not_within(limit, PAGE.1));
    }
    if let Some(state) = asked.state.as_ref().filter(|s| !Which::STATES.contains(&s.as_str())) {
        return Err(no_such_word("state", state));
    }
    let site = asked.site.map(|id| site_named(&app.scenario, &id)).transpose()?;
    let which = Which { state: asked.state, site, cause: asked.cause };
    let offset = asked.offset.unwrap_or(0);
    let fold = app.fold().await?;
    let page = app.blocking(move |app| {
        let reasons = app.late.now(&fold, |plan, _| Reasons::kept(app, plan))?;
        let Some(reasons) = reasons else { return Ok(LatePage::default()) };
        let seen = sight.over(app, fold.clone())?;
        let page = app
            .node
            .read(|state| late(&state.record, &fold, &app.scenario, &reasons, &which, &seen));
        Ok(page.cut(offset, limit))
    });
    page.await.map(Json)
}
