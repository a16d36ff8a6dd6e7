use crate::trust::{Trust, fetcher};
use crate::verdict::{Told, lines};
use access::Policies;
use anyhow::{Context, bail};
use domain::{PolicySetHash, PolicyTexts};
use log::{LogProof, Policy};
use oversight::audit::check_heads;
use oversight::source::{Bundle, Folder, Served, Source};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::Progress;

mod statements;

pub use statements::Stated;

/// Check a record end to end, wherever it is kept
///
/// A live store, an export, a mirror's folder, a served log, or one receipt (.tlog-proof). Signatures,
/// device chains, tree against every signed head, balance at every position, for a store the read models
/// against the refold, for a store and an export the statements against the facts; and by which texts of
/// the policies looks were decided. Exits 0 when all holds, 1 when something does not (each named), 2 when it
/// cannot be read.
#[derive(clap::Args)]
pub struct Verify {
    /// An export, a mirror's folder, the address of a log, or a receipt
    #[arg(required_unless_present = "store", conflicts_with = "store")]
    source: Option<String>,
    /// sqlite:PATH or postgres://...
    #[arg(long)]
    store: Option<String>,
    #[command(flatten)]
    trust: Trust,
    /// For a receipt: the signed fact it is about; without it, the one that the receipt carries
    #[arg(long, value_name = "FILE")]
    entry: Option<PathBuf>,
    /// Also one line for each section of the register that a fact commits to: disclosed and matches,
    /// withheld, shredded by which fact, or missing
    #[arg(long)]
    sections: bool,
    /// Policy files that looks are held against; those built in when absent
    #[arg(long, value_name = "FOLDER")]
    policies: Option<PathBuf>,
    #[arg(long)]
    json: bool,
}

pub fn verify(args: &Verify) -> anyhow::Result<ExitCode> {
    let live = std::io::stderr().is_terminal() && !args.json;
    let mut progress = |progress: Progress| {
        if live {
            let Progress { entries, of } = progress;
            let filled = (entries * 30).checked_div(of).unwrap_or(30).min(30) as usize;
            let bar = format!("{}{}", "#".repeat(filled), ".".repeat(30 - filled));
            eprint!("\r[{bar}] {entries} of {of} facts\x1b[K");
        }
    };
    let policy = args.trust.policy()?;
    let policies = args.policies.as_deref().map(crate::policy::read).transpose()?;
    let text = policies.unwrap_or_else(Policies::built_in).hash();
    let told = match (&args.store, &args.source) {
        (Some(url), _) => of_store(url, policy, text, &mut progress)?,
        (None, Some(source)) if source.contains("://") => {
            of_source(&Served::new(source, fetcher()), policy, text, &mut progress)?
        }
        (None, Some(source)) => {
            let path = Path::new(source);
            if path.is_dir() {
                of_source(&Folder(path.to_owned()), policy, text, &mut progress)?
            } else if path.extension().is_some_and(|e| e == "tlog-proof") {
                return receipt(args, path, policy);
            } else {
                of_source(&Bundle::open(path)?, policy, text, &mut progress)?
            }
        }
        (None, None) => bail!("name a store, an export, a mirror or a log"),
    };
    if live {
        eprintln!();
    }
    if args.json {
        println!("{}", told.json());
    } else {
        if args.sections {
            print!("{}", told.section_lines());
        }
        print!("{}", lines(&told));
    }
    Ok(ExitCode::from(u8::from(!told.holds())))
}

fn of_store(
    url: &str,
    policy: Option<Policy>,
    text: PolicySetHash,
    progress: &mut dyn FnMut(Progress),
) -> anyhow::Result<Told> {
    let report = store::verify(url, progress)?;
    let mut findings = report.findings;
    let own_word = policy.is_none();
    let policy = match (policy, &report.vkey) {
        (Some(policy), _) => Some(policy),
        (None, Some(vkey)) => Some(Policy::of_log(log::NoteVerifier::parse(vkey)?)),
        (None, None) => None,
    };
    let statements = match (report.statements, findings.is_empty()) {
        (0, _) => Some(Stated::default()),
        (_, true) => Some(statements::of_store(url)?),
        // What does not hold is not computed from.
        (_, false) => None,
    };
    let notes: Vec<String> = report.heads.into_iter().map(|head| head.note).collect();
    let heads = policy.map(|policy| check_heads(&policy, &report.tree, &notes, &mut findings));
    Ok(Told {
        place: url.to_owned(),
        origin: report.origin,
        entries: report.entries,
        root: report.root,
        devices: report.devices,
        own_word,
        heads,
        read_models: true,
        files: None,
        statements: None,
        sections: report.sections,
        policies: decided(&report.policies, text),
        findings,
        notes: report.notes,
    }
    .with(statements))
}

fn of_source(
    source: &dyn Source,
    policy: Option<Policy>,
    text: PolicySetHash,
    progress: &mut dyn FnMut(Progress),
) -> anyhow::Result<Told> {
    let (policy, own_word) = oversight::audit::trust(source, policy)?;
    let audit = oversight::audit::audit(source, Some(policy.clone()), progress)?;
    let statements = match (audit.files, audit.holds()) {
        (Some(_), true) => Some(statements::of_export(source, &audit, &policy)?),
        _ => None,
    };
    Ok(Told {
        place: source.describe(),
        origin: audit.origin,
        entries: audit.state.position(),
        root: audit.root,
        devices: audit.state.record.devices().len(),
        own_word,
        heads: Some(audit.heads),
        read_models: false,
        files: audit.files,
        statements: None,
        sections: audit.sections,
        policies: decided(&PolicyTexts::of(&audit.state.record), text),
        findings: audit.findings,
        notes: audit.notes,
    }
    .with(statements))
}

/// A text that is not at hand is no fault of the record: it is told, and no more.
fn decided(texts: &PolicyTexts, text: PolicySetHash) -> Vec<String> {
    if texts.is_empty() { Vec::new() } else { texts.lines(text) }
}

/// One fact's proof, without the log.
fn receipt(args: &Verify, path: &Path, policy: Option<Policy>) -> anyhow::Result<ExitCode> {
    let read = |path: &Path| {
        std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
    };
    let text = String::from_utf8(read(path)?).context("the receipt is no text")?;
    let receipt = LogProof::parse(&text).with_context(|| path.display().to_string())?;
    let entry = match &args.entry {
        Some(path) => read(path)?,
        None => {
            receipt.extra.clone().context("the receipt carries no fact: name it with --entry")?
        }
    };
    let policy =
        policy.context("a receipt proves nothing without a key: give --log or --policy")?;
    let judged = policy.judge(&receipt.checkpoint);
    let proven = judged.map_err(log::LogProofError::from).and_then(|judged| {
        let log = policy.log(&judged.checkpoint.origin).map(|log| &log.key);
        // The policy judged it to be one of its logs.
        log.map_or(Ok(()), |log| receipt.verify(&entry, log).map(|_| ())).map(|()| judged)
    });
    let (holds, says) = match proven {
        Ok(judged) if judged.quorum => {
            let by: Vec<_> = judged.by.iter().map(|(name, _)| name.as_str()).collect();
            let by = if by.is_empty() { "nobody".to_owned() } else { by.join(", ") };
            let head = judged.checkpoint;
            let says = format!(
                "fact {} is entry {} of {} in {}, cosigned by {by}",
                log::hash_of(&entry),
                receipt.index,
                head.size,
                head.origin
            );
            (true, says)
        }
        Ok(_) => (false, "fewer witnesses cosigned than the policy asks for".to_owned()),
        Err(error) => (false, format!("{:#}", anyhow::Error::from(error))),
    };
    if args.json {
        println!("{}", serde_json::json!({ "holds": holds, "says": says }));
    } else {
        println!("{}: {says}", if holds { "holds" } else { "does not hold" });
    }
    Ok(ExitCode::from(u8::from(!holds)))
}
