use crate::opened;
use crate::opened::Opened;
use anyhow::Context;
use domain::{Night, Place, Record};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The books: who is accounted for, and what is open
///
/// Exits 0 when the books balance, 1 when they do not.
#[derive(clap::Args)]
pub struct Balance {
    /// sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: String,
    /// At the end of this night (06:00 local on the next morning): facts recorded by then
    #[arg(long)]
    night: Option<Night>,
    /// Write the night's balance sheet, signed by the log: a page to print when the name ends in
    /// .html, otherwise JSON
    #[arg(long, requires = "night")]
    out: Option<PathBuf>,
    /// Language of the page: en, ar or ckb
    #[arg(long, default_value = "en", value_parser = ["en", "ar", "ckb"])]
    lang: String,
    /// The people that each account answers for now, summed by this
    #[arg(long, conflicts_with = "night")]
    by: Option<By>,
    #[arg(long)]
    json: bool,
}

/// How accounts are summed.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum By {
    Authority,
    Site,
    Unit,
    Movement,
}

pub fn balance(args: &Balance) -> anyhow::Result<ExitCode> {
    let opened = opened::open(&args.store)?;
    if let (Some(night), Some(out)) = (args.night, &args.out) {
        return write_sheet(&opened, night, out, &args.lang);
    }
    if let Some(by) = args.by {
        return Ok(print_accounts(&opened, by, args.json));
    }
    let sites = server::ledger_sites(&opened.scenario);
    let told = match args.night {
        None => opened.node.read(|state| store::balance(state, &sites)),
        Some(night) => {
            let operation = &opened.scenario.operation;
            let end = operation
                .utc_offset
                .to_timestamp(night.tomorrow()?.to_datetime(operation.night_to))?;
            let mut record = Record::new();
            let mut books = ledger::Books::default();
            for entry in opened.node.facts(0..opened.node.position()) {
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

fn write_sheet(opened: &Opened, night: Night, out: &Path, lang: &str) -> anyhow::Result<ExitCode> {
    let signed = server::signed_sheet(&opened.node, &opened.scenario, night)?;
    let text = match out.extension().and_then(|e| e.to_str()) {
        Some("html") => server::sheet_page(&signed, &opened.scenario, lang),
        _ => serde_json::to_string_pretty(&signed)? + "\n",
    };
    std::fs::write(out, text).with_context(|| format!("cannot write {}", out.display()))?;
    let sheet = &signed.sheet;
    let differing = sheet.musters.iter().filter(|m| !m.agrees).count();
    let verdict = if sheet.balanced { "every account adds up" } else { "DOES NOT ADD UP" };
    println!(
        "night of {night}: {} accounts, {verdict}; {} musters, {differing} differ from the book",
        sheet.accounts.len(),
        sheet.musters.len()
    );
    Ok(ExitCode::from(u8::from(!sheet.balanced)))
}

fn print_accounts(opened: &Opened, by: By, json: bool) -> ExitCode {
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    opened.node.read(|state| {
        for (account, people) in state.books.accounts() {
            let name = match (by, &account.place) {
                (By::Authority, _) => account.authority.to_string(),
                (By::Site, Place::Unit(unit)) => unit.site().to_string(),
                (By::Unit, Place::Unit(unit)) => unit.to_string(),
                (By::Movement, Place::Vehicle(movement, _)) => movement.to_string(),
                _ => continue,
            };
            *sums.entry(name).or_default() += people;
        }
    });
    if json {
        println!("{}", serde_json::json!(sums));
    } else {
        for (name, people) in &sums {
            println!("{name:<30}{people:>7}");
        }
        println!("{:<30}{:>7}", "sum", sums.values().sum::<u64>());
    }
    ExitCode::SUCCESS
}
