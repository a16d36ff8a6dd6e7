use crate::planning::{Effort, ScenarioPlanner};
use anyhow::{Context, bail};
use planner::problem::Problem;
use planner::robust::{Odds, Outcome, Spread, campaigns, iterations};
use planner::solve::{Flow, solve};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

/// Play a plan against chance, many times
///
/// Plans once, by class, then carries the plan out under drawn weather, breakdowns, lowered promises
/// and late gates, re-planning each evening. The same seed gives the same futures and the same answer
/// on any number of threads.
#[derive(clap::Args)]
pub struct Simulate {
    /// Folder of a scenario, or a `muster-v1` file
    dir: PathBuf,
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    runs: u64,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long)]
    json: bool,
    /// Iterations of the search for the plan
    #[arg(long, default_value_t = 3000)]
    plan_iterations: u64,
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Chance that a night is lost
    #[arg(long, default_value_t = 0.1, value_parser = chance)]
    lose_probability: f64,
    /// Chance that a night is lost when the one before was
    #[arg(long, default_value_t = 0.4, value_parser = chance)]
    lose_again: f64,
    /// Chance of a shortened window of air cover
    #[arg(long, default_value_t = 0.15, value_parser = chance)]
    shorten: f64,
    /// Chance that receivers take less than promised
    #[arg(long, default_value_t = 0.1, value_parser = chance)]
    lower: f64,
    /// Chance that vehicles break down
    #[arg(long, default_value_t = 0.2, value_parser = chance)]
    break_down: f64,
    /// Chance that gates are late
    #[arg(long, default_value_t = 0.2, value_parser = chance)]
    late_gates: f64,
}

/// A probability.
pub fn chance(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(p) if (0.0..=1.0).contains(&p) => Ok(p),
        _ => Err(format!("'{text}' is not a number from 0 to 1")),
    }
}

pub fn simulate(args: &Simulate) -> anyhow::Result<ExitCode> {
    if !(1..=64).contains(&args.threads) {
        bail!("--threads {} is not from 1 to 64", args.threads);
    }
    let problem = problem(args)?;
    let plan =
        solve(&problem, &iterations(args.plan_iterations, args.seed), &mut |_| Flow::Continue)?;
    let odds = Odds {
        lose: args.lose_probability,
        lose_again: args.lose_again,
        shorten: args.shorten,
        lower: args.lower,
        break_down: args.break_down,
        late_gates: args.late_gates,
    };
    let started = Instant::now();
    let outcomes = campaigns(&problem, &plan.plan, &odds, args.seed, 0, args.runs, args.threads)?;
    let seconds = started.elapsed().as_secs_f64();
    let spread = |of: fn(&Outcome) -> i64| Spread::of(outcomes.iter().map(of).collect());
    let told = [
        ("admitted", spread(|o| o.moved)),
        ("left_behind", spread(|o| o.left_behind)),
        ("last_night", spread(|o| o.last_night.map_or(-1, |t| t as i64))),
        ("exposure_person_hours", spread(|o| o.exposure_min / 60)),
        ("waiting_person_nights", spread(|o| o.waited)),
        ("cost", spread(|o| o.cost)),
    ];
    if args.json {
        let mut all = serde_json::json!({
            "runs": args.runs, "seed": args.seed, "people": problem.people(),
            "nights": problem.nights,
            "planned": {"left_behind": plan.left_behind, "cost": plan.cost.total()},
        });
        for (name, s) in &told {
            let quantiles: serde_json::Map<_, _> = (Spread::PERCENT.iter().zip(s.quantiles))
                .map(|(percent, n)| (format!("p{percent}"), n.into()))
                .collect();
            all[*name] =
                serde_json::json!({"mean": s.mean, "error": s.error, "quantiles": quantiles});
        }
        println!("{all}");
    } else {
        println!("{:<22} {:>12} {:>8}   5, 25, 50, 75, 95 percent", "", "mean", "error");
        for (name, s) in &told {
            println!("{name:<22} {:>12.1} {:>8.1}   {:?}", s.mean, s.error, s.quantiles);
        }
    }
    eprintln!("{} campaigns in {seconds:.1} s", args.runs);
    Ok(ExitCode::SUCCESS)
}

fn problem(args: &Simulate) -> anyhow::Result<Problem> {
    let path = &args.dir;
    if path.is_dir() {
        let scenario = Arc::new(scenario::Scenario::read(path)?);
        let cohort = Arc::new(scenario::cohort::generate(&scenario, args.seed));
        let effort = Effort { plan_seconds: 1.0, plan_iterations: Some(args.plan_iterations) };
        let planner = ScenarioPlanner::new(scenario, cohort, effort);
        return Ok(planner.problem(&planner.first_request())?.0);
    }
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Problem::from_json(&text).with_context(|| path.display().to_string())
}
