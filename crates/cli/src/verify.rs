use std::io::IsTerminal;
use std::process::ExitCode;

/// Check a record end to end
///
/// Signatures, device chains, tree, balance at every position, read models against the refold,
/// particulars against their commitments. Exits 0 when all holds, 1 when something does not (each
/// named), 2 when it cannot be read.
#[derive(clap::Args)]
pub struct Verify {
    /// sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: String,
    #[arg(long)]
    json: bool,
}

pub fn verify(args: &Verify) -> anyhow::Result<ExitCode> {
    let live = std::io::stderr().is_terminal() && !args.json;
    let report = store::verify(&args.store, &mut |progress: store::Progress| {
        if live {
            eprint!("\r{} of {} facts\x1b[K", progress.entries, progress.of);
        }
    })?;
    if live {
        eprintln!();
    }
    let holds = report.holds();
    if args.json {
        let findings: Vec<_> = report.findings.iter().map(ToString::to_string).collect();
        let notes: Vec<_> = report.notes.iter().map(ToString::to_string).collect();
        let told = serde_json::json!({
            "holds": holds,
            "entries": report.entries,
            "root": hex(&report.root),
            "findings": findings,
            "notes": notes,
        });
        println!("{told}");
    } else {
        for finding in &report.findings {
            println!("{finding}");
        }
        for note in &report.notes {
            println!("note: {note}");
        }
        let verdict = if holds { "all holds" } else { "something does not hold" };
        println!("{verdict}: {} facts, root {}", report.entries, hex(&report.root));
    }
    Ok(ExitCode::from(u8::from(!holds)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
