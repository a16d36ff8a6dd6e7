//! `amana statement`: issue, verify and compare.

mod compare;
mod issue;
mod verify;

use anyhow::Context;
use clap::Subcommand;
use log::SignedStatement;
use std::path::Path;
use std::process::ExitCode;

/// Figures that an authority signs: issued, verified, laid side by side
#[derive(Subcommand)]
pub enum Statement {
    Issue(issue::Issue),
    Verify(verify::Verify),
    Compare(compare::Compare),
}

pub fn statement(args: &Statement) -> anyhow::Result<ExitCode> {
    match args {
        Statement::Issue(args) => issue::issue(args),
        Statement::Verify(args) => verify::verify(args),
        Statement::Compare(args) => compare::compare(args),
    }
}

/// The text of a document; not yet checked.
fn read(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

fn open(file: &Path) -> anyhow::Result<SignedStatement> {
    SignedStatement::open(&read(file)?).with_context(|| format!("{} does not hold", file.display()))
}
