use crate::exercise;
use domain::{Night, Record};
use std::process::ExitCode;

/// The books: who is accounted for, and what is open
///
/// Exits 0 when the books balance, 1 when they do not.
#[derive(clap::Args)]
pub struct Balance {
    /// sqlite:PATH
    #[arg(long)]
    store: String,
    /// At the end of this night (06:00 local on the next morning): facts recorded by then
    #[arg(long)]
    night: Option<Night>,
    #[arg(long)]
    json: bool,
}

pub fn balance(args: &Balance) -> anyhow::Result<ExitCode> {
    let exercise = exercise::open(&args.store)?;
    let sites = server::ledger_sites(&exercise.scenario);
    let told = match args.night {
        None => exercise.node.read(|state| store::balance(state, &sites)),
        Some(night) => {
            let operation = &exercise.scenario.operation;
            let end = operation
                .utc_offset
                .to_timestamp(night.tomorrow()?.to_datetime(operation.night_to))?;
            let mut record = Record::new();
            let mut books = ledger::Books::default();
            for entry in exercise.node.facts(0..exercise.node.position()) {
                if entry.recorded_at > end {
                    break;
                }
                for change in record.insert((*entry.fact).clone()) {
                    if let Some(posting) = ledger::Posting::of(entry.position, &change) {
                        books.apply(&posting)?;
                    }
                }
            }
            ledger::balance(&record, &books, &sites)
        }
    };
    if args.json {
        let shown = serde_json::json!({
            "balanced": told.balanced,
            "registered": told.registered,
            "departed": told.departed,
            "admitted": told.admitted,
            "in_transit": told.in_transit,
            "exits": told.exits,
            "answered_for": told.answered_for,
            "recovered": told.recovered,
            "contested": told.contested,
            "open_discrepancies": told.open_discrepancies,
        });
        println!("{shown}");
    } else {
        println!("registered          {:>6}", told.registered);
        println!("departed            {:>6}", told.departed);
        println!("in transit          {:>6}", told.in_transit);
        println!("admitted            {:>6}", told.admitted);
        println!("ended               {:>6}", told.exits);
        println!("held again          {:>6}", told.recovered);
        println!("contested           {:>6}", told.contested);
        println!("open discrepancies  {:>6}", told.open_discrepancies);
        println!(
            "{}",
            if told.balanced { "the books balance" } else { "THE BOOKS DO NOT BALANCE" }
        );
    }
    Ok(ExitCode::from(u8::from(!told.balanced)))
}
