//! The table of routes.

use crate::app::App;
use crate::{
    checkpoint, discrepancies, exercise, facts, feed, figures, map, movements, operation, people,
    picture, plan, sites,
};
use axum::Router;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(OpenApi)]
#[openapi(info(
    title = "Amana",
    description = "The account of who answers for whom: record, picture, plan. All people are invented."
))]
struct Description;

fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(operation::get_operation))
        .routes(routes!(picture::get_picture))
        .routes(routes!(picture::get_nights))
        .routes(routes!(movements::get_movement))
        .routes(routes!(people::get_people))
        .routes(routes!(people::get_person))
        .routes(routes!(people::get_particulars))
        .routes(routes!(facts::get_fact))
        .routes(routes!(facts::post_fact))
        .routes(routes!(sites::get_site))
        .routes(routes!(discrepancies::get_discrepancies))
        .routes(routes!(figures::get_figures))
        .routes(routes!(plan::get_plan))
        .routes(routes!(exercise::get_play, exercise::post_play))
        .routes(routes!(feed::get_feed))
        .routes(routes!(map::get_provinces))
        .routes(routes!(map::get_towns))
        .routes(routes!(checkpoint::get_checkpoint))
}

/// The description of the API, as `docs/api/openapi.json` keeps it.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api().into_openapi()
}

pub fn router(app: App) -> Router {
    api().with_state(app).into()
}
