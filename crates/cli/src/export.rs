use crate::exercise::COHORT;
use anyhow::Context;
use oversight::Export;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use store::Node;

/// Write the whole record as one file that a court can keep
///
/// A plain tar: signed facts, tiles, heads with their cosignatures, devices and authorities, plans, and
/// an index to read. The same record gives the same bytes. Nobody is named in it unless asked. Check it
/// anywhere with `amana verify FILE`.
#[derive(clap::Args)]
pub struct ExportArgs {
    /// sqlite:PATH or postgres://...
    #[arg(long)]
    store: String,
    /// File to write; never overwritten
    #[arg(long)]
    out: PathBuf,
    /// Also what the register keeps about people: names, births, health
    #[arg(long)]
    particulars: bool,
}

pub fn export(args: &ExportArgs) -> anyhow::Result<ExitCode> {
    let node = Node::open(&args.store)?;
    let writing = || format!("cannot write {}", args.out.display());
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&args.out)
        .with_context(writing)?;
    let export = Export { particulars: args.particulars, private: vec![COHORT.to_owned()] };
    let mut out = BufWriter::new(file);
    let head = export.write(&node, &mut out).inspect_err(|_| {
        // Half an export is none.
        let _ = std::fs::remove_file(&args.out);
    })?;
    out.flush().with_context(writing)?;
    out.get_ref().sync_all().with_context(writing)?;
    println!("{}: {} facts of {}", args.out.display(), head.size, head.origin);
    Ok(ExitCode::SUCCESS)
}
