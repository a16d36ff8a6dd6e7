//! The table of routes.

use crate::api::Problem;
use crate::app::App;
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use crate::sign_in::{enrolment, guard, passkeys, password, personas, provider};
use crate::{
    balance, changes, checkpoint, custody, devices, discrepancies, exchange, exercise, facts, feed,
    figures, late, looks, map, movements, obligations, open, operation, people, picture, plan,
    policies, receipts, resources, sites, statements, tiles, whatif, writing,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Uri;
use axum::middleware::from_fn_with_state;
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
        .routes(routes!(custody::get_custody))
        .routes(routes!(open::get_openable, open::post_look))
        .routes(routes!(writing::put_section))
        .routes(routes!(looks::get_looks))
        .routes(routes!(looks::get_looks_at))
        .routes(routes!(looks::get_looks_file))
        .routes(routes!(policies::get_policies))
        .routes(routes!(facts::post_fact))
        .routes(routes!(facts::get_fact))
        .routes(routes!(receipts::get_receipt))
        .routes(routes!(sites::get_site))
        .routes(routes!(discrepancies::get_discrepancies))
        .routes(routes!(discrepancies::get_discrepancy))
        .routes(routes!(figures::get_figures))
        .routes(routes!(obligations::get_obligations))
        .routes(routes!(balance::get_balance))
        .routes(routes!(balance::get_balance_page))
        .routes(routes!(statements::get_statements))
        .routes(routes!(statements::get_statement))
        .routes(routes!(statements::get_comparison))
        .routes(routes!(plan::get_plan))
        .routes(routes!(changes::get_changes))
        .routes(routes!(resources::get_resources))
        .routes(routes!(late::get_late))
        .routes(routes!(whatif::post_whatif))
        .routes(routes!(exercise::get_play, exercise::post_play))
        .routes(routes!(feed::get_feed))
        .routes(routes!(map::get_provinces))
        .routes(routes!(map::get_towns))
        .routes(routes!(checkpoint::get_checkpoint))
        .routes(routes!(password::get_session, password::post_session, password::delete_session))
        .routes(routes!(password::put_password))
        .routes(routes!(personas::put_persona))
        .routes(routes!(passkeys::post_sign_in_options))
        .routes(routes!(passkeys::post_sign_in))
        .routes(routes!(passkeys::post_register_options))
        .routes(routes!(passkeys::post_register))
        .routes(routes!(provider::get_provider))
        .routes(routes!(provider::get_back))
        .routes(routes!(devices::get_devices))
        .routes(routes!(devices::get_chain))
        .routes(routes!(enrolment::post_ticket))
        .routes(routes!(enrolment::post_order_picture))
        .routes(routes!(enrolment::post_request, enrolment::get_requests))
        .routes(routes!(enrolment::delete_request))
}

/// What other nodes of the operation ask, with a peer's token: `docs/formats/exchange.md`.
fn between_nodes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .route("/head", get(exchange::get_head))
        .route(
            "/entries",
            get(exchange::get_entries)
                .post(exchange::post_entries)
                .layer(DefaultBodyLimit::max(exchange::BODY_MAX)),
        )
        .route("/documents", get(exchange::get_documents))
        .route("/documents/{*name}", get(exchange::get_document))
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
        .nest("/api/v1/exchange", between_nodes())
        .route("/api/{*rest}", axum::routing::any(no_such_address))
        .split_for_parts();
    let routes = routes
        .merge(tiles::public())
        .merge(tiles::behind_the_door())
        .method_not_allowed_fallback(no_such_method)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(from_fn_with_state(app.clone(), guard::guard))
        .with_state(app.clone());
    let routes = match web {
        Some(folder) => {
            let index = ServeFile::new(folder.join("index.html"));
            // Packed by the build; what is not is packed below.
            let files = ServeDir::new(folder).precompressed_gzip();
            routes.fallback_service(files.fallback(index))
        }
        None => routes.fallback(no_such_address),
    };
    // Server-sent events and anything under 32 bytes are left as they are.
    routes.layer(CompressionLayer::new()).layer(from_fn_with_state(app, guard::keep_to_ourselves))
}

async fn no_such_address(uri: Uri) -> Problem {
    let path = [("path", uri.path().into())];
    Problem::saying(ProblemCode::NoSuchAddress, Sentence::NoAddress, path)
}

async fn no_such_method(uri: Uri) -> Problem {
    Problem::saying(ProblemCode::NoMethod, Sentence::NoMethod, [("path", uri.path().into())])
}
