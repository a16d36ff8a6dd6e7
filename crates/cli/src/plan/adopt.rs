//! `amana plan adopt`.

use super::input::{Input, digest_of, read_plan};
use super::to_plan::ToPlan;
use crate::office::Office;
use crate::opened::{self, Opened};
use crate::planning::{Effort, boarders};
use anyhow::{Context, bail};
use domain::{AdoptionReason, Event};
use planner::check::{Report, check_document, check_revision};
use planner::plan::PlanDocument;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::Document;

/// Adopt a plan in an operation in earnest: from then on it is the one that is carried out
///
/// Judged by every rule first, by what the record knows now: a plan that breaks one is not adopted (exit 1).
/// The document is kept beside the record, and the fact names its hash. In an exercise the play adopts.
#[derive(clap::Args)]
pub struct Adopt {
    /// Plan document, as written by `amana plan solve STORE`
    plan: PathBuf,
    /// sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: String,
    /// Key of an office device of the authority that adopts plans
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
}

pub fn adopt(args: &Adopt) -> anyhow::Result<ExitCode> {
    let opened = opened::open(&args.store)?;
    if opened.exercise.is_some() {
        bail!("this is an exercise: the play adopts its plans");
    }
    let mut office = office(&opened, &args.key)?;
    let document = read_plan(&args.plan)?;
    let why = AdoptionReason::from_code(&document.why)
        .with_context(|| format!("the plan says '{}' of why it was made", document.why))?;
    let ToPlan { planner, request, .. } = ToPlan::of_store(&opened, Effort::for_first(1.0), why)?;
    let parent = request.parent.map(|hash| hash.to_string());
    if (document.revision, &document.parent) != (request.revision, &parent) {
        bail!(
            "{}: it is revision {} in place of {}, and revision {} in place of {} is due: solve again",
            args.plan.display(),
            document.revision,
            document.parent.as_deref().unwrap_or("none"),
            request.revision,
            parent.as_deref().unwrap_or("none")
        );
    }
    let input = Input::of_asked(&planner, &request)?;
    let report = match &request.in_force {
        None => check_document(&input.problem, &input.travellers, &document),
        Some(parent) => check_revision(&input.problem, &input.travellers, parent, &document),
    };
    if !report.is_clean() {
        return Ok(refused(&report, &document, &input));
    }

    let hash = server::play::plan_hash(&document);
    let from = planner.scenario().operation.night_index(request.from).context("no such night")?;
    let people = boarders(input.travellers);
    let problem = server::PlannedProblem { from, problem: input.problem };
    let reasons = server::reasons(&document, &problem.problem, from, &people)?;
    let named = [
        (server::problem_name(&hash), problem.to_bytes()),
        (server::reasons_name(&hash), reasons),
        (server::play::plan_name(&hash), document.canonical_bytes()),
    ];
    for (name, bytes) in named {
        let media_type = "application/json".to_owned();
        opened.node.put_document(&Document { name, media_type, bytes })?;
    }
    let (revision, parent) = (request.revision, request.parent);
    let adopted = Event::PlanAdopted { plan: hash, revision, parent, why };
    let receipt = office.say(&opened, adopted)?;
    println!("revision {revision}, plan {hash}, is in force: fact {}", receipt.hash);
    Ok(ExitCode::SUCCESS)
}

/// The office of the authority that the operation's opening lets adopt plans.
fn office(opened: &Opened, key: &Path) -> anyhow::Result<Office> {
    let authority = opened.scenario.deciders().plans;
    Office::open(opened, authority.as_str(), Some(key))
}

fn refused(report: &Report, document: &PlanDocument, input: &Input) -> ExitCode {
    print!("{report}");
    if document.problem.as_ref() != Some(&digest_of(&input.problem)) {
        println!("the record has moved on since the plan was made: solve again");
    }
    println!("not adopted");
    ExitCode::from(1)
}
