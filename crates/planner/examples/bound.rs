//! Prints the bound alone.
//!
//!     cargo run --release -p amana-planner --example bound -- SECONDS FILE...

use amana_planner::bound;
use amana_planner::problem::Problem;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let seconds: f64 = args.next().ok_or("seconds, then files")?.parse()?;
    for file in args {
        let problem = Problem::from_json(&std::fs::read_to_string(&file)?)?;
        let limit = std::time::Duration::from_secs_f64(seconds);
        let clock = std::time::Instant::now();
        let proof = bound::prove_watched(&problem, limit, &bound::Watch::default());
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
