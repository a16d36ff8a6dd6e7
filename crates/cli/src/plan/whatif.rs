//! `amana plan whatif`.

use super::input::{Input, read_either};
use anyhow::{Context, bail};
use planner::change::{Asked, Change};
use planner::plan::ClassPlan;
use planner::solve::{Flow, Options, solve};
use planner::whatif::{Comparison, Effort, Side, compare};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Put a changed problem's plan beside the plan as it is; changes nothing
///
/// Both sides are searched from the same plan for the same time. A change is THING@PLACE:NIGHTS=N:
/// bus@DEPOT, team@DEPOT, guard@DEPOT, bed@WING, people@CLASS, orbit, half-hour, flight,
/// crossing@CROSSING, bay@ORIGIN, out@ORIGIN, intake@FACILITY. NIGHTS is 7, 3..9 or all, dates in a
/// scenario. A wrong name is answered with those there are.
#[derive(clap::Args)]
pub struct WhatIf {
    /// Folder of a scenario, a store (sqlite:PATH or postgres://...), or a `muster-v1` file
    input: PathBuf,
    /// Plan to start from; without it, one is searched first
    plan: Option<PathBuf>,
    /// More of a thing: bus@hasakah=1
    #[arg(long, value_name = "THING@PLACE=N")]
    add: Vec<String>,
    /// Less of a thing, or none: bus@hasakah=1, night=7, crossing@CROSSING:3..5
    #[arg(long, value_name = "THING")]
    lose: Vec<String>,
    /// Set a promise of intake: SITE@7=200
    #[arg(long, value_name = "SITE@NIGHTS=N")]
    intake: Vec<String>,
    /// Nights of the plan that are carried out and stay; at least those a revision says are
    #[arg(long, default_value_t = 0)]
    done: usize,
    /// Seconds of search for each side; both run at once
    #[arg(long, default_value_t = 10.0)]
    time_limit: f64,
    /// Iterations instead of seconds: the same answer on any machine
    #[arg(long)]
    iterations: Option<u64>,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long)]
    json: bool,
}

pub fn whatif(args: &WhatIf) -> anyhow::Result<ExitCode> {
    let given = args.plan.as_deref().map(read_either).transpose()?;
    let input = match (&args.plan, &given) {
        (Some(path), Some((_, Some(document)))) => {
            Input::of_plan(&args.input, args.seed, path, document)?
        }
        _ => Input::read(&args.input, args.seed)?,
    };
    let gone_by = match &given {
        Some((_, Some(document))) => document.since.as_ref().map_or(0, |since| since.night),
        _ => 0,
    };
    let done = args.done.max(gone_by);
    let asked: Vec<(Asked, &String)> = (args.add.iter().map(|text| (Asked::Add, text)))
        .chain(args.lose.iter().map(|text| (Asked::Lose, text)))
        .chain(args.intake.iter().map(|text| (Asked::Intake, text)))
        .collect();
    if asked.is_empty() {
        bail!("nothing to change: give --add, --lose or --intake");
    }
    let changes = input.changes(&asked)?;
    let changed = Change::applied(&changes, &input.problem);
    let limit = Duration::try_from_secs_f64(args.time_limit).context("--time-limit")?;
    let start = match given {
        Some((plan, _)) => plan,
        None => searched(args, &input, limit)?,
    };
    let effort = Effort {
        time_limit: if args.iterations.is_some() { Duration::MAX } else { limit },
        bound_limit: limit * 2,
        max_iterations: args.iterations,
        seed: args.seed,
    };
    let found = compare(&input.problem, &changed, &start, done, &effort, &|| Flow::Continue)?;
    let words: Vec<String> = changes.iter().map(|c| c.words(&input.problem)).collect();
    if args.json {
        let told = serde_json::json!({
            "changes": words, "base": found.base, "changed": found.changed, "moves": found.moves,
        });
        println!("{told}");
    } else {
        tell(&input, &words, &found);
    }
    Ok(ExitCode::SUCCESS)
}

/// A plan to start from, searched for as long as a side.
fn searched(args: &WhatIf, input: &Input, limit: Duration) -> anyhow::Result<ClassPlan> {
    let options = Options {
        time_limit: if args.iterations.is_some() { Duration::MAX } else { limit },
        seed: args.seed,
        max_iterations: args.iterations,
        ..Options::default()
    };
    Ok(solve(&input.problem, &options, &mut |_| Flow::Continue)?.plan)
}

fn tell(input: &Input, changes: &[String], found: &Comparison) {
    println!("what if: {}\n", changes.join(", "));
    println!("{:<24}{:>14}{:>14}{:>14}", "", "as it is", "changed", "difference");
    let line = |what: &str, of: &dyn Fn(&Side) -> i64| {
        let (a, b) = (of(&found.base), of(&found.changed));
        println!("{what:<24}{a:>14}{b:>14}{:>+14}", b - a);
    };
    line("cost, units", &|s| s.cost);
    line("bound, units", &|s| s.bound);
    println!(
        "{:<24}{:>12.1} %{:>12.1} %",
        "gap",
        found.base.gap * 100.0,
        found.changed.gap * 100.0
    );
    line("left behind", &|s| s.left_behind);
    line("person-nights waiting", &|s| s.waiting_person_nights);
    let last = |s: &Side| s.last_night.map_or_else(|| "none".to_owned(), |night| night.to_string());
    println!("{:<24}{:>14}{:>14}", "last night", last(&found.base), last(&found.changed));
    line("convoys", &|s| s.convoys as i64);
    line("flights", &|s| s.flights as i64);
    let m = found.moves;
    println!(
        "\npeople: {} earlier, {} later, {} moved who were left, {} left who were moved, {} as before",
        m.earlier, m.later, m.newly_moved, m.newly_left, m.unchanged
    );
    if found.changed.bound > found.base.cost {
        println!(
            "worse for certain: no plan with the change costs less than {}",
            found.changed.bound
        );
    } else if found.changed.cost < found.base.bound {
        println!(
            "better for certain: no plan without the change costs less than {}",
            found.base.bound
        );
    } else {
        println!(
            "both searches end within their gaps: the difference is what the search found, not proven"
        );
    }
    if let Some(last) = found.changed.last_night.filter(|_| !input.dates.is_empty()) {
        println!("with the change the last movement is on {}", input.night(last));
    }
}
