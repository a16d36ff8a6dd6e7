//! Prints cost and time of the search for problem files, against the first greedy plan of the run.
//!
//!     cargo run --release -p amana-planner --example table -- [--seconds S] [--threads N] [--seed N] [--out DIR] FILE...

use std::time::Duration;

use amana_planner::bound;
use amana_planner::problem::Problem;
use amana_planner::solve::{Flow, Options, solve};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut options = Options::default();
    let mut out = None;
    let mut bound_seconds = 0.0;
    let mut files = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or(format!("{arg} needs a value"));
        match arg.as_str() {
            "--seconds" => options.time_limit = Duration::from_secs_f64(value()?.parse()?),
            "--threads" => options.threads = value()?.parse()?,
            "--seed" => options.seed = value()?.parse()?,
            "--iterations" => options.max_iterations = Some(value()?.parse()?),
            "--bound" => bound_seconds = value()?.parse()?,
            "--out" => out = Some(value()?),
            _ => files.push(arg),
        }
    }
    println!("problem  first (s, left)  cost  left  cost/first  iterations  seconds");
    for file in files {
        let problem = Problem::from_json(&std::fs::read_to_string(&file)?)?;
        let s = solve(&problem, &options, &mut |_| Flow::Continue)?;
        let total = s.cost.total();
        println!(
            "{}  {} ({:.3}, {})  {}  {}  {:.3}  {}  {:.1}",
            problem.name,
            s.first.cost,
            s.first.seconds,
            s.first.left_behind,
            total,
            s.left_behind,
            total as f64 / s.first.cost.max(1) as f64,
            s.iterations,
            s.seconds
        );
        if bound_seconds > 0.0 {
            let clock = std::time::Instant::now();
            let proof = bound::prove(&problem, Duration::from_secs_f64(bound_seconds));
            println!(
                "    bound {} gap {:.2} % in {:.1} s, finished {}, verified {}",
                proof.bound,
                100.0 * (total - proof.bound) as f64 / total.max(1) as f64,
                clock.elapsed().as_secs_f64(),
                proof.certificate.finished,
                bound::verify(&problem, &proof.certificate)? == proof.bound
            );
        }
        if let Some(dir) = &out {
            std::fs::write(format!("{dir}/{}.plan.json", problem.name), s.plan.to_json(&problem))?;
        }
    }
    Ok(())
}
