//! Duties with their clocks.

use crate::api::{Obligations, Problem};
use crate::app::App;
use crate::ask::Asked;
use crate::entitled::{Sight, withhold::Withhold};
use crate::sentence::no_such_word;
use crate::views::obligations::{Wanted, clocks_of, obligations};
use axum::Json;
use axum::extract::State;
use domain::PersonId;
use domain::obligation::{Clock, ClockState};
use serde::Deserialize;
use std::sync::{Arc, Mutex};
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ObligationsAsked {
    /// Only duties that this authority answers for.
    pub authority: Option<String>,
    /// Only this rule, as `family-told`.
    pub rule: Option<String>,
    /// Only duties towards this person.
    pub person: Option<String>,
    /// `overdue`, `running`, `late`, `met`, `waived`, `lapsed` or `all`; open ones when absent.
    pub state: Option<String>,
}

/// The clocks of the last position asked about: they do not depend on the time.
#[derive(Default)]
pub struct ClocksKept(Mutex<Option<(u64, Arc<Vec<Clock>>)>>);

/// Duties towards people, their deadlines, and who is overdue, by the operation's clock.
#[utoipa::path(
    get,
    path = "/api/v1/obligations",
    tag = "obligations",
    params(ObligationsAsked),
    responses(
        (status = 200, body = Obligations),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_obligations(
    State(app): State<App>,
    sight: Sight,
    Asked(asked): Asked<ObligationsAsked>,
) -> Result<Json<Obligations>, Problem> {
    let wanted = wanted(asked)?;
    let fold = app.fold().await?;
    let found = app.blocking(move |app| {
        let now = app.now();
        let seen = sight.over(app, fold)?;
        Ok(app.node.read(|state| {
            let clocks = kept(app, state);
            let mut found = obligations(state, &app.scenario, &clocks, &wanted, now);
            found.lines.withhold(&state.record, &seen);
            found
        }))
    });
    found.await.map(Json)
}

fn kept(app: &App, state: &store::State) -> Arc<Vec<Clock>> {
    let mut kept = app.clocks.0.lock().unwrap_or_else(|e| e.into_inner());
    match &*kept {
        Some((position, clocks)) if *position == state.position() => clocks.clone(),
        _ => {
            let clocks = Arc::new(clocks_of(state, &app.scenario));
            *kept = Some((state.position(), clocks.clone()));
            clocks
        }
    }
}

fn wanted(asked: ObligationsAsked) -> Result<Wanted, Problem> {
    let states = match asked.state.as_deref() {
        None => None,
        Some("all") => Some(ClockState::ALL.to_vec()),
        Some(word) => {
            let state = ClockState::from_code(word);
            let state = state.ok_or_else(|| no_such_word("clock-state", word))?;
            Some(vec![state])
        }
    };
    let person = asked.person.map(|p| PersonId::parse(&p)).transpose()?;
    Ok(Wanted { authority: asked.authority, rule: asked.rule, person, states })
}
