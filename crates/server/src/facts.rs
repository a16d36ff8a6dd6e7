//! Facts: one in full, and a new one taken in.

use crate::api::*;
use crate::app::App;
use crate::ask::*;
use crate::problem::ProblemCode;
use axum::Json;
use axum::extract::{Path, State};

/// A fact with its signed bytes and its proof in the tree.
#[utoipa::path(
    get,
    path = "/api/v1/facts/{hash}",
    tag = "facts",
    params(("hash" = String, Path, description = "SHA-256 of the signed bytes, hexadecimal")),
    responses(
        (status = 200, body = FactDetail),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_fact(State(_app): State<App>, Path(_id): Path<String>) -> Result<Json<FactDetail>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
}

/// Take a fact in: the signed COSE_Sign1 bytes as they are, or base64 within JSON.
///
/// 201 with a receipt when it is new, 200 when the same bytes were here. A report that does not fit is
/// taken in and shows as a discrepancy; only what cannot be checked is refused.
#[utoipa::path(
    post,
    path = "/api/v1/facts",
    tag = "facts",
    request_body(content((Vec<u8> = "application/cose"), (NewFact = "application/json"))),
    responses(
        (status = 201, body = Receipt),
        (status = 200, body = Receipt),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn post_fact(State(_app): State<App>) -> Result<Json<Receipt>, Problem> {
    Err(Problem::new(ProblemCode::Unavailable, "not yet built"))
}
