//! `amana plan export`.

use super::input::{Input, read_plan, write};
use planner::export::{Model, Sheet, to_csv, to_svg};
use std::path::PathBuf;
use std::process::ExitCode;

/// Write a plan in another form
///
/// `muster-v1`: the class plan for other planners and checkers. `csv`: one line for each person, or
/// for each class in each vehicle (UTF-8, RFC 4180). `svg`: nights by movements, a sheet for the wall.
/// `mps`: the problem itself (folder of a scenario, or a `muster-v1` file, in the place of the
/// plan) as a mixed-integer program for HiGHS, CP-SAT and others.
#[derive(clap::Args)]
pub struct Export {
    /// Plan document; for `mps` the problem
    plan: PathBuf,
    #[arg(long, default_value = "muster-v1", value_parser = ["muster-v1", "csv", "svg", "mps"])]
    format: String,
    #[arg(long)]
    out: PathBuf,
    /// Problem of the plan (folder of a scenario, or a `muster-v1` file), for names, dates, lost
    /// nights and promises in `csv` and `svg`
    #[arg(long)]
    problem: Option<PathBuf>,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub fn export(args: &Export) -> anyhow::Result<ExitCode> {
    if args.format == "mps" {
        let problem = Input::read(&args.plan, args.seed)?.problem;
        write(&args.out, Model::new(&problem).to_mps().as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let document = read_plan(&args.plan)?;
    let sheet = match &args.problem {
        Some(path) => Input::of_plan(path, args.seed, &args.plan, &document)?.sheet,
        None => Sheet::default(),
    };
    let bytes = match args.format.as_str() {
        "csv" => to_csv(&document, &sheet)?,
        "svg" => to_svg(&document, &sheet).into_bytes(),
        _ => {
            let mut plan = serde_json::to_value(document.class_plan())?;
            plan["format"] = "muster-plan-v1".into();
            plan["instance"] = document.operation.into();
            plan.to_string().into_bytes()
        }
    };
    write(&args.out, &bytes)?;
    Ok(ExitCode::SUCCESS)
}
