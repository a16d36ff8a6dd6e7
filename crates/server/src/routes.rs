//! The table of routes.

use crate::api::Problem;
use crate::app::App;
use crate::problem::ProblemCode;
use crate::{
    balance, checkpoint, discrepancies, exercise, facts, feed, figures, map, movements,
    obligations, operation, particulars, people, picture, plan, receipts, resources, sites,
    statements, tiles, whatif,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Uri;
use axum::routing::get;
use std::path::PathBuf;
use tower_http::compression::CompressionLayer;
use tower_http::services::{ServeDir, ServeFile};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A request's body, at most, in bytes: one fact of the longest kind in base64 within JSON.
const BODY_MAX: usize = 96 * 1024;

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
        .routes(routes!(particulars::get_particulars))
        .routes(routes!(facts::post_fact))
        .routes(routes!(facts::get_fact))
        .routes(routes!(receipts::get_receipt))
        .routes(routes!(sites::get_site))
        .routes(routes!(discrepancies::get_discrepancies))
        .routes(routes!(figures::get_figures))
        .routes(routes!(obligations::get_obligations))
        .routes(routes!(balance::get_balance))
        .routes(routes!(balance::get_balance_page))
        .routes(routes!(statements::get_statements))
        .routes(routes!(statements::get_statement))
        .routes(routes!(statements::get_comparison))
        .routes(routes!(plan::get_plan))
        .routes(routes!(resources::get_resources))
        .routes(routes!(whatif::post_whatif))
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

/// All routes, with the web client from `web` when given: an address that is no file there gets
/// its `index.html`. Call it on a tokio runtime: it starts following the record for the feed.
pub fn router(app: App, web: Option<PathBuf>) -> Router {
    tokio::spawn(feed::watch(app.clone()));
    let (routes, _) = api()
        .route("/checkpoint", get(checkpoint::get_checkpoint))
        .route("/api/{*rest}", axum::routing::any(no_such_address))
        .split_for_parts();
    let routes = routes
        .merge(tiles::public())
        .merge(tiles::behind_the_door())
        .method_not_allowed_fallback(no_such_method)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(app);
    let routes = match web {
        Some(folder) => {
            let index = ServeFile::new(folder.join("index.html"));
            routes.fallback_service(ServeDir::new(folder).fallback(index))
        }
        None => routes.fallback(no_such_address),
    };
    // Server-sent events and anything under 32 bytes are left as they are.
    routes.layer(CompressionLayer::new())
}

async fn no_such_address(uri: Uri) -> Problem {
    Problem::new(ProblemCode::NoSuchAddress, format!("nothing is at {}", uri.path()))
}

async fn no_such_method(uri: Uri) -> Problem {
    Problem::new(ProblemCode::NoMethod, format!("not with {}", uri.path()))
}
