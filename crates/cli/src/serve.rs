use crate::exercise;
use crate::planning::{Effort, ScenarioPlanner};
use anyhow::Context;
use server::play::{Pace, PlayHandle};
use server::publisher::Publisher;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Serve the room and the API
#[derive(clap::Args)]
pub struct Serve {
    /// sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: String,
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Folder of the built web client
    #[arg(long, default_value = "web/dist")]
    web: PathBuf,
    /// Play the exercise while serving, at this many operation seconds per second
    #[arg(long)]
    play: Option<f64>,
    /// With --play: begin with the clock stopped
    #[arg(long, requires = "play")]
    paused: bool,
    /// Policy file (c2sp.org/tlog-policy): witnesses to ask for cosignatures, and how many are enough
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// With --policy: seconds between heads
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    beat: u64,
    #[command(flatten)]
    effort: Effort,
}

pub fn serve(args: &Serve) -> anyhow::Result<ExitCode> {
    let exercise = exercise::open(&args.store)?;
    let operation = &exercise.scenario.operation;
    let play = match args.play {
        None => None,
        Some(speed) => {
            let first = operation.first_night.at(12, 0, 0, 0);
            let from = operation.utc_offset.to_timestamp(first)?;
            let pace = Pace {
                speed: Some(speed),
                from,
                until: None,
                paused: args.paused,
                offset: operation.utc_offset,
            };
            let planner = ScenarioPlanner::new(
                exercise.scenario.clone(),
                exercise.cohort.clone(),
                args.effort,
            );
            let play = exercise.play()?;
            Some(PlayHandle::start(exercise.node.clone(), play, Box::new(planner), pace))
        }
    };
    let web = args.web.is_dir().then(|| args.web.clone());
    if web.is_none() {
        eprintln!(
            "no web client in {}: serving the API only (bin/demo builds it)",
            args.web.display()
        );
    }
    let publisher = match &args.policy {
        None => None,
        Some(path) => {
            let policy = crate::trust::read_policy(path)?;
            let beat = Duration::from_secs(args.beat.max(1));
            Some(Publisher::start(exercise.node.clone(), policy, beat)?)
        }
    };
    let mut app = server::App::new(exercise.node.clone(), exercise.scenario.clone(), play.clone());
    if let Some(publisher) = &publisher {
        app = app.publishing(publisher.publishing.clone());
    }
    let runtime = tokio::runtime::Runtime::new().context("cannot start the server's threads")?;
    runtime.block_on(server::serve(app, args.listen, web))?;
    drop(publisher);
    if let Some(play) = play {
        play.stop();
    }
    Ok(ExitCode::SUCCESS)
}
