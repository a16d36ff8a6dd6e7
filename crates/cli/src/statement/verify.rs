use crate::opened;
use log::SignedStatement;
use std::path::PathBuf;
use std::process::ExitCode;

/// Check a statement: by anyone its signature and tree head, with the record everything
///
/// Exits 0 when all that can be checked holds, 1 when something does not (each named), 2 when it
/// cannot be read.
#[derive(clap::Args)]
pub struct Verify {
    file: PathBuf,
    /// The record to recompute it from: sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: Option<String>,
    /// The key that must have issued it, as name+hash+base64, when it is known from elsewhere
    #[arg(long)]
    key: Option<String>,
    /// The log's key, when it is known from elsewhere
    #[arg(long)]
    log: Option<String>,
}

pub fn verify(args: &Verify) -> anyhow::Result<ExitCode> {
    let document = super::read(&args.file)?;
    let signed = match SignedStatement::open(&document) {
        Ok(signed) => signed,
        Err(error) => {
            println!("{error}");
            println!("something does not hold");
            return Ok(ExitCode::from(1));
        }
    };
    let s = &signed.statement;
    println!("{} at position {}: {}", s.definition, s.position, s.value);
    if let Some((_, text)) = s.text.iter().find(|(language, _)| language == "en") {
        println!("  {text}");
    }
    println!("signed by {} {} {}, key {}", s.authority, s.officer.role, s.officer.number, s.key);
    println!("tree head of {} at size {} signed by {}", s.origin, s.position, s.log);
    let mut findings = Vec::new();
    for (what, stated, wanted) in [("key", &s.key, &args.key), ("log", &s.log, &args.log)] {
        if let Some(wanted) = wanted.as_ref().filter(|w| w.trim() != stated) {
            findings.push(format!("the {what} is {stated}, not {wanted}"));
        }
    }
    match &args.store {
        Some(url) => {
            let opened = opened::open(url)?;
            let known = server::nationalities(&opened.node)?;
            let vkey = opened.node.vkey()?;
            let against = server::Against {
                scenario: &opened.scenario,
                known: &known,
                log_vkey: Some(&vkey),
                times_known: true,
            };
            let found = |state: &_| server::statement_findings(state, &against, s);
            findings.extend(opened.node.read(found).into_iter().map(|one| one.text));
        }
        None => println!("not recomputed, nor whose keys they are: name the record with --store"),
    }
    for finding in &findings {
        println!("{finding}");
    }
    let verdict = match (findings.is_empty(), &args.store) {
        (true, Some(_)) => "all holds: recomputed from the record",
        (true, None) => "signature and tree head hold",
        (false, _) => "something does not hold",
    };
    println!("{verdict}");
    Ok(ExitCode::from(u8::from(!findings.is_empty())))
}
