//! What a revision changes of the plan before it, and what forced each change.

use crate::api::{Forced, MovementChanged, Moves, PlanChanges, Problem};
use crate::app::App;
use crate::planned_problem::PlannedProblem;
use crate::problem::ProblemCode;
use axum::Json;
use axum::extract::{Path, State};
use planner::diff::{
    Change, Difference, Forcing, MovementChange, MovementDifference, diff, diff_because,
};
use planner::plan::MovementKind;
use scenario::Scenario;
use std::collections::BTreeMap;

/// What a revision of the plan changes: who moves when instead, counted, and what forced it.
#[utoipa::path(
    get,
    path = "/api/v1/plan/{plan}/changes",
    tag = "plan",
    params(("plan" = String, Path, description = "Hash of an adopted plan")),
    responses(
        (status = 200, body = PlanChanges),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_changes(
    State(app): State<App>,
    Path(plan): Path<String>,
) -> Result<Json<PlanChanges>, Problem> {
    let fold = app.fold().await?;
    let answer = app.blocking(move |app| {
        let revisions = &fold.plans.revisions;
        let none = || Problem::new(ProblemCode::NoSuchAddress, "no plan of that hash was adopted");
        let new = revisions.iter().find(|r| r.plan.to_string() == plan).ok_or_else(none)?;
        let old = revisions.iter().find(|r| Some(r.plan) == new.parent);
        let pair = old.and_then(|old| Some((old, old.planned.as_ref()?, new.planned.as_ref()?)));
        let Some((old, before, after)) = pair else {
            return Ok(PlanChanges { plan, ..PlanChanges::default() });
        };
        let (before, after) = (&before.document, &after.document);
        let was = PlannedProblem::of(app, &old.plan)?;
        let problems = was.zip(PlannedProblem::of(app, &new.plan)?);
        let difference = match &problems {
            Some((was, is)) => diff_because((before, &was.problem), (after, &is.problem)),
            None => diff(before, after),
        };
        let parent = Some(old.plan.to_string());
        Ok(told(&difference, &app.scenario, plan, parent, problems.is_some()))
    });
    answer.await.map(Json)
}

/// What a change of the problem is about; several classes of one origin are told as one.
type About<'a> = (&'static str, &'a str, &'a str, Option<usize>);

fn about(f: &Forcing) -> About<'_> {
    (f.what, f.place.as_str(), f.vehicle.as_str(), f.night)
}

fn told(
    difference: &Difference,
    scenario: &Scenario,
    plan: String,
    parent: Option<String>,
    causes_known: bool,
) -> PlanChanges {
    let nights: Vec<String> = scenario.operation.nights().map(|n| n.to_string()).collect();
    let date = |night: usize| nights.get(night).cloned();
    let mut counts: BTreeMap<About, (i64, i64)> = BTreeMap::new();
    let mut order = Vec::new();
    for forcing in &difference.problem {
        let sums = counts.entry(about(forcing)).or_insert_with(|| {
            order.push(about(forcing));
            (0, 0)
        });
        *sums = (sums.0 + forcing.was, sums.1 + forcing.is);
    }
    let forced = |of: About| {
        let (was, is) = counts.get(&of).copied().unwrap_or_default();
        let (what, place, vehicle, night) = of;
        Forced {
            what: what.to_owned(),
            r#where: place.to_owned(),
            vehicle: vehicle.to_owned(),
            night: night.and_then(date),
            was,
            is,
        }
    };
    let because = |all: &[Forcing]| {
        let mut all: Vec<About> = all.iter().map(about).collect();
        all.sort_unstable();
        all.dedup();
        all.into_iter().map(forced).collect::<Vec<_>>()
    };

    let mut groups: BTreeMap<_, u32> = BTreeMap::new();
    for person in &difference.persons {
        let (change, from, to) = of_person(&person.change);
        let mut causes: Vec<About> = person.because.iter().map(about).collect();
        causes.sort_unstable();
        causes.dedup();
        *groups.entry((change, from, to, causes)).or_default() += 1;
    }
    let mut moves: Vec<Moves> = (groups.into_iter())
        .map(|((change, from, to, causes), people)| Moves {
            change: change.to_owned(),
            from: from.and_then(date),
            to: to.and_then(date),
            people,
            because: causes.into_iter().map(forced).collect(),
        })
        .collect();
    moves.sort_by_key(|m| (m.because.is_empty(), std::cmp::Reverse(m.people)));
    let movements = difference.movements.iter();
    let movements = movements.filter_map(|m| {
        let route = scenario.route(&m.route)?;
        let (change, was, is) = of_movement(m);
        Some(MovementChanged {
            night: date(m.night)?,
            kind: if m.kind == MovementKind::Flight { "flight" } else { "convoy" }.to_owned(),
            from: route.origin.to_string(),
            to: route.dest.to_string(),
            change: change.to_owned(),
            was,
            is,
            because: because(&m.because),
        })
    });
    PlanChanges {
        plan,
        parent,
        causes_known,
        cost: difference.cost_change,
        moves,
        movements: movements.collect(),
        problem: order.into_iter().map(forced).collect(),
    }
}

/// In a word, with the night before and after.
fn of_person(change: &Change) -> (&'static str, Option<usize>, Option<usize>) {
    match change {
        Change::OtherNight { from, to } => ("other-night", Some(*from), Some(*to)),
        Change::OtherRoute { night, .. } => ("other-route", Some(*night), Some(*night)),
        Change::OtherWing { .. } => ("other-wing", None, None),
        Change::NoLongerMoves { night, .. } => ("no-longer-moves", Some(*night), None),
        Change::NewlyMoves { night } => ("newly-moves", None, Some(*night)),
    }
}

/// In a word, with the people aboard before and after.
fn of_movement(m: &MovementChange) -> (&'static str, i64, i64) {
    match m.what {
        MovementDifference::Added { people } => ("added", 0, people),
        MovementDifference::Removed { people } => ("removed", people, 0),
        MovementDifference::Changed { people: [was, is], .. } => ("changed", was, is),
    }
}
