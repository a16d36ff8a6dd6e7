//! Reading a request: the query and the body, with our own problem when that fails.

use crate::api::Problem;
use crate::problem::ProblemCode;
use axum::extract::{FromRequest, FromRequestParts, Json, Query, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The query string as `T`.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = Query::<T>::from_request_parts(parts, state).await;
        let Query(asked) =
            read.map_err(|e| Problem::new(ProblemCode::NotUnderstood, e.body_text()))?;
        Ok(Self(asked))
    }
}

/// A JSON body as `T`.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let read = Json::<T>::from_request(request, state).await;
        let Json(body) = read.map_err(|e| {
            let too_large = e.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE;
            let code =
                if too_large { ProblemCode::BodyTooLarge } else { ProblemCode::NotUnderstood };
            Problem::new(code, e.body_text())
        })?;
        Ok(Self(body))
    }
}
