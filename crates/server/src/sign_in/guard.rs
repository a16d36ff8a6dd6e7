//! What every request passes: the right host, no other site's script, and a session.

use crate::api::Problem;
use crate::app::App;
use crate::problem::ProblemCode;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use signin::{Peer, Session, Token};

/// Who is asking.
#[derive(Debug, Clone)]
pub enum Asker {
    /// Somebody at this machine, while nobody has an account.
    Anybody,
    Officer(Box<Session>),
    /// Another node of the operation.
    Peer(Peer),
}

impl Asker {
    /// The officer; a problem for what nobody unnamed may do.
    pub fn officer(&self) -> Result<&Session, Problem> {
        match self {
            Asker::Officer(session) => Ok(session),
            Asker::Anybody | Asker::Peer(_) => Err(sign_in_needed()),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Asker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Asker>().cloned().ok_or_else(sign_in_needed)
    }
}

fn sign_in_needed() -> Problem {
    Problem::new(ProblemCode::SignInNeeded, "nobody is signed in, or the session is over")
}

/// The log's entries: for officers, and for peers, as an overseer's mirror is one.
const ENTRIES: &str = "/log/tile/entries/";

/// Lets a request through to its handler, with its [`Asker`] where there is one.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match admit(&app, &parts).await {
        Ok(asker) => {
            if let Some(asker) = asker {
                parts.extensions.insert(asker);
            }
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    }
}

async fn admit(app: &App, request: &Parts) -> Result<Option<Asker>, Problem> {
    let (method, path, headers) = (&request.method, request.uri.path(), &request.headers);
    if !app.sign_in.is_secure() {
        right_host(headers)?;
    }
    if !method.is_safe() {
        no_other_site(headers)?;
    }
    let token = app.sign_in.token(headers);
    let public = is_public(method, path);
    if token.is_none() && public {
        return Ok(None);
    }
    let between_nodes = path.starts_with("/api/v1/exchange/");
    let bearer = bearer(headers).filter(|_| between_nodes || path.starts_with(ENTRIES));
    let asker = app.blocking(move |app| {
        if let Some(token) = bearer {
            return Ok(app.sign_in.peers.find(&token)?.map(Asker::Peer));
        }
        let now = Timestamp::now();
        if let Some(token) = &token
            && let Some(session) = app.sign_in.sessions.find(token, now)?
        {
            return Ok(Some(Asker::Officer(Box::new(session))));
        }
        // On plain HTTP only this machine can ask; see `serve::bind`.
        let open = !app.sign_in.is_secure() && !app.sign_in.accounts.any()?;
        Ok(open.then_some(Asker::Anybody))
    });
    match asker.await? {
        Some(Asker::Officer(_)) if between_nodes => {
            let what = "nodes exchange facts by a peer's token, not by an officer's session";
            Err(Problem::new(ProblemCode::NotAllowed, what))
        }
        None if !public => Err(sign_in_needed()),
        asker => Ok(asker),
    }
}

fn bearer(headers: &HeaderMap) -> Option<Token> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(Token::presented)
}

/// What is answered to anybody: signing in itself, what proves the record holds together, and facts
/// and enrolment requests, which carry their own signatures.
fn is_public(method: &Method, path: &str) -> bool {
    let Some(api) = path.strip_prefix("/api/v1/") else {
        return !path.starts_with("/api/") && !path.starts_with(ENTRIES);
    };
    match api {
        "session"
        | "session/passkey"
        | "session/passkey/options"
        | "session/provider"
        | "session/provider/back"
        | "checkpoint" => true,
        "facts" | "devices/requests" => method == Method::POST,
        _ => false,
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
        _ => {
            Err(Problem::new(ProblemCode::WrongHost, format!("host '{host}' is not this machine")))
        }
    }
}

/// Browsers say where a request comes from; what is no browser says nothing and has no cookies.
fn no_other_site(headers: &HeaderMap) -> Result<(), Problem> {
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err(Problem::new(ProblemCode::CrossSite, "another site's page sent this")),
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
