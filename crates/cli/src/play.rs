use crate::opened;
use crate::planning::{Effort, ScenarioPlanner};
use domain::Night;
use server::play::{Pace, PlayHandle};
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

/// Play the exercise into its record, as the parties would
///
/// Each party signs with its own device; the published troubles are in it. Goes on where an
/// earlier play stopped.
#[derive(clap::Args)]
pub struct Play {
    /// sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: String,
    /// Stop at noon after this many nights
    #[arg(long)]
    nights: Option<u32>,
    /// Operation seconds per second, or `max`
    #[arg(long, default_value = "max", value_parser = speed)]
    speed: Speed,
    #[command(flatten)]
    effort: Effort,
}

#[derive(Debug, Clone, Copy)]
struct Speed(Option<f64>);

fn speed(text: &str) -> Result<Speed, String> {
    if text == "max" {
        return Ok(Speed(None));
    }
    match text.parse::<f64>() {
        Ok(speed) if (1.0..=1_000_000.0).contains(&speed) => Ok(Speed(Some(speed))),
        _ => Err(format!("'{text}' is neither `max` nor a number from 1 to 1,000,000")),
    }
}

pub fn play(args: &Play) -> anyhow::Result<ExitCode> {
    let opened = opened::open(&args.store)?;
    let exercise = opened.exercise()?;
    let operation = &opened.scenario.operation;
    let noon = |night: Night| operation.utc_offset.to_timestamp(night.at(12, 0, 0, 0));
    let until = match args.nights {
        Some(nights) => Some(noon(
            operation.first_night.checked_add(jiff::Span::new().days(i64::from(nights)))?,
        )?),
        None => None,
    };
    let pace = Pace {
        speed: args.speed.0,
        from: noon(operation.first_night)?,
        until,
        paused: false,
        offset: operation.utc_offset,
    };
    let planner =
        ScenarioPlanner::new(opened.scenario.clone(), exercise.cohort.clone(), args.effort);
    let handle =
        PlayHandle::start(opened.node.clone(), exercise.play(&opened)?, Box::new(planner), pace);
    let live = std::io::stderr().is_terminal();
    let offset = operation.utc_offset;
    handle
        .wait(|at, signed| {
            if live {
                let local = offset.to_datetime(at).strftime("%Y-%m-%d %H:%M");
                eprint!("\r{local} local, {signed} facts\x1b[K");
                let _ = std::io::stderr().flush();
            }
        })
        .map_err(anyhow::Error::msg)?;
    if live {
        eprintln!();
    }
    println!("{}: {} facts", store::without_password(&args.store), opened.node.position());
    Ok(ExitCode::SUCCESS)
}
