//! Balance sheets of nights, signed by the log.

use crate::api::{NightSheet, Problem, SignedSheet};
use crate::app::App;
use crate::ask::Asked;
use crate::problem::ProblemCode;
use crate::views::sheet::night_sheet;
use crate::views::sheet_page::page;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Html;
use domain::Night;
use scenario::Scenario;
use serde::Deserialize;
use store::{Node, StoreError};
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageAsked {
    /// `en`, `ar` or `ckb`; English when absent.
    pub lang: Option<String>,
}

/// Why there is no sheet.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    #[error("nothing was recorded by the end of the night of {0}")]
    Empty(Night),
    #[error("the books are off")]
    Books(#[from] ledger::BooksError),
    #[error("the log's key cannot be used")]
    Store(#[from] StoreError),
    #[error("the sheet cannot be signed")]
    Note(#[from] log::note::NoteError),
    #[error("the sheet cannot be written")]
    Json(#[from] serde_json::Error),
}

/// The sheet of a night with the log's signature over its digest.
pub fn signed_sheet(
    node: &Node,
    scenario: &Scenario,
    night: Night,
) -> Result<SignedSheet, SheetError> {
    let sheet = node.read(|state| night_sheet(state, scenario, night))?;
    let sheet = sheet.ok_or(SheetError::Empty(night))?;
    let text = digest_text(&sheet, node.log_name())?;
    let signature = node.signing_key()?.sign(&text)?;
    Ok(SignedSheet { sheet, signature })
}

/// What is signed: the sheet's place in the record and SHA-256 of its compact JSON.
fn digest_text(sheet: &NightSheet, origin: &str) -> Result<String, serde_json::Error> {
    let digest = log::hash_of(&serde_json::to_vec(sheet)?);
    let NightSheet { night, from_position, position, root, .. } = sheet;
    Ok(format!(
        "amana/balance-sheet/v1\norigin {origin}\nnight {night}\nfrom {from_position}\n\
         position {position}\nroot {root}\nsha256 {digest}\n"
    ))
}

/// The sheet as a page to print.
pub fn sheet_page(signed: &SignedSheet, scenario: &Scenario, lang: &str) -> String {
    page(signed, scenario, lang)
}

/// The balance sheet of a night, signed by the log.
#[utoipa::path(
    get,
    path = "/api/v1/balance/{night}",
    tag = "statements",
    params(("night" = String, Path, description = "The evening's date")),
    responses(
        (status = 200, body = SignedSheet),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_balance(
    State(app): State<App>,
    Path(night): Path<String>,
) -> Result<Json<SignedSheet>, Problem> {
    let night = read(&night)?;
    app.blocking(move |app| Ok(signed_sheet(&app.node, &app.scenario, night)?)).await.map(Json)
}

/// The balance sheet of a night as a page to print.
#[utoipa::path(
    get,
    path = "/api/v1/balance/{night}/page",
    tag = "statements",
    params(("night" = String, Path, description = "The evening's date"), PageAsked),
    responses(
        (status = 200, body = String, content_type = "text/html"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_balance_page(
    State(app): State<App>,
    Path(night): Path<String>,
    Asked(asked): Asked<PageAsked>,
) -> Result<Html<String>, Problem> {
    let night = read(&night)?;
    let lang = asked.lang.unwrap_or_default();
    let told = app.blocking(move |app| {
        let signed = signed_sheet(&app.node, &app.scenario, night)?;
        Ok(page(&signed, &app.scenario, &lang))
    });
    told.await.map(Html)
}

fn read(night: &str) -> Result<Night, Problem> {
    let not_a_date = |_| {
        let detail = format!("'{night}' is not a date as 2026-01-21");
        Problem::new(ProblemCode::NotUnderstood, detail)
    };
    night.parse().map_err(not_a_date)
}

impl From<SheetError> for Problem {
    fn from(error: SheetError) -> Self {
        match error {
            SheetError::Empty(_) => Self::new(ProblemCode::PositionAhead, error),
            SheetError::Store(error) => error.into(),
            other => {
                tracing::error!(error = %other, "no balance sheet");
                Self::new(ProblemCode::Internal, other)
            }
        }
    }
}
