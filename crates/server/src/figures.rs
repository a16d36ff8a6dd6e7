//! Figures with their definitions, at the head of the record or at a position before it.

use crate::api::{Figures, Problem};
use crate::app::App;
use crate::ask::Asked;
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use crate::views;
use axum::Json;
use axum::extract::State;
use domain::{Fact, FactHash, Record};
use serde::Deserialize;
use std::sync::Arc;
use std::time::{Duration, Instant};
use utoipa::IntoParams;

/// Positions whose figures are kept.
const FIGURES_KEPT: usize = 16;
/// How old the figures given for "now" may be. They name the position they are of.
const HEAD_AGE: Duration = Duration::from_secs(1);

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FiguresAsked {
    /// Position of the record, 1 to its head; the head when absent.
    pub at: Option<u64>,
}

/// Figures computed lately, the newest last. One computation at a time.
#[derive(Default)]
pub struct FiguresKept(tokio::sync::Mutex<Vec<(Instant, Figures)>>);

/// Figures by definition at a position of the record, beside what was published.
#[utoipa::path(
    get,
    path = "/api/v1/figures",
    tag = "figures",
    params(FiguresAsked),
    responses(
        (status = 200, body = Figures),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_figures(
    State(app): State<App>,
    Asked(asked): Asked<FiguresAsked>,
) -> Result<Json<Figures>, Problem> {
    let head = app.node.position();
    if let Some(at) = asked.at
        && !(1..=head).contains(&at)
    {
        let within = [("position", at.into()), ("head", head.into())];
        return Err(Problem::saying(ProblemCode::PositionAhead, Sentence::Ahead, within));
    }
    let kept = app.figures.clone();
    let mut kept = kept.0.lock().await;
    let found = kept.iter().find(|(made, figures)| match asked.at {
        Some(at) => figures.position == at,
        None => figures.position == app.node.position() || made.elapsed() < HEAD_AGE,
    });
    if let Some((_, figures)) = found {
        return Ok(Json(figures.clone()));
    }
    let figures = app.blocking(move |app| compute(app, asked.at)).await?;
    if kept.len() == FIGURES_KEPT {
        kept.remove(0);
    }
    kept.push((Instant::now(), figures.clone()));
    Ok(Json(figures))
}

/// The record as it was.
enum Then {
    Head(Box<Record>),
    /// Facts up to a position before the head, to be folded anew.
    Before(Vec<Arc<Fact>>),
}

impl Then {
    fn folded(self) -> Record {
        match self {
            Then::Head(record) => *record,
            Then::Before(facts) => {
                let mut record = Record::new();
                for fact in facts {
                    record.insert(fact);
                }
                record
            }
        }
    }
}

fn compute(app: &App, at: Option<u64>) -> Result<Figures, Problem> {
    let known = app.nationalities.now(&app.node)?;
    let (position, root, time, then) = app.node.read(|state| {
        let position = at.unwrap_or(state.position());
        let root = state.tree.root_at(position);
        let last = position.checked_sub(1).and_then(|index| state.at(index));
        let then = match position == state.position() {
            true => Then::Head(Box::new(state.record.clone())),
            false => Then::Before(state.entries(0..position).map(|entry| entry.fact).collect()),
        };
        (position, root, last.map(|entry| entry.recorded_at), then)
    });
    let record = then.folded();
    let figures = views::figures::figures(&record, &app.scenario, &known.of);
    Ok(Figures {
        position,
        root: root.map(|r| FactHash(r).to_string()).unwrap_or_default(),
        at: time.unwrap_or_default().to_string(),
        figures,
    })
}
