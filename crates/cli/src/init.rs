use crate::exercise;
use std::path::PathBuf;
use std::process::ExitCode;

/// Make an exercise of a scenario: a record for invented people; refuses to overwrite one
///
/// The cohort is invented from the seed and its particulars go into the register; the scenario is
/// kept with the record. Nothing is played yet: see `amana play` and `amana serve`. An operation with real
/// people is opened with `amana open`.
#[derive(clap::Args)]
pub struct Init {
    /// sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: String,
    /// Folder of the scenario
    #[arg(long)]
    scenario: PathBuf,
    /// Seed of the exercise: cohort, keys and ids are made from it
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub fn init(args: &Init) -> anyhow::Result<ExitCode> {
    let made = exercise::create(&args.store, &args.scenario, args.seed)?;
    println!(
        "{}: operation {} opened for {} invented people",
        store::without_password(&args.store),
        made.scenario.operation.id,
        made.exercise()?.cohort.people.len()
    );
    Ok(ExitCode::SUCCESS)
}
