//! `amana plan get`.

use super::input::write;
use crate::opened;
use anyhow::Context;
use domain::{Event, PlanHash, kind};
use std::path::PathBuf;
use std::process::ExitCode;

/// Take an adopted plan out of a record
///
/// The plan document as it was signed for, to check, explain or compare: a revision is judged beside
/// the plan it replaced (`amana plan check --parent`).
#[derive(clap::Args)]
pub struct Get {
    /// sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: String,
    /// The plan in force, if this is left out
    #[arg(long)]
    revision: Option<u32>,
    #[arg(long)]
    out: PathBuf,
}

pub fn get(args: &Get) -> anyhow::Result<ExitCode> {
    let node = opened::open(&args.store)?.node;
    let adopted: Vec<(u32, PlanHash)> = node.read(|state| {
        let plan = |event: &Event| match event {
            Event::PlanAdopted { plan, revision, .. } => Some((*revision, *plan)),
            _ => None,
        };
        let mut facts: Vec<_> = state.record.counted(kind::PLAN_ADOPTED).collect();
        facts.sort_unstable_by_key(|fact| fact.hash);
        facts.into_iter().filter_map(|fact| plan(&fact.event)).collect()
    });
    let last = adopted.iter().map(|(revision, _)| *revision).max().context("no plan is adopted")?;
    let wanted = args.revision.unwrap_or(last);
    let found = adopted.iter().find(|(revision, _)| *revision == wanted);
    let (_, hash) = found.with_context(|| format!("no revision {wanted}; the last is {last}"))?;
    let document = server::play::kept_plan(&node, hash)?;
    let document = document.with_context(|| {
        format!("revision {wanted}, plan {hash}: its document is not kept here")
    })?;
    write(&args.out, &document.bytes)?;
    println!("revision {wanted}, plan {hash}");
    Ok(ExitCode::SUCCESS)
}
