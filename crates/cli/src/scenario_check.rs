use std::path::PathBuf;
use std::process::ExitCode;

/// Look at a scenario
#[derive(clap::Subcommand)]
pub enum Scenario {
    Check(Check),
}

/// List everything that is wrong with a scenario: file, line, what to do
///
/// Exits 0 when clean, 1 with findings, 2 when it cannot be read.
#[derive(clap::Args)]
pub struct Check {
    /// Folder of the scenario
    dir: PathBuf,
    /// The findings as JSON
    #[arg(long)]
    json: bool,
}

pub fn scenario(Scenario::Check(args): &Scenario) -> anyhow::Result<ExitCode> {
    let report = scenario::check(&args.dir);
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else if report.is_clean() {
        println!("{}: nothing wrong", args.dir.display());
    } else {
        print!("{report}");
    }
    Ok(ExitCode::from(match (report.unreadable, report.is_clean()) {
        (true, _) => 2,
        (false, false) => 1,
        (false, true) => 0,
    }))
}
