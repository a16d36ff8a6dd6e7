//! A request at the door: what it shows of who asks, held against what its route needs. All of it at once,
//! off the async threads; a route that is asked too often for a change of thread more opens the door in the
//! one in which it reads.

use crate::api::Problem;
use crate::app::App;
use crate::entitled::persona;
use crate::entitled::{Needs, Seen, Sight};
use crate::fold::Fold;
use crate::people::unknown;
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use crate::sign_in::cookie_of;
use crate::sign_in::guard::{Asker, sign_in_needed};
use access::{Ask, Screen};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use domain::PersonId;
use jiff::Timestamp;
use signin::Token;
use std::sync::Arc;

/// What a request shows, and what its route needs: `None` where there is no such route.
#[derive(Clone)]
pub struct Knock {
    needs: Option<Needs>,
    session: Option<Token>,
    peer: Option<Token>,
    /// The officer of the exercise whom a visitor looks as.
    chosen: Option<String>,
    /// Whom the path names, as it stands there, where that has to be a person whom the officer may see.
    number: Option<String>,
}

/// Somebody who was let in.
pub struct Entered {
    pub asker: Asker,
    /// Whom they see, where the route needs to know; of a visitor, who sees everybody, `None`.
    pub seen: Option<Seen>,
}

impl<S: Sync> FromRequestParts<S> for Knock {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Knock>().cloned().ok_or_else(sign_in_needed)
    }
}

impl Knock {
    pub fn of(app: &App, request: &Parts, needs: Option<Needs>) -> Self {
        let headers = &request.headers;
        let for_peers = matches!(needs, Some(Needs::Peer | Needs::Entries));
        let of_a_person = matches!(needs, Some(Needs::ThePerson | Needs::ThePersonAtOnce));
        let path = request.uri.path().strip_prefix("/api/v1/people/").filter(|_| of_a_person);
        let number = path.and_then(|rest| rest.split('/').next());
        Self {
            needs,
            session: app.sign_in.token(headers),
            peer: bearer(headers).filter(|_| for_peers),
            chosen: cookie_of(headers, persona::COOKIE),
            number: number.map(str::to_owned),
        }
    }

    /// Lets the request in, or says why not, and does `then` in the same go. Nobody enters where nobody
    /// in particular has to be: a route that needs nothing.
    pub async fn enter<T: Send + 'static>(
        self,
        app: &App,
        then: impl FnOnce(&App, Option<Entered>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let shows = self.session.is_some() || self.chosen.is_some();
        if !shows && self.needs == Some(Needs::Nothing) {
            return then(app, None);
        }
        // What the plan expects of people, for whoever may turn out to be an officer.
        let fold = match shows && self.number.is_some() {
            true => Some(app.fold_at_hand().await?),
            false => None,
        };
        app.blocking(move |app| then(app, self.answered(app, fold)?)).await
    }

    fn answered(&self, app: &App, fold: Option<Arc<Fold>>) -> Result<Option<Entered>, Problem> {
        let asker = self.who(app)?;
        if self.needs == Some(Needs::Nothing) {
            return Ok(asker.map(|asker| Entered { asker, seen: None }));
        }
        // Nobody is told what is there before they have said who they are.
        let asker = asker.ok_or_else(sign_in_needed)?;
        let seen = match self.needs {
            Some(needs) => self.decide(app, needs, &asker, fold)?,
            None => None,
        };
        Ok(Some(Entered { asker, seen }))
    }

    /// Who asks, by token, session or the open room.
    fn who(&self, app: &App) -> Result<Option<Asker>, Problem> {
        if let Some(token) = &self.peer {
            return Ok(app.sign_in.peers.find(token)?.map(Asker::Peer));
        }
        if let Some(token) = &self.session
            && let Some(session) = app.sign_in.sessions.find(token, Timestamp::now())?
        {
            return Ok(Some(Asker::Officer(Box::new(session))));
        }
        if !app.may_be_open() || app.sign_in.accounts.any()? {
            return Ok(None);
        }
        let officer = self.chosen.as_ref().and_then(|text| persona::named(&app.scenario, text));
        Ok(Some(officer.map_or(Asker::Anybody, Asker::As)))
    }

    /// The one place where what a route needs is held against who asks.
    fn decide(
        &self,
        app: &App,
        needs: Needs,
        asker: &Asker,
        fold: Option<Arc<Fold>>,
    ) -> Result<Option<Seen>, Problem> {
        let ask = match (needs, asker) {
            (Needs::Peer | Needs::Entries, Asker::Peer(_)) | (Needs::Peer, Asker::Anybody) => {
                return Ok(None);
            }
            (Needs::Peer, _) => {
                let what = "nodes exchange facts by a peer's token, not by an officer's session";
                return Err(Problem::new(ProblemCode::NotAllowed, what));
            }
            (_, Asker::Peer(_)) => return Err(sign_in_needed()),
            (Needs::Nothing | Needs::Session, _) => return Ok(None),
            (Needs::Entries, _) => Ask::See(Screen::Entries),
            (Needs::See(screen), _) => Ask::See(screen),
            (Needs::Export(screen), _) => Ask::Export(screen),
            (Needs::Do(act), _) => Ask::Do(act),
            (Needs::ThePerson | Needs::ThePersonAtOnce, _) => {
                return self.the_person(app, &sight_of(app, asker)?, fold);
            }
        };
        sight_of(app, asker)?.require(&ask).map(|()| None)
    }

    /// Whether the officer may see the person whom the path names. Nobody of that number, and somebody
    /// whom the officer may not see, are refused here alike.
    fn the_person(
        &self,
        app: &App,
        sight: &Sight,
        fold: Option<Arc<Fold>>,
    ) -> Result<Option<Seen>, Problem> {
        if sight.asker().is_none() {
            return Ok(None);
        }
        sight.require_anybody()?;
        // A number spelled otherwise (as %41 for A) is none here: the handler would read it as one.
        let person = PersonId::parse(self.number.as_deref().unwrap_or_default())?;
        let lost = || Problem::new(ProblemCode::Internal, "an officer came without a session");
        let fold = fold.ok_or_else(lost)?;
        let seen = sight.over(app, fold)?;
        let sees = app.node.read(|state| {
            state.record.standing(person).is_some() && seen.sees(&state.record, person)
        });
        if sees { Ok(Some(seen)) } else { Err(unknown(person)) }
    }
}

fn sight_of(app: &App, asker: &Asker) -> Result<Sight, Problem> {
    let no_part = || Problem::saying(ProblemCode::NotAllowed, Sentence::NoPart, []);
    asker.sight(app).ok_or_else(no_part)
}

fn bearer(headers: &HeaderMap) -> Option<Token> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(Token::presented)
}
