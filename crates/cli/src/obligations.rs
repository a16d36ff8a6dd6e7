use crate::opened;
use domain::obligation::ClockState;
use server::{Wanted, clocks_of, obligations_view};
use std::process::ExitCode;

/// Duties with a deadline: what runs, what is overdue, who answers
///
/// Deadlines are held against the last fact recorded, or `--at`. Exits 0; 1 with `--overdue` when
/// something is.
#[derive(clap::Args)]
pub struct Obligations {
    /// sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: String,
    /// Only duties that this authority answers for
    #[arg(long)]
    authority: Option<String>,
    /// Only what is past its deadline
    #[arg(long)]
    overdue: bool,
    /// The instant to judge by, as 2026-02-14T09:00:00Z
    #[arg(long)]
    at: Option<jiff::Timestamp>,
    #[arg(long)]
    json: bool,
}

pub fn obligations(args: &Obligations) -> anyhow::Result<ExitCode> {
    let opened = opened::open(&args.store)?;
    args.authority.as_deref().map(|id| opened.authority(id)).transpose()?;
    let wanted = Wanted {
        authority: args.authority.clone(),
        states: args.overdue.then(|| vec![ClockState::Overdue]),
        ..Wanted::default()
    };
    let told = opened.node.read(|state| {
        let clocks = clocks_of(state, &opened.scenario);
        let now = args.at.unwrap_or(state.recorded_until());
        obligations_view(state, &opened.scenario, &clocks, &wanted, now)
    });
    if args.json {
        println!("{}", serde_json::to_string(&told)?);
    } else {
        print(&told);
    }
    let overdue = told.lines.iter().any(|line| line.state == ClockState::Overdue.code());
    Ok(ExitCode::from(u8::from(args.overdue && overdue)))
}

fn print(told: &server::api::Obligations) {
    println!("at {}, position {}\n", told.at, told.position);
    println!(
        "{:<20}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}",
        "authority", "overdue", "running", "late", "met", "waived", "lapsed"
    );
    for a in &told.authorities {
        println!(
            "{:<20}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}",
            a.authority, a.overdue, a.running, a.late, a.met, a.waived, a.lapsed
        );
    }
    println!();
    for line in &told.lines {
        println!(
            "{:<9} due {:<21} {:<20} {:<18} {:>4} people, since {} {}",
            line.state,
            line.due,
            line.rule,
            line.authority,
            line.people.len(),
            line.fact.kind,
            line.fact.hash.get(..12).unwrap_or(&line.fact.hash),
        );
    }
    if told.left_off > 0 {
        println!("and {} more lines: narrow with --authority or --overdue", told.left_off);
    }
}
