//! Offline receipts: that a fact is in the record, and who saw it there.

use crate::api::Problem;
use crate::app::App;
use crate::entitled::{Seen, Sight};
use crate::facts::{shown_in, unknown};
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use domain::FactHash;
use log::{Checkpoint, LogProof, Note};

/// A receipt to keep offline: a C2SP tlog-proof file.
///
/// It proves, without this server, that the fact is in the log whose key and witnesses signed the
/// checkpoint inside; its `extra` line carries the signed fact. Check it with
/// `amana verify FILE.tlog-proof --log VKEY`.
#[utoipa::path(
    get,
    path = "/api/v1/facts/{hash}/receipt",
    tag = "facts",
    params(
        ("hash" = String, Path, description = "SHA-256 of the signed bytes, hexadecimal")
    ),
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_receipt(
    State(app): State<App>,
    sight: Sight,
    Path(hash): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let hash = FactHash::parse(&hash)?;
    let fold = app.fold().await?;
    let receipt = app.blocking(move |app| receipt(app, &sight.over(app, fold)?, &hash)).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{hash}.tlog-proof\"")),
    ];
    Ok((headers, receipt.to_string()))
}

fn receipt(app: &App, seen: &Seen, hash: &FactHash) -> Result<LogProof, Problem> {
    let (index, entry) = app.node.entry(hash)?.ok_or_else(|| unknown(hash))?;
    let shown = app.node.read(|state| {
        let fact = state.record.fact(hash)?;
        shown_in(state, seen, fact)
    });
    let (_, withheld) = shown.ok_or_else(|| unknown(hash))?;
    // The signed bytes name everybody in them; the proof holds without.
    let extra = (withheld == 0).then_some(entry);
    let ours = |e: &dyn std::fmt::Display| Problem::new(ProblemCode::Internal, e);
    let checkpoint = Note::parse(&app.published()?).map_err(|e| ours(&e))?;
    let size = Checkpoint::parse(&checkpoint.text).map_err(|e| ours(&e))?.size;
    let proof = app.node.read(|state| state.tree.inclusion(index, size));
    let not_yet = |_| {
        let covered = [("index", index.into()), ("size", size.into())];
        Problem::saying(ProblemCode::NotWitnessedYet, Sentence::NotCovered, covered)
    };
    Ok(LogProof { extra, index, hashes: proof.map_err(not_yet)?, checkpoint })
}
