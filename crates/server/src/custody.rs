//! Who answers for a person, with proof: read as often as anything here, and never by walking the record.

use crate::api::{PersonCustody, Problem};
use crate::app::App;
use crate::entitled::Seen;
use crate::facts::shown_in;
use crate::people::unknown;
use crate::problem::ProblemCode;
use crate::sign_in::knock::Knock;
use crate::views::custody::custody_now;
use axum::Json;
use axum::extract::{Path, State};
use domain::{FactHash, PersonId};
use log::{LogProof, Note};

/// Who answers for a person, and the proof that the fact which says so is in the log.
///
/// The proof is a receipt as `/facts/{hash}/receipt` gives it, under the newest signed head at hand.
/// Costs the same whatever the length of the record.
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/custody",
    tag = "people",
    params(("id" = String, Path, description = "Person number, as A-004711-3")),
    responses(
        (status = 200, body = PersonCustody),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_custody(
    State(app): State<App>,
    knock: Knock,
    Path(id): Path<String>,
) -> Result<Json<PersonCustody>, Problem> {
    let custody = knock.enter(&app, move |app, entered| {
        custody(app, entered.and_then(|e| e.seen).as_ref(), PersonId::parse(&id)?)
    });
    custody.await.map(Json)
}

fn custody(app: &App, seen: Option<&Seen>, person: PersonId) -> Result<PersonCustody, Problem> {
    let state = app.node.state();
    let standing = state.record.standing(person).ok_or_else(|| unknown(person))?;
    let tip = standing.tip();
    let proof = match tip {
        Some(tip) => proof(app, &state, seen, &tip)?,
        None => None,
    };
    Ok(PersonCustody {
        person: person.to_string(),
        position: state.position(),
        custody: custody_now(standing),
        fact: tip.map(|tip| tip.to_string()),
        proof: proof.map(|proof| proof.to_string()),
    })
}

/// `None` while no head that is shown has the fact under it.
fn proof(
    app: &App,
    state: &store::State,
    seen: Option<&Seen>,
    hash: &FactHash,
) -> Result<Option<LogProof>, Problem> {
    let Some(fact) = state.record.fact(hash) else { return Ok(None) };
    let Some((index, entry)) = app.node.entry(hash)? else { return Ok(None) };
    let Some((note, size)) = head_over(app, index)? else { return Ok(None) };
    // Another process may have signed what this one has not read yet.
    let Ok(hashes) = state.tree.inclusion(index, size) else { return Ok(None) };
    // The signed bytes name everybody in them; the proof holds without.
    let whole = seen.is_none_or(|seen| matches!(shown_in(state, seen, fact), Some((_, 0))));
    let checkpoint = Note::parse(&note).map_err(|e| Problem::new(ProblemCode::Internal, e))?;
    Ok(Some(LogProof { extra: whole.then_some(entry), index, hashes, checkpoint }))
}

/// A head that is shown to the world and has the entry under it, with its size.
fn head_over(app: &App, index: u64) -> Result<Option<(String, u64)>, Problem> {
    if app.publishing.as_ref().is_some_and(|publishing| publishing.witnessed) {
        let head = app.node.newest_head(true)?.filter(|head| head.size > index);
        return Ok(head.map(|head| (head.note, head.size)));
    }
    let head = app.node.head_over(index)?;
    Ok(head.map(|head| (head.note.clone(), head.checkpoint.size)))
}
