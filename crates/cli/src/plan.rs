mod adopt;
mod diff;
mod everyone;
mod explain;
mod export;
mod get;
mod input;
mod to_plan;
mod whatif;

use crate::planning::Effort;
use anyhow::bail;
use input::{Input, digest_of, read_either, read_plan, read_problem, replaces, write};
use planner::bound::{self, Proof, Watch};
use planner::check::{Report, check, check_document, check_revision};
use planner::persons::Seating;
use planner::plan::{Heading, Limits, PlanDocument};
use planner::problem::Problem;
use planner::robust::Weather;
use planner::solve::{Flow, Options, Progress, Solution, beside_proof, solve_and_prove};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use to_plan::ToPlan;

/// Make plans and judge them
#[derive(clap::Subcommand)]
pub enum Plan {
    Solve(Solve),
    Check(Check),
    Explain(explain::Explain),
    Diff(diff::Diff),
    Whatif(whatif::WhatIf),
    Export(export::Export),
    Get(get::Get),
    Adopt(adopt::Adopt),
}

/// Search for a plan and prove how far from the best it can be
///
/// Of a scenario: the first plan, with everybody's seat and bed. Of a store in earnest: the next plan for
/// those who are in custody, whose needs are read from the register, which the record says first. Of a
/// `muster-v1` instance: by class. A time limit reached is a result with its gap.
#[derive(clap::Args)]
pub struct Solve {
    /// Folder of a scenario, a store (sqlite:PATH or postgres://...), or a `muster-v1` file
    input: PathBuf,
    /// Plan document to write
    #[arg(long)]
    out: PathBuf,
    /// Seconds of search
    #[arg(long, default_value_t = 20.0)]
    time_limit: f64,
    /// Search threads; with 2, two searches exchange what they find
    #[arg(long, default_value_t = 1)]
    threads: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Somebody left behind is a failure (exit 1), answered with the promises that conflict
    #[arg(long)]
    everyone: bool,
    /// Last line: cost, bound, gap, seconds, left_behind
    #[arg(long)]
    json: bool,
    /// Expect to lose nights: leave fewer behind over sampled futures
    #[arg(long)]
    robust: bool,
    /// Chance that a night is lost, with --robust
    #[arg(long, default_value_t = 0.2, value_parser = crate::simulate::chance)]
    lose_probability: f64,
    /// Futures that the choice is made on; four times as many others judge it
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(2..=100_000))]
    samples: u64,
}

/// Judge a plan by every rule; changes nothing
///
/// Prints one line per violation. Exits 0 when clean, 1 on violations, 2 when it cannot be read.
#[derive(clap::Args)]
pub struct Check {
    /// Folder of a scenario, a store (sqlite:PATH or postgres://...), or a `muster-v1` file
    input: PathBuf,
    /// Plan document, or a `muster-plan-v1` file
    plan: PathBuf,
    /// Seed of the cohort that the plan is for
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The plan that a revision replaces
    #[arg(long)]
    parent: Option<PathBuf>,
    #[arg(long)]
    json: bool,
}

impl Solve {
    fn weather(&self) -> Option<Weather> {
        self.robust.then(|| Weather::losing(self.lose_probability, self.samples))
    }
}

pub fn plan(args: &Plan) -> anyhow::Result<ExitCode> {
    match args {
        Plan::Solve(args) => solve_plan(args),
        Plan::Check(args) => check_plan(args),
        Plan::Explain(args) => explain::explain(args),
        Plan::Diff(args) => diff::diff(args),
        Plan::Whatif(args) => whatif::whatif(args),
        Plan::Export(args) => export::export(args),
        Plan::Get(args) => get::get(args),
        Plan::Adopt(args) => adopt::adopt(args),
    }
}

fn solve_plan(args: &Solve) -> anyhow::Result<ExitCode> {
    if args.time_limit.is_nan() || args.time_limit <= 0.0 {
        bail!("--time-limit {} is not a number of seconds above 0", args.time_limit);
    }
    let started = Instant::now();
    let live = std::io::stderr().is_terminal();
    let mut show = |progress: &Progress| {
        if live {
            let seconds = progress.elapsed.as_secs_f64();
            let bound = progress.bound.map_or("not yet".to_owned(), |b| b.to_string());
            let gap = progress.gap().map_or("-".to_owned(), |gap| format!("{:.1} %", gap * 100.0));
            eprint!("\r{seconds:.1} s: best {}, bound {bound}, gap {gap}\x1b[K", progress.cost);
        }
        Flow::Continue
    };
    let effort = Effort::for_first(args.time_limit);
    let (problem, document, left_behind) = match ToPlan::of(&args.input, args.seed, effort)? {
        Some(people) => solve_people(args, people, &mut show)?,
        None => solve_instance(args, &mut show)?,
    };
    if live {
        eprintln!();
    }
    write(&args.out, &document.canonical_bytes())?;
    let gap = (document.total - document.bound) as f64 / document.total.max(1) as f64;
    let seconds = started.elapsed().as_secs_f64();
    let limit = Duration::from_secs_f64(args.time_limit);
    let judged = (left_behind > 0).then(|| everyone::judge(&problem, args.everyone, limit));
    if args.json {
        let mut told = serde_json::json!({
            "cost": document.total, "bound": document.bound, "gap": gap,
            "seconds": seconds, "left_behind": left_behind,
        });
        if let Some(judged) = &judged {
            told["at_least_left"] = judged.at_least_left.into();
            told["conflict"] = serde_json::to_value(&judged.conflict)?;
        }
        println!("{told}");
    } else {
        println!("cost         {:>12}", document.total);
        println!("bound        {:>12}   no plan costs less", document.bound);
        println!("gap          {:>11.1} %", gap * 100.0);
        println!("left behind  {left_behind:>12}");
        println!("movements    {:>12}", document.movements.len());
        println!("unplaced     {:>12}", document.unplaced.len());
        println!("unmet        {:>12}", document.unmet.len());
        println!("seconds      {seconds:>12.1}");
        if let Some(judged) = &judged {
            judged.tell(left_behind, args.everyone);
        }
    }
    Ok(ExitCode::from(u8::from(args.everyone && left_behind > 0)))
}

fn solve_people(
    args: &Solve,
    ToPlan { planner, request, .. }: ToPlan,
    show: &mut dyn FnMut(&Progress) -> Flow,
) -> anyhow::Result<(Problem, PlanDocument, i64)> {
    let mut planner = planner.with_threads(args.threads).expecting(args.weather());
    let (problem, _) = planner.problem(&request)?;
    let planned = planner.make(&request, show)?;
    if let Some(words) = &planned.hedge {
        eprintln!("{words}");
    }
    Ok((problem, planned.document, planned.left_behind))
}

fn solve_instance(
    args: &Solve,
    show: &mut dyn FnMut(&Progress) -> Flow,
) -> anyhow::Result<(Problem, PlanDocument, i64)> {
    let problem = read_problem(&args.input)?;
    let limit = Duration::from_secs_f64(args.time_limit);
    let options =
        Options { time_limit: limit, seed: args.seed, threads: args.threads, ..Options::default() };
    let (solution, proof) = search(args, &problem, &options, show)?;
    let heading = Heading {
        operation: problem.name.clone(),
        revision: 1,
        problem: Some(digest_of(&problem)),
        why: "first".to_owned(),
        seed: args.seed,
        limits: Limits {
            time_ms: limit.as_millis() as u64,
            iterations: None,
            threads: args.threads,
        },
        certificate: Some(crate::planning::digest(&proof.certificate)?),
        ..Heading::default()
    };
    let seating = Seating::of_classes(solution.plan);
    let document = PlanDocument::compose(&problem, &seating, &proof, heading)?;
    Ok((problem, document, solution.left_behind))
}

/// The search asked for and the proof beside it; with `--robust` it says what the hedge brings and
/// costs.
fn search(
    args: &Solve,
    problem: &Problem,
    options: &Options,
    show: &mut dyn FnMut(&Progress) -> Flow,
) -> anyhow::Result<(Solution, Proof)> {
    let Some(weather) = args.weather() else {
        return Ok(solve_and_prove(problem, options, show)?);
    };
    let prove = |watch: &Watch| bound::prove_watched(problem, options.time_limit, watch);
    let (found, proof) = beside_proof(prove, show, |show| weather.search(problem, options, show))?;
    eprintln!("{}", found.in_words());
    Ok((found.solution, proof))
}

fn check_plan(args: &Check) -> anyhow::Result<ExitCode> {
    let (plan, document) = read_either(&args.plan)?;
    let report = match document {
        Some(document) if !args.input.is_file() => {
            let parent = args.parent.as_deref().map(read_plan).transpose()?;
            let input = Input::of_plan(&args.input, args.seed, &args.plan, &document)?;
            match (parent, document.revision) {
                (None, 0..=1) => check_document(&input.problem, &input.travellers, &document),
                (None, revision) => bail!(
                    "{}: revision {revision} stands on the plan it replaces: give that with --parent",
                    args.plan.display()
                ),
                (Some(parent), _) => {
                    replaces(&args.plan, &document, &parent)?;
                    check_revision(&input.problem, &input.travellers, &parent, &document)
                }
            }
        }
        _ => check(&Input::read(&args.input, args.seed)?.problem, &plan),
    };
    tell(&report, args.json)?;
    Ok(ExitCode::from(u8::from(!report.is_clean())))
}

fn tell(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        let broken: Vec<_> = report
            .broken
            .iter()
            .map(|b| serde_json::json!({"code": b.code, "text": b.text, "place": b.place}))
            .collect();
        let told = serde_json::json!({
            "clean": report.is_clean(), "broken": broken, "cost": report.cost.total(),
            "moved": report.moved, "left_behind": report.left_behind,
        });
        println!("{told}");
    } else {
        print!("{report}");
    }
    Ok(())
}
