//! What every request passes: the right host, no other site's script, a session, and a decision about
//! what it asks for.

use crate::api::Problem;
use crate::app::App;
use crate::entitled::needs::is_known;
use crate::entitled::persona::{self, part_of};
use crate::entitled::{Needs, Sight, needs_of};
use crate::people::unknown;
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use crate::sign_in::cookie_of;
use access::{Ask, Screen};
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::PersonId;
use jiff::Timestamp;
use signin::{Peer, Session, Token};

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

fn sign_in_needed() -> Problem {
    Problem::saying(ProblemCode::SignInNeeded, Sentence::SignedOut, [])
}

/// Lets a request through to its handler, with its [`Asker`] and [`Sight`] where there is one.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match admit(&app, &parts).await {
        Ok(asker) => {
            if let Some(asker) = asker {
                if let Some(sight) = asker.sight(&app) {
                    parts.extensions.insert(sight);
                }
                parts.extensions.insert(asker);
            }
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    }
}

async fn admit(app: &App, request: &Parts) -> Result<Option<Asker>, Problem> {
    let (method, headers) = (&request.method, &request.headers);
    if !app.sign_in.is_secure() {
        right_host(headers)?;
    }
    if !method.is_safe() {
        no_other_site(headers)?;
    }
    let route = request.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let needs = needs_of(method.as_str(), route);
    let asker = who(app, headers, needs).await?;
    let Some(needs) = needs else {
        // Nobody is told what is there before they have said who they are.
        asker.ok_or_else(sign_in_needed)?;
        return match route {
            "/api/{*rest}" => Ok(None),
            _ if is_known(route) => {
                let path = [("path", request.uri.path().into())];
                Err(Problem::saying(ProblemCode::NoMethod, Sentence::NoMethod, path))
            }
            _ => Err(Problem::new(ProblemCode::NotAllowed, "no policy says who may ask for this")),
        };
    };
    if needs == Needs::Nothing {
        return Ok(asker);
    }
    let asker = asker.ok_or_else(sign_in_needed)?;
    decide(app, needs, &asker, request.uri.path()).await?;
    Ok(Some(asker))
}

/// Who asks, by token, session or the open room.
async fn who(
    app: &App,
    headers: &HeaderMap,
    needs: Option<Needs>,
) -> Result<Option<Asker>, Problem> {
    let token = app.sign_in.token(headers);
    let chosen = cookie_of(headers, persona::COOKIE);
    if token.is_none() && chosen.is_none() && needs == Some(Needs::Nothing) {
        return Ok(None);
    }
    let for_peers = matches!(needs, Some(Needs::Peer | Needs::Entries));
    let bearer = bearer(headers).filter(|_| for_peers);
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
        if app.sign_in.is_secure() || app.sign_in.accounts.any()? {
            return Ok(None);
        }
        let officer = chosen.and_then(|text| persona::named(&app.scenario, &text));
        Ok(Some(officer.map_or(Asker::Anybody, Asker::As)))
    });
    asker.await
}

/// The one place where what a route needs is held against who asks.
async fn decide(app: &App, needs: Needs, asker: &Asker, path: &str) -> Result<(), Problem> {
    let ask = match (needs, asker) {
        (Needs::Peer | Needs::Entries, Asker::Peer(_)) | (Needs::Peer, Asker::Anybody) => {
            return Ok(());
        }
        (Needs::Peer, _) => {
            let what = "nodes exchange facts by a peer's token, not by an officer's session";
            return Err(Problem::new(ProblemCode::NotAllowed, what));
        }
        (_, Asker::Peer(_)) => return Err(sign_in_needed()),
        (Needs::Nothing | Needs::Session, _) => return Ok(()),
        (Needs::Entries, _) => Ask::See(Screen::Entries),
        (Needs::See(screen), _) => Ask::See(screen),
        (Needs::Export(screen), _) => Ask::Export(screen),
        (Needs::Do(act), _) => Ask::Do(act),
        (Needs::ThePerson, _) => return the_person(app, asker, path).await,
    };
    sight_of(app, asker)?.require(&ask)
}

fn sight_of(app: &App, asker: &Asker) -> Result<Sight, Problem> {
    let no_part = || Problem::saying(ProblemCode::NotAllowed, Sentence::NoPart, []);
    asker.sight(app).ok_or_else(no_part)
}

/// Whether the officer may see the person whom the path names. Nobody of that number, and somebody
/// whom the officer may not see, are refused here alike.
async fn the_person(app: &App, asker: &Asker, path: &str) -> Result<(), Problem> {
    let sight = sight_of(app, asker)?;
    let number = path.strip_prefix("/api/v1/people/").and_then(|rest| rest.split('/').next());
    let Some(person) = number.and_then(|text| PersonId::parse(text).ok()) else { return Ok(()) };
    if sight.asker().is_none() {
        return Ok(());
    }
    sight.require_anybody()?;
    let fold = app.fold_at_hand().await?;
    app.blocking(move |app| {
        let relations = sight.relations_to(app, fold, person)?;
        let sees = relations.is_some_and(|relations| sight.allows(&Ask::Person { relations }));
        if sees { Ok(()) } else { Err(unknown(person)) }
    })
    .await
}

fn bearer(headers: &HeaderMap) -> Option<Token> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(Token::presented)
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
