//! A site's book.

use crate::api::{Problem, SiteBook};
use crate::app::App;
use crate::entitled::{Sight, withhold::Withhold};
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use crate::views;
use axum::Json;
use axum::extract::{Path, State};
use domain::SiteId;
use scenario::Scenario;

/// A site's book: who came in and went out, its counts, its promises.
#[utoipa::path(
    get,
    path = "/api/v1/sites/{id}",
    tag = "sites",
    params(("id" = String, Path, description = "Site id, as karkh")),
    responses(
        (status = 200, body = SiteBook),
        (status = 404, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_site(
    State(app): State<App>,
    sight: Sight,
    Path(id): Path<String>,
) -> Result<Json<SiteBook>, Problem> {
    let site = site_named(&app.scenario, &id)?;
    let fold = app.fold().await?;
    let book = app.blocking(move |app| {
        let (now, site) = (app.now(), app.scenario.site(&site));
        let seen = sight.over(app, fold.clone())?;
        Ok(app.node.read(|state| {
            let mut book = views::site_book::site_book(state, &fold, site?, now);
            book.withhold(&state.record, &seen);
            Some(book)
        }))
    });
    book.await?.map(Json).ok_or_else(|| unknown(&id))
}

/// A site of the operation by its id.
pub fn site_named(scenario: &Scenario, id: &str) -> Result<SiteId, Problem> {
    let site = SiteId::new(id).ok().filter(|site| scenario.site(site).is_some());
    site.ok_or_else(|| unknown(id))
}

fn unknown(id: &str) -> Problem {
    Problem::saying(ProblemCode::UnknownSite, Sentence::NoSite, [("site", id.into())])
}
