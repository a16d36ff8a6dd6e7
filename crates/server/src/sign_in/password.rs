//! The session: who is asking, signing in by password, signing out.

use super::personas::listed;
use super::shapes::{Credentials, NewPassword, Session, SignedIn};
use crate::api::Problem;
use crate::app::App;
use crate::ask::Body;
use crate::entitled::{Sight, persona};
use crate::sign_in::guard::Asker;
use crate::source::Source;
use access::{Act, Ask, Screen};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use jiff::Timestamp;
use signin::{Attempts, PasswordHash, Token, Way, Whence};

/// Who is asking, and how one may sign in.
#[utoipa::path(
    get,
    path = "/api/v1/session",
    tag = "session",
    responses((status = 200, body = Session))
)]
pub async fn get_session(
    State(app): State<App>,
    asker: Result<Asker, Problem>,
) -> Result<impl IntoResponse, Problem> {
    let session = app.blocking(move |app| shown(app, asker.ok().as_ref())).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(session)))
}

/// Sign in by password. Too many wrong ones, and the name has to wait where they came from.
#[utoipa::path(
    post,
    path = "/api/v1/session",
    tag = "session",
    request_body = Credentials,
    responses(
        (status = 200, body = Session),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn post_session(
    State(app): State<App>,
    source: Source,
    headers: HeaderMap,
    Body(credentials): Body<Credentials>,
) -> Result<impl IntoResponse, Problem> {
    let browser = app.sign_in.browser(&headers);
    let login = signin::as_typed(&credentials.login);
    let (of, shown) = (login.clone(), browser.clone());
    let known = app.blocking(move |app| known_at(app, &of, shown.as_ref())).await?;
    let (whence, queue) = match known {
        Some(browser) => (Whence::Known(browser), &app.sign_in.queues.known),
        None => (Whence::Elsewhere(source.to_string()), &app.sign_in.queues.strangers),
    };
    let turn = queue.turn().await?;
    app.blocking(move |app| {
        let _turn = turn;
        let (accounts, password) = (&app.sign_in.accounts, &credentials.password);
        let account = accounts.by_password(&login, password, &whence, Timestamp::now())?;
        begin(app, account, Way::Password, browser.as_ref())
    })
    .await
}

/// The hash by which the browser is known, if the officer signed in from it before.
fn known_at(app: &App, login: &str, shown: Option<&Token>) -> Result<Option<String>, Problem> {
    let Some(token) = shown else { return Ok(None) };
    let known = app.sign_in.browsers.knows(token, login, Timestamp::now())?;
    Ok(known.then(|| token.hash()))
}

/// Sign out.
#[utoipa::path(
    delete,
    path = "/api/v1/session",
    tag = "session",
    responses((status = 204, description = "Nobody is signed in any more"))
)]
pub async fn delete_session(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    if let Some(token) = app.sign_in.token(&headers) {
        app.blocking(move |app| Ok(app.sign_in.sessions.end(&token)?)).await?;
    }
    let gone = AppendHeaders([(header::SET_COOKIE, app.sign_in.set_cookie(None))]);
    Ok((StatusCode::NO_CONTENT, gone))
}

/// Change the password of the officer who is signed in; all sessions end but a new one.
#[utoipa::path(
    put,
    path = "/api/v1/session/password",
    tag = "session",
    request_body = NewPassword,
    responses(
        (status = 200, body = Session),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn put_password(
    State(app): State<App>,
    asker: Asker,
    headers: HeaderMap,
    Body(change): Body<NewPassword>,
) -> Result<impl IntoResponse, Problem> {
    let login = asker.officer()?.account.login.clone();
    let browser = app.sign_in.browser(&headers);
    let turn = app.sign_in.queues.known.turn().await?;
    app.blocking(move |app| {
        let _turn = turn;
        let accounts = &app.sign_in.accounts;
        let whence = Whence::Known("session".to_owned());
        accounts.by_password(&login, &change.old, &whence, Timestamp::now())?;
        let hash = PasswordHash::of(&change.new, &login).map_err(signin::SigninError::from)?;
        let account = accounts.change(&login, |account| account.password = Some(hash))?;
        app.sign_in.sessions.end_all(&login)?;
        app.sign_in.browsers.forget(&login)?;
        Attempts::new(app.node.clone()).forget(&login)?;
        begin(app, account, Way::Password, browser.as_ref())
    })
    .await
}

/// A session's cookie and the browser's, with what is told of the session.
type Begun = (AppendHeaders<[(header::HeaderName, header::HeaderValue); 2]>, Json<Session>);

/// Begins a session and answers with it and its cookie; the browser is known from then on.
pub(super) fn begin(
    app: &App,
    account: signin::Account,
    way: Way,
    browser: Option<&Token>,
) -> Result<Begun, Problem> {
    let now = Timestamp::now();
    let token = app.sign_in.sessions.begin(&account, way, now)?;
    let browser = app.sign_in.browsers.note(browser, &account.login, now)?;
    tracing::info!(officer.number = account.officer.number, officer.role = %account.officer.role,
        authority = %account.authority, "signed in");
    let session = app.sign_in.sessions.find(&token, now)?;
    let asker = session.map(|session| Asker::Officer(Box::new(session)));
    let cookies = AppendHeaders([
        (header::SET_COOKIE, app.sign_in.set_cookie(Some(&token))),
        (header::SET_COOKIE, app.sign_in.set_browser(&browser)),
    ]);
    Ok((cookies, Json(shown(app, asker.as_ref())?)))
}

pub(super) fn shown(app: &App, asker: Option<&Asker>) -> Result<Session, Problem> {
    let officer = match asker {
        Some(Asker::Officer(session)) => Some(signed_in(app, session)?),
        _ => None,
    };
    let mut ways = vec!["password".to_owned()];
    ways.extend(app.sign_in.passkeys.iter().map(|_| "passkey".to_owned()));
    ways.extend(app.sign_in.provider.iter().map(|_| "provider".to_owned()));
    let open = app.may_be_open() && !app.sign_in.accounts.any()?;
    let persona = match asker {
        Some(Asker::As(asker)) => Some(listed(asker)),
        _ => None,
    };
    let personas = match open {
        true => persona::all(&app.scenario).iter().map(listed).collect(),
        false => Vec::new(),
    };
    let sight = match asker {
        None if open => Asker::Anybody.sight(app),
        asker => asker.and_then(|asker| asker.sight(app)),
    };
    let may = |sight: &Sight| {
        let screens = Screen::ALL.iter().filter(|s| sight.allows(&Ask::See(**s)));
        screens.map(|s| s.code().to_owned()).collect()
    };
    let screens = sight.as_ref().map_or_else(Vec::new, may);
    let does = |sight: &Sight| {
        let acts = Act::ALL.iter().filter(|act| sight.allows(&Ask::Do(**act)));
        acts.map(|act| act.code().to_owned()).collect()
    };
    let acts = sight.as_ref().map_or_else(Vec::new, does);
    Ok(Session { officer, open, ways, persona, personas, screens, acts })
}

fn signed_in(app: &App, session: &signin::Session) -> Result<SignedIn, Problem> {
    let account = &session.account;
    let passkeys = match &app.sign_in.passkeys {
        Some(passkeys) => passkeys.of(&account.login)?.len(),
        None => 0,
    };
    Ok(SignedIn {
        login: account.login.clone(),
        name: account.name.clone(),
        authority: account.authority.to_string(),
        role: account.officer.role.code().to_owned(),
        number: account.officer.number,
        way: match session.way {
            Way::Password => "password",
            Way::Passkey => "passkey",
            Way::Provider => "provider",
        }
        .to_owned(),
        ends: session.ends.to_string(),
        passkeys,
    })
}
