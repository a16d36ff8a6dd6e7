//! The table: our planner beside the plain class-level model on HiGHS and on CP-SAT, given the same
//! seconds and threads one after the other in one run. Every answer becomes a plan and is judged by
//! our checker.
//!
//!     bin/planner-bench [--seconds S] [--threads N] [--out DIR] FILE...
//!
//! which makes the Python environment and runs
//!
//!     cargo bench -p amana-planner --bench table -- --python PYTHON FILE...
//!
//! Without `--python` only ours is run. Files are `muster-v1`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use amana_planner::check::check;
use amana_planner::export::Model;
use amana_planner::plan::ClassPlan;
use amana_planner::problem::Problem;
use amana_planner::solve::{Flow, Options, solve_and_prove};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

struct Settings {
    /// Default: 10 s up to 500 people x 10 nights, 60 s above 20,000 people, else 20 s.
    seconds: Option<f64>,
    threads: usize,
    seed: u64,
    python: Option<PathBuf>,
    out: PathBuf,
    files: Vec<PathBuf>,
}

/// What one planner gave for one problem.
struct Answer {
    plan: Option<ClassPlan>,
    bound: Option<f64>,
    seconds: f64,
}

fn settings() -> Outcome<Settings> {
    let mut s = Settings {
        seconds: None,
        threads: 2,
        seed: 1,
        python: None,
        out: std::env::temp_dir(),
        files: Vec::new(),
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or(format!("{arg} needs a value"));
        match arg.as_str() {
            "--seconds" => s.seconds = Some(value()?.parse()?),
            "--threads" => s.threads = value()?.parse()?,
            "--seed" => s.seed = value()?.parse()?,
            "--python" => s.python = Some(value()?.into()),
            "--out" => s.out = value()?.into(),
            // Cargo's own.
            "--bench" => {}
            _ => s.files.push(arg.into()),
        }
    }
    Ok(s)
}

fn main() -> Outcome<()> {
    let settings = settings()?;
    if settings.files.is_empty() {
        println!("nothing to do: name muster-v1 files, see crates/planner/benches/table.rs");
        return Ok(());
    }
    println!(
        "{:<18} {:<8} {:>7} {:>13} {:>7} {:>13} {:>7} {:>7}",
        "problem", "by", "s", "cost", "left", "bound", "gap %", "x ours"
    );
    for file in &settings.files {
        compare(&settings, file)?;
    }
    Ok(())
}

fn limit_for(problem: &Problem) -> f64 {
    match (problem.people(), problem.nights) {
        (..=500, ..=10) => 10.0,
        (20_001.., _) => 60.0,
        _ => 20.0,
    }
}

fn compare(settings: &Settings, file: &Path) -> Outcome<()> {
    let problem = Problem::from_json(&std::fs::read_to_string(file)?)?;
    let seconds = settings.seconds.unwrap_or_else(|| limit_for(&problem));
    let answer = ours(settings, &problem, seconds)?;
    let our_cost = tell(settings, &problem, "ours", &answer, None)?;
    let Some(python) = &settings.python else { return Ok(()) };
    let model = Model::new(&problem);
    let mps = settings.out.join(format!("{}.mps", problem.name));
    std::fs::write(&mps, model.to_mps())?;
    for solver in ["highs", "cp-sat"] {
        let answer = outside(settings, python, solver, &model, &mps, seconds)?;
        tell(settings, &problem, solver, &answer, our_cost)?;
    }
    std::fs::remove_file(&mps)?;
    Ok(())
}

fn ours(settings: &Settings, problem: &Problem, seconds: f64) -> Outcome<Answer> {
    let options = Options {
        time_limit: Duration::from_secs_f64(seconds),
        threads: settings.threads,
        seed: settings.seed,
        ..Options::default()
    };
    let start = Instant::now();
    let (solution, proof) = solve_and_prove(problem, &options, &mut |_| Flow::Continue)?;
    let bound = Some(proof.bound as f64);
    Ok(Answer { plan: Some(solution.plan), bound, seconds: start.elapsed().as_secs_f64() })
}

fn outside(
    settings: &Settings,
    python: &Path,
    solver: &str,
    model: &Model,
    mps: &Path,
    seconds: f64,
) -> Outcome<Answer> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/outside_solver.py");
    let answer = mps.with_extension("answer");
    let run = Command::new(python)
        .arg(script)
        .args([solver, &mps.to_string_lossy(), &seconds.to_string()])
        .args([&settings.threads.to_string(), answer.to_string_lossy().as_ref()])
        .stderr(Stdio::inherit())
        .output()?;
    if !run.status.success() {
        return Err(format!("{solver} failed on {}: {}", mps.display(), run.status).into());
    }
    let text = String::from_utf8(run.stdout)?;
    let said: serde_json::Value = serde_json::from_str(text.lines().last().unwrap_or("{}"))?;
    let plan = match said["objective"].is_null() {
        true => None,
        false => Some(model.decode(&model.read_answer(&std::fs::read_to_string(&answer)?)?)),
    };
    std::fs::remove_file(&answer)?;
    let seconds = said["seconds"].as_f64().unwrap_or(f64::NAN);
    Ok(Answer { plan, bound: said["bound"].as_f64(), seconds })
}

/// Prints a line; the cost, if there is a plan.
fn tell(
    settings: &Settings,
    problem: &Problem,
    by: &str,
    answer: &Answer,
    ours: Option<i64>,
) -> Outcome<Option<i64>> {
    let dash = || "-".to_owned();
    let (mut cost, mut left, mut total, mut remark) = (dash(), dash(), None, "");
    if let Some(plan) = &answer.plan {
        let report = check(problem, plan);
        if !report.is_clean() {
            remark = "  BREAKS RULES";
        }
        let units = report.cost.total();
        (cost, left, total) = (units.to_string(), report.left_behind.to_string(), Some(units));
        let file = settings.out.join(format!("{}.{by}.plan.json", problem.name));
        std::fs::write(file, plan.to_json(problem))?;
    }
    let bound = answer.bound.map_or_else(dash, |b| format!("{b:.0}"));
    let gap = total.zip(answer.bound).map_or_else(dash, |(cost, bound)| {
        format!("{:.2}", 100.0 * (cost as f64 - bound) / cost.max(1) as f64)
    });
    let times = total.zip(ours).map_or_else(String::new, |(cost, ours)| {
        format!("{:.2}", cost as f64 / ours.max(1) as f64)
    });
    println!(
        "{:<18} {by:<8} {:>7.1} {cost:>13} {left:>7} {bound:>13} {gap:>7} {times:>7}{remark}",
        problem.name, answer.seconds
    );
    Ok(total)
}
