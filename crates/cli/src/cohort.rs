use anyhow::Context;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::process::ExitCode;

/// Invent people
#[derive(clap::Subcommand)]
pub enum Cohort {
    Generate(Generate),
}

/// Invent the cohort of a scenario and write it as CSV
///
/// The same seed gives the same file. Nobody in it is real.
#[derive(clap::Args)]
pub struct Generate {
    /// Folder of the scenario
    dir: PathBuf,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// CSV file to write
    #[arg(long)]
    out: PathBuf,
}

pub fn cohort(Cohort::Generate(args): &Cohort) -> anyhow::Result<ExitCode> {
    let scenario = scenario::Scenario::read(&args.dir)?;
    let cohort = scenario::cohort::generate(&scenario, args.seed);
    let file =
        File::create(&args.out).with_context(|| format!("cannot write {}", args.out.display()))?;
    scenario::cohort::write_csv(&cohort, BufWriter::new(file))?;
    eprintln!("{}: {} invented people", args.out.display(), cohort.people.len());
    Ok(ExitCode::SUCCESS)
}
