//! `amana register keep`: a section about a person, from a file into the register.

use crate::opened;
use anyhow::{Context, bail};
use domain::Section;
use serde_json::Value;
use std::path::PathBuf;
use store::Particulars;

/// Keep a section about a person, sealed; a version before it stays
///
/// The file is one JSON object of the section's form (docs/formats/register.md), in any layout, with the
/// person's number. This is done where the register's key is, by who keeps the register; the record says
/// that a version was kept and by which device, never what it says. Delete the file afterwards.
#[derive(clap::Args)]
pub struct Keep {
    file: PathBuf,
    /// identity, health, case, family, property or death
    #[arg(long, value_parser = super::section)]
    section: Section,
    #[arg(long)]
    store: String,
}

pub fn keep(args: &Keep) -> anyhow::Result<()> {
    let path = args.file.display();
    let text =
        std::fs::read_to_string(&args.file).with_context(|| format!("cannot read {path}"))?;
    let written: Value =
        serde_json::from_str(&text).with_context(|| format!("{path} is no JSON"))?;
    let (person, plaintext) = register::read(args.section, &written).with_context(|| {
        format!("{path} is no {} section (docs/formats/register.md)", args.section)
    })?;
    let opened = opened::open(&args.store)?;
    if opened.node.read(|state| state.record.standing(person).is_none()) {
        bail!("{person} is not registered in this operation");
    }
    let kept = Particulars::new(person, args.section, plaintext)?;
    opened.node.keep_particulars(&[kept], opened.now())?;
    println!("{} of {person} is kept, sealed; {path} is still in the clear", args.section);
    Ok(())
}
