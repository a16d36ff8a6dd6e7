//! Passkeys over HTTP: options out, the browser's answer in, both as W3C's JSON.

use crate::api::Problem;
use crate::app::App;
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use crate::sign_in::guard::Asker;
use crate::sign_in::password::begin;
use crate::sign_in::shapes::Session;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use jiff::Timestamp;
use serde_json::Value;
use signin::{Passkeys, Refused, SigninError, Way};

fn passkeys(app: &App) -> Result<&Passkeys, Problem> {
    let none = || Problem::saying(ProblemCode::NoPasskeys, Sentence::NoName, []);
    app.sign_in.passkeys.as_deref().ok_or_else(none)
}

/// What the browser is to sign in with: `PublicKeyCredentialRequestOptionsJSON`.
#[utoipa::path(
    post,
    path = "/api/v1/session/passkey/options",
    tag = "session",
    responses(
        (status = 200, body = Value),
        (status = 409, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn post_sign_in_options(State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    let begin = |app: &App| Ok(passkeys(app)?.begin_signing_in(Timestamp::now())?);
    let (options, begun) = app.blocking(begin).await?;
    let cookie = AppendHeaders([(header::SET_COOKIE, app.sign_in.set_begun(&begun))]);
    Ok((cookie, Json(options)))
}

/// Sign in by passkey: the browser's `AuthenticationResponseJSON`, with the cookie its options came with.
#[utoipa::path(
    post,
    path = "/api/v1/session/passkey",
    tag = "session",
    request_body = Value,
    responses(
        (status = 200, body = Session),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn post_sign_in(
    State(app): State<App>,
    headers: HeaderMap,
    answer: Bytes,
) -> Result<impl IntoResponse, Problem> {
    let browser = app.sign_in.browser(&headers);
    let begun = app.sign_in.begun(&headers).ok_or(SigninError::from(Refused::Stale))?;
    app.blocking(move |app| {
        let account = passkeys(app)?.sign_in(&answer, &begun, Timestamp::now())?;
        begin(app, account, Way::Passkey, browser.as_ref())
    })
    .await
}

/// What the browser is to make a new passkey from: `PublicKeyCredentialCreationOptionsJSON`.
#[utoipa::path(
    post,
    path = "/api/v1/session/passkeys/options",
    tag = "session",
    responses(
        (status = 200, body = Value),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn post_register_options(
    State(app): State<App>,
    asker: Asker,
) -> Result<Json<Value>, Problem> {
    let account = asker.officer()?.account.clone();
    let asked = move |app: &App| Ok(passkeys(app)?.begin_registering(&account, Timestamp::now())?);
    Ok(Json(app.blocking(asked).await?))
}

/// Keep the passkey the browser made: its `RegistrationResponseJSON`.
#[utoipa::path(
    post,
    path = "/api/v1/session/passkeys",
    tag = "session",
    request_body = Value,
    responses(
        (status = 204, description = "The passkey is good for signing in"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn post_register(
    State(app): State<App>,
    asker: Asker,
    answer: Bytes,
) -> Result<StatusCode, Problem> {
    let account = asker.officer()?.account.clone();
    let register =
        move |app: &App| Ok(passkeys(app)?.register(&account, &answer, Timestamp::now())?);
    app.blocking(register).await?;
    Ok(StatusCode::NO_CONTENT)
}
