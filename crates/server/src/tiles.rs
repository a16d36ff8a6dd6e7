//! The log as C2SP tlog-tiles serves it, under `/log`: checkpoint, tiles of hashes, and, behind a
//! door of their own, the entries. `docs/formats/tiles.md` describes it.

use crate::api::Problem;
use crate::app::App;
use crate::problem::ProblemCode;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use log::{Tile, TileKind};

/// What may be shown to anybody: sizes, roots and hashes, which tell that facts exist and when.
pub fn public() -> Router<App> {
    Router::new()
        .route("/log/checkpoint", get(checkpoint))
        .route("/log/vkey", get(vkey))
        .route("/log/tile/{*path}", get(hashes))
}

/// The entries themselves, for parties and overseers: `sign_in::guard` wants a session or a peer's
/// token for everything under `/log/tile/entries/`.
pub fn behind_the_door() -> Router<App> {
    Router::new().route("/log/tile/entries/{*path}", get(entries))
}

/// The published head: with `--policy`, the newest that enough witnesses cosigned.
async fn checkpoint(State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    let note = app.blocking(|app| app.published()).await?;
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, note))
}

/// The key to check checkpoints with, for whoever has no better source: who asks the log itself
/// learns only that later answers are by the same key.
async fn vkey(State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    let vkey = app.node.vkey()?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{vkey}\n")))
}

async fn hashes(State(app): State<App>, Path(path): Path<String>) -> Result<Response, Problem> {
    let tile = named(&path)?;
    let bytes = app.blocking(move |app| Ok(app.node.read(|state| state.tree.tile(tile)))).await?;
    Ok(file(bytes.ok_or_else(|| not_there(&path))?, "public, max-age=31536000, immutable"))
}

async fn entries(State(app): State<App>, Path(path): Path<String>) -> Result<Response, Problem> {
    let path = format!("entries/{path}");
    let tile = named(&path)?;
    let bytes = app.blocking(move |app| bundle(app, tile)).await?;
    Ok(file(bytes.ok_or_else(|| not_there(&path))?, "private, max-age=31536000, immutable"))
}

fn bundle(app: &App, tile: Tile) -> Result<Option<Vec<u8>>, Problem> {
    let Some(start) = tile.start() else { return Ok(None) };
    let Some(end) = start.checked_add(tile.width().into()) else { return Ok(None) };
    if tile.kind() != TileKind::Entries || end > app.node.position() {
        return Ok(None);
    }
    let entries = app.node.entries(start..end)?;
    Ok(log::tiles::bundle(entries.iter().map(Vec::as_slice)))
}

fn named(path: &str) -> Result<Tile, Problem> {
    Tile::parse(&format!("tile/{path}")).map_err(|_| not_there(path))
}

fn not_there(path: &str) -> Problem {
    Problem::new(ProblemCode::NoSuchAddress, format!("the log has no tile/{path}"))
}

fn file(bytes: Vec<u8>, caching: &'static str) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, caching)];
    (headers, bytes).into_response()
}
