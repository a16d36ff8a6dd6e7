//! Sign-in by a provider: out to it, and back.

use crate::api::Problem;
use crate::app::App;
use crate::ask::Asked;
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use crate::sign_in::cookie_of;
use crate::sign_in::password::begin;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect};
use cookie::SameSite;
use jiff::Timestamp;
use serde::Deserialize;
use signin::{OpenId, Refused, SigninError, Way};

/// Holds the state while the officer is at the provider; Lax, since the way back comes from there.
const STATE: &str = "amana-provider";

fn provider(app: &App) -> Result<&OpenId, Problem> {
    let none = || Problem::saying(ProblemCode::NoProvider, Sentence::NoProvider, []);
    app.sign_in.provider.as_deref().ok_or_else(none)
}

/// To the provider's sign-in page.
#[utoipa::path(
    get,
    path = "/api/v1/session/provider",
    tag = "session",
    responses(
        (status = 303, description = "To the provider"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 502, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_provider(State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    let turn = app.sign_in.queues.provider.turn().await?;
    let begin = move |app: &App| {
        let _turn = turn;
        Ok(provider(app)?.begin(Timestamp::now())?)
    };
    let (url, state) = app.blocking(begin).await?;
    let cookie = app.sign_in.cookie(STATE, &state, 600, SameSite::Lax);
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(&url)))
}

/// What a provider sends back with the browser (OpenID Connect Core section 3.1.2.5).
#[derive(Deserialize)]
pub struct Back {
    state: String,
    code: Option<String>,
    error: Option<String>,
}

/// Back from the provider.
#[utoipa::path(
    get,
    path = "/api/v1/session/provider/back",
    tag = "session",
    params(("state" = String, Query), ("code" = Option<String>, Query)),
    responses(
        (status = 200, description = "Signed in; goes on to the room", content_type = "text/html"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 502, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_back(
    State(app): State<App>,
    headers: HeaderMap,
    Asked(back): Asked<Back>,
) -> Result<impl IntoResponse, Problem> {
    if cookie_of(&headers, STATE).as_deref() != Some(back.state.as_str()) {
        return Err(SigninError::from(Refused::Stale).into());
    }
    let refused = || {
        let said = back.error.unwrap_or_else(|| "neither code nor error".to_owned());
        Problem::new(ProblemCode::ProviderFailed, format!("the provider answered: {said}"))
    };
    let code = back.code.ok_or_else(refused)?;
    let browser = app.sign_in.browser(&headers);
    let turn = app.sign_in.queues.provider.turn().await?;
    let (cookie, _) = app
        .blocking(move |app| {
            let _turn = turn;
            let account = provider(app)?.finish(&back.state, &code, Timestamp::now())?;
            begin(app, account, Way::Provider, browser.as_ref())
        })
        .await?;
    let gone =
        AppendHeaders([(header::SET_COOKIE, app.sign_in.cookie(STATE, "", 0, SameSite::Lax))]);
    // A redirect here would still count as coming from the provider, and the browser would hold the
    // session's SameSite=Strict cookie back; a page that goes on by itself does not.
    let page = Html(
        "<!doctype html><meta http-equiv=\"refresh\" content=\"0;url=/\"><title>Amana</title>",
    );
    Ok((cookie, gone, page))
}
