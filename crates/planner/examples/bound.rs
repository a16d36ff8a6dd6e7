//! Prints the bound alone; with `=COST` beside a plan of that cost.
//!
//!     cargo run --release -p amana-planner --example bound -- SECONDS FILE[=COST]...

use amana_planner::bound;
use amana_planner::problem::Problem;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let seconds: f64 = args.next().ok_or("seconds, then files")?.parse()?;
    for arg in args {
        let (file, cost) = arg.split_once('=').map_or((&arg[..], None), |(f, c)| (f, Some(c)));
        let watch = bound::Watch::default();
        if let Some(cost) = cost {
            watch.found(cost.parse()?);
        }
        let problem = Problem::from_json(&std::fs::read_to_string(file)?)?;
        let limit = std::time::Duration::from_secs_f64(seconds);
        let clock = std::time::Instant::now();
        let proof = bound::prove_watched(&problem, limit, &watch);
        let elapsed = clock.elapsed().as_secs_f64();
        let verified = bound::verify(&problem, &proof.certificate)? == proof.bound;
        let cuts = proof.certificate.cuts.len();
        println!(
            "{} {} in {elapsed:.1} s, {cuts} cuts, verified {verified}",
            problem.name, proof.bound
        );
    }
    Ok(())
}
