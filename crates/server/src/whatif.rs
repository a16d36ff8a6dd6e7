//! What if: the plan in force beside the plan of a changed problem. Nothing is adopted.

use crate::api::{Problem, WhatIf, WhatIfAsked, WhatIfMoves, WhatIfSide};
use crate::app::App;
use crate::ask::Body;
use crate::fold::Fold;
use crate::planned_problem::PlannedProblem;
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use crate::unfit;
use axum::Json;
use axum::extract::State;
use planner::change::{Asked, Change};
use planner::solve::Flow;
use planner::whatif::{Comparison, Effort, Side, compare};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Seconds of search for each side: least, when not asked for, most. Bounds get as many.
const SECONDS: (f64, f64, f64) = (0.2, 3.0, 10.0);
/// Changes in one question, at most.
const CHANGES: usize = 20;

/// Re-plan with some changes, beside the plan in force, and adopt nothing.
///
/// One is answered at a time. A client that goes away stops the search.
#[utoipa::path(
    post,
    path = "/api/v1/plan/whatif",
    tag = "plan",
    request_body = WhatIfAsked,
    responses(
        (status = 200, body = WhatIf),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn post_whatif(
    State(app): State<App>,
    Body(asked): Body<WhatIfAsked>,
) -> Result<Json<WhatIf>, Problem> {
    let turn = app
        .whatif
        .clone()
        .try_acquire_owned()
        .map_err(|_| Problem::saying(ProblemCode::WhatIfBusy, Sentence::Searching, []))?;
    let fold = app.fold().await?;
    // Dropped with this handler, which ends early when the client goes away.
    let asker = Asker::default();
    let gone = asker.gone.clone();
    let answer = app.blocking(move |app| {
        let answer = answer(app, &fold, &asked, &gone);
        drop(turn);
        answer
    });
    let answer = answer.await;
    drop(asker);
    answer.map(Json)
}

/// Whoever waits for the answer.
#[derive(Default)]
struct Asker {
    gone: Arc<AtomicBool>,
}

impl Drop for Asker {
    fn drop(&mut self) {
        self.gone.store(true, Ordering::Relaxed);
    }
}

fn answer(
    app: &App,
    fold: &Fold,
    asked: &WhatIfAsked,
    gone: &AtomicBool,
) -> Result<WhatIf, Problem> {
    let none = || Problem::saying(ProblemCode::NoPlan, Sentence::NoPlan, []);
    let in_force = fold.plans.revisions.last();
    let (revision, planned) =
        in_force.and_then(|r| Some((r, r.planned.as_deref()?))).ok_or_else(none)?;
    let PlannedProblem { from, problem } =
        PlannedProblem::of(app, &revision.plan)?.ok_or_else(none)?;
    let changes = changes(app, &problem, asked)?;
    let changed = Change::applied(&changes, &problem);
    let seconds = asked.seconds.unwrap_or(SECONDS.1);
    if !(SECONDS.0..=SECONDS.2).contains(&seconds) {
        let within =
            [("seconds", seconds.into()), ("least", SECONDS.0.into()), ("most", SECONDS.2.into())];
        return Err(Problem::saying(ProblemCode::BadChange, Sentence::Seconds, within));
    }
    let limit = Duration::from_secs_f64(seconds);
    let effort = Effort { time_limit: limit, bound_limit: limit, max_iterations: None, seed: 1 };
    let go_on = || if gone.load(Ordering::Relaxed) { Flow::Stop } else { Flow::Continue };
    let start = planned.document.class_plan();
    let nights: Vec<String> = app.scenario.operation.nights().map(|n| n.to_string()).collect();
    let mut found = compare(&problem, &changed, &start, from, &effort, &go_on)
        .map_err(|e| unfit::untried(&e, &nights))?;
    // The plan in force was bounded for longer, on the same problem.
    let base = &mut found.base;
    base.bound = base.bound.max(planned.document.bound).min(base.cost);
    base.gap = (base.cost - base.bound) as f64 / base.cost.max(1) as f64;
    Ok(WhatIf {
        plan: revision.plan.to_string(),
        changes: changes.iter().map(|c| c.words(&problem)).collect(),
        certain: certain(&found).to_owned(),
        moves: WhatIfMoves {
            earlier: found.moves.earlier,
            later: found.moves.later,
            newly_moved: found.moves.newly_moved,
            newly_left: found.moves.newly_left,
            unchanged: found.moves.unchanged,
        },
        base: side(found.base, &nights),
        changed: side(found.changed, &nights),
    })
}

fn changes(
    app: &App,
    problem: &planner::problem::Problem,
    asked: &WhatIfAsked,
) -> Result<Vec<Change>, Problem> {
    let all: Vec<(Asked, &String)> = (asked.add.iter().map(|text| (Asked::Add, text)))
        .chain(asked.lose.iter().map(|text| (Asked::Lose, text)))
        .chain(asked.intake.iter().map(|text| (Asked::Intake, text)))
        .collect();
    if !(1..=CHANGES).contains(&all.len()) {
        let within = [("changes", all.len().into()), ("most", CHANGES.into())];
        return Err(Problem::saying(ProblemCode::BadChange, Sentence::Changes, within));
    }
    let nights: Vec<String> = app.scenario.operation.nights().map(|n| n.to_string()).collect();
    let night_of = |name: &str| nights.iter().position(|night| night == name);
    let read = |(asked, text): (Asked, &String)| {
        Change::parse(problem, asked, text, &night_of).map_err(|e| unfit::unread(e, &nights))
    };
    all.into_iter().map(read).collect()
}

fn certain(found: &Comparison) -> &'static str {
    if found.changed.bound > found.base.cost {
        "worse"
    } else if found.changed.cost < found.base.bound {
        "better"
    } else {
        "open"
    }
}

fn side(side: Side, nights: &[String]) -> WhatIfSide {
    WhatIfSide {
        cost: side.cost,
        bound: side.bound,
        gap: side.gap,
        left_behind: side.left_behind,
        last_night: side.last_night.and_then(|night| nights.get(night).cloned()),
        waiting_person_nights: side.waiting_person_nights,
        movements: (side.convoys + side.flights) as u32,
        leaving: side.leaving,
    }
}
