use crate::trust::Trust;
use anyhow::Context;
use oversight::mirror::{Mirror, Update};
use oversight::source::{Served, Source};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Keep an overseer's own copy of a log, every byte verified as it comes in
///
/// Goes on where it stopped. The folder holds the log's files under their own names: serve it, or give
/// it to `amana verify`. Exits 0 when the copy is whole, 1 when the log was caught contradicting what
/// is held (the evidence is kept under evidence/), 2 when it cannot be read or written.
#[derive(clap::Args)]
pub struct MirrorArgs {
    /// The log: its server, or what stands before /checkpoint
    url: String,
    /// Folder of the mirror; made if it is not there
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    trust: Trust,
    /// Ask again every so many seconds, until stopped
    #[arg(long, value_name = "SECONDS")]
    follow: Option<u64>,
    /// File with the token that lets the mirror read entries
    #[arg(long, value_name = "FILE")]
    token: Option<PathBuf>,
    #[arg(long)]
    json: bool,
}

pub fn mirror(args: &MirrorArgs) -> anyhow::Result<ExitCode> {
    let token = match &args.token {
        None => None,
        Some(path) => Some(
            std::fs::read_to_string(path)
                .with_context(|| format!("cannot read the token in {}", path.display()))?
                .trim()
                .to_owned(),
        ),
    };
    let log = Served::new(&args.url, crate::trust::fetcher().with_bearer(token));
    let mut mirror = Mirror::open(&args.out, args.trust.policy()?, &log)?;
    if mirror.own_word {
        eprintln!(
            "note: the key in {} was taken from the log when the mirror began; compare it with the \
             one its operator publishes",
            args.out.join("vkey").display()
        );
    }
    let live = std::io::stderr().is_terminal() && !args.json;
    loop {
        let update = mirror.update(&log, &mut |entries, of| {
            if live {
                eprint!("\r{entries} of {of} facts\x1b[K");
            }
        });
        if live {
            eprintln!();
        }
        let code = match update {
            Ok(update) => tell(args, &log, &update),
            Err(error) if args.follow.is_some() => {
                tracing::warn!(error = format!("{:#}", anyhow::Error::from(error)), "not mirrored");
                ExitCode::from(2)
            }
            Err(error) => return Err(error.into()),
        };
        match args.follow {
            // Caught once, a log is watched on: what it does next is evidence too.
            Some(seconds) => std::thread::sleep(Duration::from_secs(seconds.max(1))),
            None => return Ok(code),
        }
    }
}

fn tell(args: &MirrorArgs, log: &Served, update: &Update) -> ExitCode {
    match update {
        Update::Held { entries, new, by, quorum } => {
            if args.json {
                let told = serde_json::json!({
                    "entries": entries, "new": new, "cosigned_by": by, "quorum": quorum,
                });
                println!("{told}");
            } else {
                let by = if by.is_empty() { "nobody".to_owned() } else { by.join(", ") };
                let enough = if *quorum { "" } else { " (fewer than the policy asks for)" };
                println!(
                    "{}: {entries} facts, {new} new, cosigned by {by}{enough}",
                    log.describe()
                );
            }
            ExitCode::from(u8::from(!quorum))
        }
        Update::Caught(evidence) => {
            let kept = args.out.join("evidence").join(&evidence.name);
            if args.json {
                let told = serde_json::json!({
                    "caught": evidence.kind, "says": evidence.says, "evidence": kept,
                });
                println!("{told}");
            } else {
                println!("{}: {}", log.describe(), evidence.says);
                println!("evidence kept in {}", kept.display());
            }
            ExitCode::from(1)
        }
    }
}
