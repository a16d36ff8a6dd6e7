//! Statements that were issued: listed, in full, side by side.

use crate::api::{Problem, StatementComparison, StatementDetail, StatementLine};
use crate::app::App;
use crate::ask::Asked;
use crate::entitled::{Sight, withhold::Withhold};
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use crate::views::statements as views;
use axum::Json;
use axum::extract::{Path, State};
use domain::DocumentHash;
use log::SignedStatement;
use serde::Deserialize;
use store::{Document, Node};
use utoipa::IntoParams;

/// Statements in one list, the newest.
const LIST_MAX: usize = 200;

const PREFIX: &str = "statement/";

/// A statement as the node keeps it beside the record.
pub fn statement_document(signed: &SignedStatement) -> Document {
    Document {
        name: statement_name(&signed.hash()),
        media_type: "text/plain; charset=utf-8".to_owned(),
        bytes: signed.document.clone().into_bytes(),
    }
}

/// Under which a statement is kept beside the record.
pub fn statement_name(hash: &DocumentHash) -> String {
    format!("{PREFIX}{hash}.txt")
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PartAsked {
    /// Only people counted under this code, as IRQ.
    pub part: Option<String>,
}

/// Statements issued from this record, the latest first.
#[utoipa::path(
    get,
    path = "/api/v1/statements",
    tag = "statements",
    responses(
        (status = 200, body = Vec<StatementLine>),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_statements(State(app): State<App>) -> Result<Json<Vec<StatementLine>>, Problem> {
    let lines = app.blocking(|app| {
        let signed = all(&app.node)?;
        Ok(app.node.read(|state| {
            let mut lines: Vec<_> = signed.iter().map(|s| views::line(state, s)).collect();
            let issued = |l: &StatementLine| l.fact.as_ref().map_or(0, |f| f.position);
            lines.sort_by_key(|l| std::cmp::Reverse(issued(l)));
            lines.truncate(LIST_MAX);
            lines
        }))
    });
    lines.await.map(Json)
}

/// One statement: the signed document, and whether the record still says the same.
#[utoipa::path(
    get,
    path = "/api/v1/statements/{hash}",
    tag = "statements",
    params(("hash" = String, Path, description = "SHA-256 of the document, hexadecimal")),
    responses(
        (status = 200, body = StatementDetail),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_statement(
    State(app): State<App>,
    Path(hash): Path<String>,
) -> Result<Json<StatementDetail>, Problem> {
    let detail = app.blocking(move |app| {
        let signed = named(&app.node, &hash)?;
        let known = app.nationalities.now(&app.node)?;
        let vkey = app.node.vkey()?;
        let against = views::Against {
            scenario: &app.scenario,
            known: &known.of,
            log_vkey: Some(&vkey),
            times_known: true,
        };
        Ok(app.node.read(|state| StatementDetail {
            line: views::line(state, &signed),
            findings: views::findings(state, &against, &signed.statement),
            document: signed.document.clone(),
        }))
    });
    detail.await.map(Json)
}

/// Two statements side by side: who is in one and not in the other, and why.
#[utoipa::path(
    get,
    path = "/api/v1/statements/{hash}/against/{other}",
    tag = "statements",
    params(
        ("hash" = String, Path, description = "SHA-256 of one document, hexadecimal"),
        ("other" = String, Path, description = "SHA-256 of the other"),
        PartAsked
    ),
    responses(
        (status = 200, body = StatementComparison),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_comparison(
    State(app): State<App>,
    sight: Sight,
    Path((hash, other)): Path<(String, String)>,
    Asked(asked): Asked<PartAsked>,
) -> Result<Json<StatementComparison>, Problem> {
    let fold = app.fold().await?;
    let told = app.blocking(move |app| {
        let seen = sight.over(app, fold)?;
        let (first, second) = (named(&app.node, &hash)?, named(&app.node, &other)?);
        let known = app.nationalities.now(&app.node)?;
        let part = asked.part.as_deref();
        let told = app.node.read(|state| {
            let (known, scenario) = (&known.of, &app.scenario);
            let mut told = views::comparison(state, scenario, known, &first, &second, part)?;
            told.withhold(&state.record, &seen);
            Some(told)
        });
        let ahead = || {
            let detail = "a statement is of a position or a definition that is not here";
            Problem::new(ProblemCode::PositionAhead, detail)
        };
        told.ok_or_else(ahead)
    });
    told.await.map(Json)
}

fn all(node: &Node) -> Result<Vec<SignedStatement>, Problem> {
    let names = node.documents()?.into_iter().filter(|name| name.starts_with(PREFIX));
    let mut all = Vec::new();
    for name in names {
        if let Some(document) = node.document(&name)? {
            all.extend(opened(&name, document));
        }
    }
    Ok(all)
}

fn opened(name: &str, document: Document) -> Option<SignedStatement> {
    let text = String::from_utf8(document.bytes).ok()?;
    SignedStatement::open(&text)
        .inspect_err(|error| tracing::error!(document = name, error = %error, "does not hold"))
        .ok()
}

fn named(node: &Node, hash: &str) -> Result<SignedStatement, Problem> {
    let hash = DocumentHash::parse(hash)?;
    let name = statement_name(&hash);
    let document = node.document(&name)?;
    let unknown = || {
        let statement = [("statement", hash.to_string().into())];
        Problem::saying(ProblemCode::UnknownStatement, Sentence::NoStatement, statement)
    };
    document.and_then(|d| opened(&name, d)).ok_or_else(unknown)
}
