use crate::office::Office;
use crate::opened;
use anyhow::{Context, bail};
use domain::{DefinitionId, Event, Night};
use log::Statement;
use std::path::PathBuf;
use std::process::ExitCode;

/// Issue a statement: compute a figure, sign it, and record that it was given out
///
/// The document is kept beside the record and written to `--out`, or printed.
#[derive(clap::Args)]
pub struct Issue {
    /// sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: String,
    /// As nationality/verified@1
    #[arg(long)]
    definition: String,
    /// Who issues it
    #[arg(long, default_value = "justice")]
    authority: String,
    /// Position of the record, from 1; the head when neither this nor --night is given
    #[arg(long, conflicts_with = "night")]
    at: Option<u64>,
    /// The end of this night (06:00 local on the next morning), by when facts were recorded
    #[arg(long)]
    night: Option<Night>,
    /// The device's secret key; without it, the exercise's own
    #[arg(long)]
    key: Option<PathBuf>,
    /// Without the numbers by nationality or reason
    #[arg(long)]
    no_breakdown: bool,
    #[arg(long)]
    out: Option<PathBuf>,
}

pub fn issue(args: &Issue) -> anyhow::Result<ExitCode> {
    let Some(definition) = ledger::definition(&args.definition) else {
        let known: Vec<_> = ledger::definitions().iter().map(ToString::to_string).collect();
        bail!("no definition '{}'; use one of: {}", args.definition, known.join(", "));
    };
    let opened = opened::open(&args.store)?;
    let mut office = Office::open(&opened, &args.authority, args.key.as_deref())?;
    office.may(&opened, access::Act::IssueStatement)?;
    let known = server::nationalities(&opened.node)?;
    let node = &opened.node;
    let position = match args.night {
        Some(night) => opened.end_of(night)?,
        None => args.at.unwrap_or(node.position()),
    };
    let figure = node
        .read(|state| server::recompute(state, &opened.scenario, &known, definition, position))
        .with_context(|| format!("position {position} is not between 1 and {}", node.position()))?;
    let text = definition.text;
    let said = [("en", text.en), ("ar", text.ar), ("ckb", text.ckb)];
    let statement = Statement {
        origin: node.log_name().to_owned(),
        operation: node.operation().clone(),
        definition: DefinitionId::parse(&definition.to_string())?,
        text: said.map(|(language, text)| (language.to_owned(), text.to_owned())).to_vec(),
        position,
        root: figure.root,
        recorded_until: figure.recorded_until,
        value: figure.value,
        parts: if args.no_breakdown { Vec::new() } else { figure.parts },
        people: figure.people,
        authority: office.authority().clone(),
        officer: office.officer(),
        issued_at: office.now,
        key: office.key.verifier().vkey(),
        log: node.vkey()?,
    };
    let value = statement.value;
    let signed = statement.sign(&office.key, node.signing_key()?)?;
    let document = signed.hash();
    // The document first: a fact never names what is not there.
    node.put_document(&server::statement_document(&signed))?;
    let definition = signed.statement.definition.clone();
    office.say(&opened, Event::StatementIssued { definition, position, document })?;
    match &args.out {
        Some(out) => {
            std::fs::write(out, &signed.document)
                .with_context(|| format!("cannot write {}", out.display()))?;
            let name = &signed.statement.definition;
            eprintln!("{name} at position {position}: {value}, written to {}", out.display());
        }
        None => print!("{}", signed.document),
    }
    Ok(ExitCode::SUCCESS)
}
