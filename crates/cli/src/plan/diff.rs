//! `amana plan diff`.

use super::input::{Input, digest_of, read_plan};
use anyhow::{Context, bail};
use planner::diff::{diff as difference, diff_because};
use planner::plan::PlanDocument;
use planner::problem::Problem;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Say what changed from one plan to another: who moves when instead
///
/// With the problems that both were made for, each change also says what forced it: a lost night, a
/// lowered promise, a broken vehicle, a closed crossing, gates.
#[derive(clap::Args)]
pub struct Diff {
    old: PathBuf,
    new: PathBuf,
    /// A problem that one of the plans was made for (folder of a scenario, or a `muster-v1` file);
    /// once for each, or once if it is the same
    #[arg(long)]
    problem: Vec<PathBuf>,
    /// Seed of the cohort, where a problem is a scenario
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long)]
    json: bool,
}

pub fn diff(args: &Diff) -> anyhow::Result<ExitCode> {
    let (old, new) = (read_plan(&args.old)?, read_plan(&args.new)?);
    let found = if args.problem.is_empty() {
        difference(&old, &new)
    } else {
        // A scenario has a problem for each revision of its plan.
        let mut problems = Vec::new();
        for path in &args.problem {
            for (named, plan) in [(&args.old, &old), (&args.new, &new)] {
                problems.push(Input::of_plan(path, args.seed, named, plan)?.problem);
                if !path.is_dir() {
                    break;
                }
            }
        }
        let of = |path: &Path, plan| problem_of(path, plan, &problems);
        diff_because((&old, of(&args.old, &old)?), (&new, of(&args.new, &new)?))
    };
    match args.json {
        true => println!("{}", serde_json::to_string(&found)?),
        false => print!("{found}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// The problem that the plan names, among those given.
fn problem_of<'p>(
    path: &Path,
    plan: &PlanDocument,
    problems: &'p [Problem],
) -> anyhow::Result<&'p Problem> {
    let Some(named) = &plan.problem else {
        bail!(
            "{}: the plan does not name its problem; make it again to know what forced a change",
            path.display()
        );
    };
    let found = problems.iter().find(|p| digest_of(p) == *named);
    found.with_context(|| {
        format!(
            "{}: none of the problems given is the one it was made for ({named})",
            path.display()
        )
    })
}
