//! The other side of `amana exchange`: pages out, pages in, documents out.

use crate::api::Problem;
use crate::app::App;
use crate::ask::Asked;
use crate::problem::ProblemCode;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use exchange::{DocumentName, Head, PAGE_BYTES, Page, Taken};
use serde::Deserialize;

/// A page in a request's body, at most, in bytes: a page, its position, a little over.
pub const BODY_MAX: usize = PAGE_BYTES + 64;

/// Where this node stands. For peers: nodes of the same operation with a peer's token.
pub async fn get_head(State(app): State<App>) -> Result<Json<Head>, Problem> {
    app.blocking(|app| Ok(Json(exchange::head(&app.node)?))).await
}

#[derive(Deserialize)]
pub struct From {
    from: u64,
}

/// A page of this node's log.
pub async fn get_entries(
    State(app): State<App>,
    Asked(From { from }): Asked<From>,
) -> Result<impl IntoResponse, Problem> {
    let page = app.blocking(move |app| Ok(Page::of(&app.node, from)?.to_bytes())).await?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], page))
}

/// Takes a peer's page in.
pub async fn post_entries(State(app): State<App>, body: Bytes) -> Result<Json<Taken>, Problem> {
    let page = Page::from_bytes(&body).map_err(|e| Problem::new(ProblemCode::NotUnderstood, e))?;
    let taken = app.blocking(move |app| {
        let now = page.entries.last().map_or_else(|| app.now(), |e| app.received_at(e));
        Ok(exchange::take(&app.node, &page, now)?)
    });
    let taken = taken.await?;
    app.feed.stir();
    Ok(Json(taken))
}

/// The documents this node has.
pub async fn get_documents(State(app): State<App>) -> Result<Json<Vec<DocumentName>>, Problem> {
    app.blocking(|app| Ok(Json(exchange::documents(&app.node)?))).await
}

/// A document's bytes.
pub async fn get_document(
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let none = Problem::new(ProblemCode::NoSuchAddress, format!("there is no document '{name}'"));
    let found = app.blocking(move |app| Ok(app.node.document(&name)?)).await?.ok_or(none)?;
    Ok(([(header::CONTENT_TYPE, found.media_type)], found.bytes))
}
