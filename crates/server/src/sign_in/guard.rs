//! What every request passes: the right host, no other site's script, a session, and a decision about
//! what it asks for.

use crate::api::Problem;
use crate::app::App;
use crate::entitled::needs::is_known;
use crate::entitled::persona::part_of;
use crate::entitled::{Needs, Sight, needs_of};
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use crate::sign_in::knock::Knock;
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use signin::{Peer, Session};

/// Who is asking.
#[derive(Debug, Clone)]
pub enum Asker {
    /// Somebody at this machine, while nobody has an account.
    Anybody,
    /// The same, looking as an officer of the exercise.
    As(access::Asker),
    Officer(Box<Session>),
    /// Another node of the operation.
    Peer(Peer),
}

impl Asker {
    /// The officer; a problem for what nobody unnamed may do.
    pub fn officer(&self) -> Result<&Session, Problem> {
        match self {
            Asker::Officer(session) => Ok(session),
            Asker::As(_) => {
                let what = "an officer of the exercise has no account to do this with";
                Err(Problem::new(ProblemCode::NotAllowed, what))
            }
            Asker::Anybody | Asker::Peer(_) => Err(sign_in_needed()),
        }
    }

    /// What they may see; `None` for a peer, which asks for nothing of that kind, and for an officer
    /// whose authority takes no part in the operation.
    pub fn sight(&self, app: &App) -> Option<Sight> {
        let policies = app.policies.clone();
        match self {
            Asker::Anybody => Some(Sight::visitor(policies)),
            Asker::As(asker) => Some(Sight::officer(policies, asker.clone())),
            Asker::Officer(session) => {
                let account = &session.account;
                let part = part_of(&app.scenario, &account.authority)?;
                let (authority, officer) = (account.authority.clone(), account.officer);
                Some(Sight::officer(policies, access::Asker { authority, part, officer }))
            }
            Asker::Peer(_) => None,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Asker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Asker>().cloned().ok_or_else(sign_in_needed)
    }
}

pub(super) fn sign_in_needed() -> Problem {
    Problem::saying(ProblemCode::SignInNeeded, Sentence::SignedOut, [])
}

/// Lets a request through to its handler, with its [`Asker`] and [`Sight`] where there is one.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match admit(&app, &mut parts).await {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(problem) => problem.into_response(),
    }
}

async fn admit(app: &App, request: &mut Parts) -> Result<(), Problem> {
    let (method, headers) = (&request.method, &request.headers);
    if !app.sign_in.is_secure() {
        right_host(headers)?;
    }
    if !method.is_safe() {
        no_other_site(headers)?;
    }
    let route = request.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let needs = needs_of(method.as_str(), route);
    let knock = Knock::of(app, request, needs);
    if needs == Some(Needs::ThePersonAtOnce) {
        request.extensions.insert(knock);
        return Ok(());
    }
    let asker = knock.enter(app, |_, entered| Ok(entered.map(|e| e.asker))).await?;
    if needs.is_none() {
        return no_route(route, request.uri.path());
    }
    if let Some(asker) = asker {
        if let Some(sight) = asker.sight(app) {
            request.extensions.insert(sight);
        }
        request.extensions.insert(asker);
    }
    Ok(())
}

/// What has no row in the table of routes: another method, or an address that its handler refuses.
fn no_route(route: &str, path: &str) -> Result<(), Problem> {
    match route {
        "/api/{*rest}" => Ok(()),
        _ if is_known(route) => {
            let path = [("path", path.into())];
            Err(Problem::saying(ProblemCode::NoMethod, Sentence::NoMethod, path))
        }
        _ => Err(Problem::new(ProblemCode::NotAllowed, "no policy says who may ask for this")),
    }
}

/// On plain HTTP the host must be this machine by name: else a page of another site whose name was
/// made to point here could read the room (DNS rebinding).
fn right_host(headers: &HeaderMap) -> Result<(), Problem> {
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or("");
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or(""),
        None => host.split(':').next().unwrap_or(""),
    };
    match name {
        "localhost" | "127.0.0.1" | "::1" => Ok(()),
        _ => Err(Problem::saying(
            ProblemCode::WrongHost,
            Sentence::OtherHost,
            [("host", host.into())],
        )),
    }
}

/// Browsers say where a request comes from; what is no browser says nothing and has no cookies.
fn no_other_site(headers: &HeaderMap) -> Result<(), Problem> {
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err(Problem::saying(ProblemCode::CrossSite, Sentence::OtherSite, [])),
    }
}

/// Headers that keep pages to themselves, on every answer.
pub async fn keep_to_ourselves(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value| headers.insert(name, HeaderValue::from_static(value));
    // Styles are set on elements by the map; nothing else is inline, nothing is from elsewhere.
    set(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
         worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'",
    );
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    if app.sign_in.is_secure() {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}
