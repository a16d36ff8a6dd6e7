//! `amana register keep`: a section about a person, from a file into the register.

use crate::exercise;
use anyhow::{Context, bail};
use domain::{PersonId, Section};
use register::{Case, Death, Family, Form, Health, Identity, Property, canonical};
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
    let (person, plaintext) = read(args.section, &text)
        .with_context(|| format!("{path} is no {} section", args.section))?;
    let exercise = exercise::open(&args.store)?;
    if exercise.node.read(|state| state.record.standing(person).is_none()) {
        bail!("{person} is not registered in this operation");
    }
    let kept = Particulars::new(person, args.section, plaintext)?;
    exercise.node.keep_particulars(&[kept], exercise.now())?;
    println!("{} of {person} is kept, sealed; {path} is still in the clear", args.section);
    Ok(())
}

/// Whom it is about, and the bytes that are sealed.
fn read(section: Section, text: &str) -> anyhow::Result<(PersonId, Vec<u8>)> {
    let written: Value = serde_json::from_str(text)?;
    let plaintext = match section {
        Section::Identity => of_form::<Identity>(&written),
        Section::Health => of_form::<Health>(&written),
        Section::Case => of_form::<Case>(&written),
        Section::Family => of_form::<Family>(&written),
        Section::Property => of_form::<Property>(&written),
        Section::Death => of_form::<Death>(&written),
    }?;
    let person = written.get("person").and_then(Value::as_str).unwrap_or_default();
    Ok((PersonId::parse(person)?, plaintext))
}

/// Refuses what the form has no place for: nothing that somebody wrote down goes lost unsaid.
fn of_form<F: Form>(written: &Value) -> anyhow::Result<Vec<u8>> {
    let form: F = serde_json::from_value(written.clone())?;
    let kept = serde_json::to_value(&form)?;
    if kept != *written {
        let fields = kept.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
        bail!(
            "it says more than the form has, or has something empty that is left out where it is not \
             known; of what it says the form keeps: {}",
            fields.collect::<Vec<_>>().join(", ")
        );
    }
    Ok(canonical(&form)?)
}
