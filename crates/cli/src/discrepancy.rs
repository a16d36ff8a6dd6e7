//! `amana discrepancy`: what does not fit, and its resolution by an authority's own signature.

use crate::office::Office;
use crate::opened::{self, Opened};
use anyhow::{Context, bail};
use clap::Subcommand;
use domain::{Discrepancy, DiscrepancyCode, Event, FactHash, ResolutionReason, discrepancies};
use std::path::PathBuf;
use std::process::ExitCode;

/// What does not fit: listed, and resolved with a reason
#[derive(Subcommand)]
pub enum DiscrepancyCommand {
    List(List),
    Resolve(Resolve),
}

/// List what does not fit, open ones first
///
/// Exits 1 when something is open.
#[derive(clap::Args)]
pub struct List {
    /// sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: String,
    /// Only open ones
    #[arg(long)]
    open: bool,
    #[arg(long)]
    json: bool,
}

/// Resolve a discrepancy: sign and send the fact that explains it
///
/// Contested custody needs two: an authority that resolves, and a second one, entitled too or one
/// whose custody it is about. Each signs on its own; the second settles it.
#[derive(clap::Args)]
pub struct Resolve {
    /// sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: String,
    /// As listed: CODE:HASH, or the beginning of it
    #[arg(long)]
    id: String,
    /// Why, as found-on-recount
    #[arg(long)]
    why: String,
    /// Who says so
    #[arg(long)]
    authority: String,
    /// For contested custody: the fact that stands
    #[arg(long)]
    stands: Option<String>,
    /// The device's secret key; without it, the exercise's own
    #[arg(long)]
    key: Option<PathBuf>,
}

pub fn discrepancy(args: &DiscrepancyCommand) -> anyhow::Result<ExitCode> {
    match args {
        DiscrepancyCommand::List(args) => list(args),
        DiscrepancyCommand::Resolve(args) => resolve(args),
    }
}

fn id(d: &Discrepancy) -> String {
    format!("{}:{}", d.code, d.fact)
}

fn list(args: &List) -> anyhow::Result<ExitCode> {
    let opened = opened::open(&args.store)?;
    let mut found = opened.node.read(|state| discrepancies(&state.record));
    found.retain(|d| d.is_open() || !args.open);
    found.sort_by_key(|d| !d.is_open());
    let open = found.iter().any(Discrepancy::is_open);
    if args.json {
        let lines: Vec<_> = found
            .iter()
            .map(|d| {
                serde_json::json!({
                    "id": id(d),
                    "code": d.code.code(),
                    "open": d.is_open(),
                    "people": d.people.iter().map(ToString::to_string).collect::<Vec<_>>(),
                    "expected": d.counts.map(|(expected, _)| expected),
                    "found": d.counts.map(|(_, found)| found),
                    "why": d.resolution.map(|r| r.why.code()),
                })
            })
            .collect();
        println!("{}", serde_json::Value::from(lines));
    } else {
        for d in &found {
            let counts =
                d.counts.map_or(String::new(), |(e, f)| format!(", expected {e} found {f}"));
            let state = d.resolution.map_or("open".to_owned(), |r| format!("resolved: {}", r.why));
            println!("{} {} people{counts}, {state}", id(d), d.people.len());
            for hash in branches(&opened, d) {
                println!("    branch {hash}");
            }
        }
        println!("{} discrepancies", found.len());
    }
    Ok(ExitCode::from(u8::from(open)))
}

/// The facts among which a ruling on contested custody chooses.
fn branches(opened: &Opened, d: &Discrepancy) -> Vec<FactHash> {
    let Some(person) = d.people.first().filter(|_| d.code == DiscrepancyCode::Contested) else {
        return Vec::new();
    };
    opened.node.read(|state| {
        let contest = state.record.standing(*person).and_then(|s| s.contest.clone());
        contest.map_or_else(Vec::new, |c| c.branches.into_iter().collect())
    })
}

fn resolve(args: &Resolve) -> anyhow::Result<ExitCode> {
    let why = ResolutionReason::from_code(&args.why).with_context(|| {
        format!("no reason '{}'; use one of: {}", args.why, ResolutionReason::codes())
    })?;
    let opened = opened::open(&args.store)?;
    let found = opened.node.read(|state| discrepancies(&state.record));
    let mut found = found.into_iter().filter(|d| id(d).starts_with(&args.id));
    let d = found
        .next()
        .with_context(|| format!("no discrepancy '{}': see amana discrepancy list", args.id))?;
    if found.next().is_some() {
        bail!("more than one discrepancy begins with '{}': write more of it", args.id);
    }
    if !d.is_open() {
        bail!("{} is resolved already", id(&d));
    }
    let mut office = Office::open(&opened, &args.authority, args.key.as_deref())?;
    office.may(&opened, access::Act::ResolveDiscrepancy)?;
    let events = match d.code {
        DiscrepancyCode::Contested => rulings(&opened, &d, args, why)?,
        code => vec![Event::DiscrepancyResolved { code, fact: d.fact, why }],
    };
    for event in events {
        office.say(&opened, event)?;
    }
    let after = opened.node.read(|state| discrepancies(&state.record));
    let still_open = after.iter().any(|a| a.code == d.code && a.fact == d.fact && a.is_open());
    match still_open {
        false => println!("{} is resolved: {why}", id(&d)),
        true => println!(
            "{} is signed by {} and stays open: a second authority has to sign the same",
            id(&d),
            args.authority
        ),
    }
    Ok(ExitCode::SUCCESS)
}

/// One ruling for each person in the contest.
fn rulings(
    opened: &Opened,
    d: &Discrepancy,
    args: &Resolve,
    why: ResolutionReason,
) -> anyhow::Result<Vec<Event>> {
    let branches = branches(opened, d);
    let told = || branches.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  ");
    let Some(stands) = &args.stands else {
        bail!("say with --stands which fact stands, one of:\n  {}", told());
    };
    let stands = branches.iter().find(|hash| hash.to_string().starts_with(stands));
    let stands = *stands.with_context(|| format!("--stands is none of:\n  {}", told()))?;
    opened.node.read(|state| {
        let ruling = |person: &domain::PersonId| {
            let contest = state.record.standing(*person)?.contest.as_ref()?;
            let at = contest.at;
            Some(Event::ForkResolved { person: *person, at, stands, why })
        };
        Ok(d.people.iter().filter_map(ruling).collect())
    })
}
