//! Who a person is, from the register. Apart from the record, and each look is a fact in it.

use crate::api::{Particulars, Problem};
use crate::app::App;
use crate::people::unknown;
use crate::problem::ProblemCode;
use crate::sign_in::guard::Asker;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use domain::{Look, Looker, Officer, PersonId, PolicyId, Purpose, Relation, Role, Section};
use ledger::Nationalities;
use std::collections::BTreeMap;
use store::RegisterError;

/// Who the person is, from the register. Each look is logged.
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/particulars",
    tag = "people",
    params(("id" = String, Path, description = "Person number, as A-004711-3")),
    responses(
        (status = 200, body = Particulars),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_particulars(
    State(app): State<App>,
    asker: Asker,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let person = PersonId::parse(&id)?;
    let found = app.blocking(move |app| {
        if app.node.read(|state| state.record.standing(person).is_none()) {
            return Err(unknown(person));
        }
        let shown = app.node.open_particulars(&[person], &look(app, &asker), app.now())?;
        Ok(shown.iter().find_map(|d| serde_json::from_slice(&d.plaintext).ok()))
    });
    let nothing = || Problem::new(ProblemCode::NoParticulars, format!("nothing about {person}"));
    let particulars: Particulars = found.await?.ok_or_else(nothing)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(particulars)))
}

/// Whoever is signed in looks; while nobody has an account, the authority that keeps the register.
fn look(app: &App, asker: &Asker) -> Look {
    let mandate = &app.scenario.operation.mandate;
    let by = match asker {
        Asker::Officer(session) => Looker {
            authority: session.account.authority.clone(),
            officer: session.account.officer,
        },
        Asker::Anybody | Asker::Peer(_) => Looker {
            authority: mandate.ordered_by.clone(),
            officer: Officer { role: Role::Register, number: 1 },
        },
    };
    let policy = PolicyId::new("whoever-is-signed-in").expect("a slug");
    Look {
        sections: vec![Section::Identity],
        by,
        purpose: Purpose::Identification,
        relation: Relation::Keeps,
        policies: vec![policy],
        break_glass: None,
    }
}

/// Everybody's nationalities, for figures: nobody is shown anything about anyone.
pub fn nationalities(
    node: &store::Node,
) -> Result<BTreeMap<PersonId, Nationalities>, RegisterError> {
    let mut known = BTreeMap::new();
    node.count_particulars(Section::Identity, &mut |person, bytes| {
        let Ok(read) = serde_json::from_slice::<register::Identity>(bytes) else { return };
        let of = Nationalities {
            claimed: Some(read.nationality_claimed),
            documented: read.nationality_documented,
            verified: read.nationality_verified,
        };
        known.insert(person, of);
    })?;
    Ok(known)
}
