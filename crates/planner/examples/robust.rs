//! Measures robust plans: people left behind at the deadline over futures that the plan was not
//! chosen on, with and without hedge, by two policies: a search of the rest after every lost night,
//! by which the choice is made, and the roll-out that `amana simulate` plays.
//!
//!     cargo run --release -p amana-planner --example robust -- [--lose P] [--seconds S] [--samples N]
//!         [--seed N] FILE...

use std::time::{Duration, Instant};

use amana_planner::plan::ClassPlan;
use amana_planner::problem::Problem;
use amana_planner::robust::{Paired, Weather, campaigns};
use amana_planner::solve::{Flow, Options, SolveError};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut lose, mut seconds, mut samples, mut seed) = (0.2, 20.0, 100, 1);
    let mut files = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or(format!("{arg} needs a value"));
        match arg.as_str() {
            "--lose" => lose = value()?.parse()?,
            "--seconds" => seconds = value()?.parse()?,
            "--samples" => samples = value()?.parse()?,
            "--seed" => seed = value()?.parse()?,
            _ => files.push(arg),
        }
    }
    let weather = Weather::losing(lose, samples);
    println!("left behind, mean ± standard error; a night is lost with probability {lose}");
    for file in files {
        let problem = Problem::from_json(&std::fs::read_to_string(&file)?)?;
        let options = Options {
            time_limit: Duration::from_secs_f64(seconds),
            seed,
            threads: 2,
            ..Options::default()
        };
        let started = Instant::now();
        let found = weather.search(&problem, &options, &mut |_| Flow::Continue)?;
        println!(
            "{}: {} people; hedge: {} nights in reserve, waiting {} % dearer; calm cost {} instead of {}; {:.0} s",
            problem.name,
            problem.people(),
            found.hedge.reserve,
            found.hedge.urgency,
            found.solution.cost.total(),
            found.plain.cost.total(),
            started.elapsed().as_secs_f64(),
        );
        tell("searched", &found.held_out);
        let from = samples * 10;
        let left = |plan: &ClassPlan| -> Result<Vec<i64>, SolveError> {
            let (seed, runs) = (options.seed, samples * 10);
            let ends = campaigns(&problem, plan, &weather.odds, seed, from, runs, 2)?;
            Ok(ends.iter().map(|e| e.left_behind).collect())
        };
        tell("roll-out", &Paired::of(&left(&found.plain.plan)?, &left(&found.solution.plan)?));
    }
    Ok(())
}

fn tell(policy: &str, found: &Paired) {
    println!(
        "  {policy:<10} {:>5} futures: plain {:>8.2} ± {:.2}   robust {:>8.2} ± {:.2}   difference {:>+8.2} ± {:.2}",
        found.futures,
        found.plain.mean,
        found.plain.error,
        found.robust.mean,
        found.robust.error,
        found.difference.mean,
        found.difference.error,
    );
}
