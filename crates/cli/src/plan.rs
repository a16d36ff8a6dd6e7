use crate::planning::{Effort, Planned, ScenarioPlanner};
use anyhow::{Context, bail};
use planner::bound;
use planner::check::{Report, check, check_document};
use planner::diff::diff;
use planner::persons::Seating;
use planner::plan::{ClassPlan, Heading, Limits, PlanDocument};
use planner::problem::Problem;
use planner::solve::{Flow, Options, Progress, solve};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Make plans and judge them
#[derive(clap::Subcommand)]
pub enum Plan {
    Solve(Solve),
    Check(Check),
    Diff(Diff),
    Export(Export),
}

/// Search for a plan and prove how far from the best it can be
///
/// Of a scenario: the first plan, with everybody's seat and bed. Of a `muster-v1` instance: by
/// class. A time limit reached is a result with its gap.
#[derive(clap::Args)]
pub struct Solve {
    /// Folder of a scenario, or a `muster-v1` file
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
    /// Last line: cost, bound, gap, seconds, left_behind
    #[arg(long)]
    json: bool,
}

/// Judge a plan by every rule; changes nothing
///
/// Prints one line per violation. Exits 0 when clean, 1 on violations, 2 when it cannot be read.
#[derive(clap::Args)]
pub struct Check {
    /// Folder of a scenario, or a `muster-v1` file
    input: PathBuf,
    /// Plan document, or a `muster-plan-v1` file
    plan: PathBuf,
    /// Seed of the cohort that the plan is for
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long)]
    json: bool,
}

/// Say what changed from one plan to another: who moves when instead
#[derive(clap::Args)]
pub struct Diff {
    old: PathBuf,
    new: PathBuf,
}

/// Write a plan in another form
#[derive(clap::Args)]
pub struct Export {
    plan: PathBuf,
    #[arg(long, default_value = "muster-v1", value_parser = ["muster-v1"])]
    format: String,
    #[arg(long)]
    out: PathBuf,
}

pub fn plan(args: &Plan) -> anyhow::Result<ExitCode> {
    match args {
        Plan::Solve(args) => solve_plan(args),
        Plan::Check(args) => check_plan(args),
        Plan::Diff(args) => {
            print!("{}", diff(&read_plan(&args.old)?, &read_plan(&args.new)?));
            Ok(ExitCode::SUCCESS)
        }
        Plan::Export(args) => {
            let document = read_plan(&args.plan)?;
            let mut plan = serde_json::to_value(document.class_plan())?;
            plan["format"] = "muster-plan-v1".into();
            plan["instance"] = document.operation.into();
            write(&args.out, plan.to_string().as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
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
            eprint!(
                "\r{seconds:.1} s: best {}, {} iterations\x1b[K",
                progress.cost, progress.iterations
            );
        }
        Flow::Continue
    };
    let (document, left_behind) = if args.input.is_dir() {
        let planned = solve_scenario(args, &mut show)?;
        (planned.document, planned.left_behind)
    } else {
        solve_instance(args, &mut show)?
    };
    if live {
        eprintln!();
    }
    write(&args.out, &document.canonical_bytes())?;
    let gap = (document.total - document.bound) as f64 / document.total.max(1) as f64;
    let seconds = started.elapsed().as_secs_f64();
    if args.json {
        let told = serde_json::json!({
            "cost": document.total, "bound": document.bound, "gap": gap,
            "seconds": seconds, "left_behind": left_behind,
        });
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
    }
    Ok(ExitCode::SUCCESS)
}

fn solve_scenario(
    args: &Solve,
    show: &mut dyn FnMut(&Progress) -> Flow,
) -> anyhow::Result<Planned> {
    let effort = Effort::for_first(args.time_limit);
    let mut planner = planner_of(&args.input, args.seed, effort)?.with_threads(args.threads);
    let request = planner.first_request();
    planner.make(&request, show)
}

fn planner_of(dir: &Path, seed: u64, effort: Effort) -> anyhow::Result<ScenarioPlanner> {
    let scenario = Arc::new(scenario::Scenario::read(dir)?);
    let cohort = Arc::new(scenario::cohort::generate(&scenario, seed));
    Ok(ScenarioPlanner::new(scenario, cohort, effort))
}

fn solve_instance(
    args: &Solve,
    show: &mut dyn FnMut(&Progress) -> Flow,
) -> anyhow::Result<(PlanDocument, i64)> {
    let problem = read_problem(&args.input)?;
    let limit = Duration::from_secs_f64(args.time_limit);
    let options =
        Options { time_limit: limit, seed: args.seed, threads: args.threads, ..Options::default() };
    let (solution, proof) = std::thread::scope(|scope| {
        let bounding = scope.spawn(|| bound::prove(&problem, limit));
        (solve(&problem, &options, show), bounding.join())
    });
    let solution = solution?;
    let proof = proof.map_err(|_| anyhow::anyhow!("the bound's thread failed"))?;
    let heading = Heading {
        operation: problem.name.clone(),
        revision: 1,
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
    Ok((document, solution.left_behind))
}

fn check_plan(args: &Check) -> anyhow::Result<ExitCode> {
    let report = if args.input.is_dir() {
        let effort = Effort { plan_seconds: 1.0, plan_iterations: None };
        let planner = planner_of(&args.input, args.seed, effort)?;
        let (problem, travellers) = planner.problem(&planner.first_request())?;
        let document = read_plan(&args.plan)?;
        if document.revision > 1 {
            bail!(
                "{}: revision {} depends on what was carried out before it; check it against the \
                 store it was adopted in",
                args.plan.display(),
                document.revision
            );
        }
        check_document(&problem, &travellers, &document)
    } else {
        let problem = read_problem(&args.input)?;
        check(&problem, &read_class_plan(&args.plan)?)
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

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn read_problem(path: &Path) -> anyhow::Result<Problem> {
    Problem::from_json(&read(path)?).with_context(|| path.display().to_string())
}

fn read_plan(path: &Path) -> anyhow::Result<PlanDocument> {
    PlanDocument::from_json(&read(path)?).with_context(|| path.display().to_string())
}

/// A plan document's class plan, or a `muster-plan-v1` file.
fn read_class_plan(path: &Path) -> anyhow::Result<ClassPlan> {
    let text = read(path)?;
    match PlanDocument::from_json(&text) {
        Ok(document) => Ok(document.class_plan()),
        Err(_) => ClassPlan::from_json(&text).with_context(|| path.display().to_string()),
    }
}
