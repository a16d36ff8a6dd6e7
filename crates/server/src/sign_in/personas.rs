//! Looking as an officer of the exercise, while nobody has an account.

use super::password::shown;
use super::shapes::{Persona, PersonaChosen, Session};
use crate::api::Problem;
use crate::app::App;
use crate::ask::Body;
use crate::entitled::persona;
use crate::problem::ProblemCode;
use crate::sentence::no_such_word;
use crate::sign_in::guard::Asker;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse};
use cookie::SameSite;

/// How long a visitor looks as somebody without choosing again, in seconds.
const CHOSEN_S: i64 = 12 * 3600;

/// Look as an officer of the exercise, or as nobody in particular. Only while nobody has an account.
#[utoipa::path(
    put,
    path = "/api/v1/session/persona",
    tag = "session",
    request_body = PersonaChosen,
    responses(
        (status = 200, body = Session),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn put_persona(
    State(app): State<App>,
    asker: Asker,
    Body(chosen): Body<PersonaChosen>,
) -> Result<impl IntoResponse, Problem> {
    if let Asker::Officer(_) | Asker::Peer(_) = asker {
        let what = "officers who sign in look as themselves";
        return Err(Problem::new(ProblemCode::NotAllowed, what));
    }
    let text = chosen.persona.unwrap_or_default();
    let asker = match text.as_str() {
        "" => Asker::Anybody,
        text => {
            let none = || no_such_word("officer", text);
            Asker::As(persona::named(&app.scenario, text).ok_or_else(none)?)
        }
    };
    let age_s = if text.is_empty() { 0 } else { CHOSEN_S };
    let cookie = app.sign_in.cookie(persona::COOKIE, &text, age_s, SameSite::Strict);
    let session = app.blocking(move |app| shown(app, Some(&asker))).await?;
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Json(session)))
}

/// An officer of the exercise, as the room lists them.
pub fn listed(asker: &access::Asker) -> Persona {
    Persona {
        id: format!("{}/{}", asker.authority, asker.officer.role),
        authority: asker.authority.to_string(),
        role: asker.officer.role.to_string(),
        number: asker.officer.number,
    }
}
