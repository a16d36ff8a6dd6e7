use std::io::IsTerminal;
use std::process::ExitCode;

/// Move a record to another store, whole or not at all
///
/// Copies facts, register, documents, settings and refusals in one transaction, reads them back and
/// compares, verifies the new place in full, and lets the old one take no more facts. Refuses a
/// place that holds something; run again after a crash, it finishes. The log key goes along.
#[derive(clap::Args)]
pub struct MigrateStore {
    /// Where the record is: sqlite:PATH or postgres://...
    #[arg(long)]
    from: String,
    /// Where it goes: an empty or new place
    #[arg(long)]
    to: String,
    #[arg(long)]
    json: bool,
}

pub fn migrate_store(args: &MigrateStore) -> anyhow::Result<ExitCode> {
    let live = std::io::stderr().is_terminal() && !args.json;
    let moved = store::transfer(&args.from, &args.to, &mut |progress: store::Progress| {
        if live {
            eprint!("\rverified {} of {} facts\x1b[K", progress.entries, progress.of);
        }
    })?;
    if live {
        eprintln!();
    }
    let to = store::without_password(&args.to);
    let root = hex(&moved.root);
    if args.json {
        let tables: serde_json::Map<_, _> = moved
            .tables
            .iter()
            .map(|(table, (rows, hash))| {
                let told = serde_json::json!({"rows": rows, "sha256": hex(hash)});
                (table.to_string(), told)
            })
            .collect();
        let told = serde_json::json!({
            "entries": moved.entries,
            "root": root,
            "tables": tables,
            "holds": moved.verified.holds(),
            "before": moved.before,
        });
        println!("{told}");
        return Ok(ExitCode::SUCCESS);
    }
    for (table, (rows, hash)) in &moved.tables {
        println!("{table:<14} {rows:>9} rows arrived, sha256 {}", hex(hash));
    }
    let when = if moved.before { "was there already" } else { "arrived" };
    println!("{to}: the record {when} whole: {} facts, root {root}, all holds", moved.entries);
    Ok(ExitCode::SUCCESS)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
