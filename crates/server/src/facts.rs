//! Facts: one in full, and a new one taken in.

use crate::api::{FactDetail, NewFact, Problem, Receipt};
use crate::app::App;
use crate::entitled::{Seen, Sight};
use crate::looks::may_see;
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use crate::views::fact_line::fact_line;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use domain::{Event, Fact, FactHash, PersonId};
use utoipa::ToSchema;

/// A fact with its signed bytes and its proof in the tree.
#[utoipa::path(
    get,
    path = "/api/v1/facts/{hash}",
    tag = "facts",
    params(
        ("hash" = String, Path, description = "SHA-256 of the signed bytes, hexadecimal")
    ),
    responses(
        (status = 200, body = FactDetail),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_fact(
    State(app): State<App>,
    sight: Sight,
    Path(hash): Path<String>,
) -> Result<Json<FactDetail>, Problem> {
    let hash = FactHash::parse(&hash)?;
    let fold = app.fold().await?;
    let found = app.blocking(move |app| detail(app, &sight.over(app, fold)?, &hash)).await?;
    found.map(Json).ok_or_else(|| unknown(&hash))
}

/// No such fact here, or none that the officer may see.
pub fn unknown(hash: &FactHash) -> Problem {
    let fact = [("fact", hash.to_string().into())];
    Problem::saying(ProblemCode::UnknownFact, Sentence::NoFact, fact)
}

fn detail(app: &App, seen: &Seen, hash: &FactHash) -> Result<Option<FactDetail>, Problem> {
    let Some((_, entry)) = app.node.entry(hash)? else { return Ok(None) };
    let Some(inclusion) = app.node.inclusion(hash) else { return Ok(None) };
    Ok(app.node.read(|state| {
        let fact = state.record.fact(hash)?;
        let (people, withheld) = shown_in(state, seen, fact)?;
        Some(FactDetail {
            fact: fact_line(state, fact),
            people: people.iter().map(|p| p.to_string()).collect(),
            withheld,
            device: fact.device.to_string(),
            sequence: fact.sequence,
            previous: fact.previous.map(|p| p.to_string()),
            clock_error_s: fact.clock_error_s,
            entry: (withheld == 0).then(|| BASE64.encode(&entry)),
            index: inclusion.position,
            proof: inclusion.proof.iter().map(|h| FactHash(*h).to_string()).collect(),
            tree_size: inclusion.size,
            root: FactHash(inclusion.root).to_string(),
        })
    }))
}

/// The people in a fact whom the officer may see, and how many others are in it; `None` for a look that
/// is not theirs to see.
pub fn shown_in(state: &store::State, seen: &Seen, fact: &Fact) -> Option<(Vec<PersonId>, u32)> {
    let all = fact.people();
    let people: Vec<_> = match &fact.event {
        Event::ParticularsLookedAt { people, look } => {
            may_see(seen.sight(), seen, state, people, look)?
        }
        _ => all.iter().copied().filter(|p| seen.sees(&state.record, *p)).collect(),
    };
    let withheld = all.len() - people.len();
    Some((people, withheld as u32))
}

/// A signed fact as it is: COSE_Sign1.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[allow(dead_code, reason = "only describes the body in the OpenAPI document")]
struct SignedBytes(Vec<u8>);

/// Take a fact in: the signed COSE_Sign1 bytes as they are, or base64 within JSON.
///
/// 201 with a receipt when it is new, 200 when the same bytes were here. A report that does not fit
/// is taken in and shows as a discrepancy; only what cannot be checked is refused, and a decision that is
/// another authority's to take.
#[utoipa::path(
    post,
    path = "/api/v1/facts",
    tag = "facts",
    request_body(content(
        (SignedBytes = "application/cose"),
        (NewFact = "application/json")
    )),
    responses(
        (status = 201, body = Receipt),
        (status = 200, body = Receipt),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn post_fact(
    State(app): State<App>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Receipt>), Problem> {
    let entry = signed_bytes(&headers, body.map_err(not_read)?)?;
    let submit = move |app: &App| Ok(app.node.submit(&entry, app.received_at(&entry))?);
    let receipt = app.blocking(submit).await?;
    app.feed.stir();
    let status = if receipt.already { StatusCode::OK } else { StatusCode::CREATED };
    let receipt = Receipt {
        hash: receipt.hash.to_string(),
        position: receipt.position + 1,
        already: receipt.already,
    };
    Ok((status, Json(receipt)))
}

fn signed_bytes(headers: &HeaderMap, body: Bytes) -> Result<Vec<u8>, Problem> {
    let refuse = |why: String| Problem::new(ProblemCode::NotUnderstood, why);
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    match kind.split(';').next().unwrap_or("").trim() {
        "application/cose" => Ok(body.to_vec()),
        "application/json" => {
            let fact: NewFact = serde_json::from_slice(&body).map_err(|e| refuse(e.to_string()))?;
            BASE64.decode(fact.entry).map_err(|e| refuse(format!("entry: {e}")))
        }
        other => Err(refuse(format!(
            "content type '{other}' is neither application/cose nor application/json"
        ))),
    }
}

fn not_read(rejection: BytesRejection) -> Problem {
    let code = match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::BodyTooLarge,
        _ => ProblemCode::NotUnderstood,
    };
    Problem::new(code, rejection.body_text())
}
