mod keep;

use crate::office::Office;
use crate::opened::{self, Opened};
use anyhow::{Context, bail};
use clap::Subcommand;
use domain::{ErasureGround, Event, PersonId, Section};
use std::path::PathBuf;
use std::process::ExitCode;
use store::ErasureRule;

/// The register of particulars: its keys, and lawful erasure
///
/// What is kept apart about people is sealed with keys in a file outside the database: PATH.register
/// beside a SQLite store, or the file that AMANA_REGISTER_KEY names.
#[derive(Subcommand)]
pub enum RegisterCommand {
    /// Whether it is open here, what it holds, and whether anything may be erased
    Status(Status),
    Keep(keep::Keep),
    /// Seal what an earlier version kept plain
    Seal(Status),
    /// Draw a new register key; the old one opens nothing any more, nor does any older backup
    Rekey(Status),
    /// Let lawful erasure be carried out here, or no longer: it is off until somebody lets it
    Erasure(Erasure),
    /// Approve, for an authority, that sections about a person are destroyed
    Approve(Approve),
    /// Destroy what two authorities have approved, and say so in the record
    ///
    /// One of the two must be entitled to resolve disputes. The chain of custody stays.
    Erase(Erase),
}

#[derive(clap::Args)]
pub struct Status {
    /// sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: String,
}

#[derive(clap::Args)]
pub struct Erasure {
    #[arg(long)]
    store: String,
    /// Days that everything is kept after somebody's custody ended
    #[arg(long, required_unless_present = "off", conflicts_with = "off")]
    after_days: Option<u32>,
    /// Nothing may be erased
    #[arg(long)]
    off: bool,
}

/// What is to go.
#[derive(clap::Args)]
struct What {
    #[arg(value_parser = PersonId::parse)]
    person: PersonId,
    /// Only this section: identity, health, case, family, property or death
    #[arg(long, value_parser = section)]
    section: Option<Section>,
    /// court-order, retention-ended, person-asks or kept-in-error
    #[arg(long, value_parser = ground)]
    ground: ErasureGround,
}

#[derive(clap::Args)]
pub struct Approve {
    #[arg(long)]
    store: String,
    #[command(flatten)]
    what: What,
    /// Who approves
    #[arg(long)]
    authority: String,
    /// Key of the authority's office device; in an exercise it is made from the seed
    #[arg(long)]
    key: Option<PathBuf>,
}

#[derive(clap::Args)]
pub struct Erase {
    #[arg(long)]
    store: String,
    #[command(flatten)]
    what: What,
}

fn section(text: &str) -> Result<Section, String> {
    Section::from_code(text).ok_or_else(|| format!("use one of: {}", Section::codes()))
}

fn ground(text: &str) -> Result<ErasureGround, String> {
    ErasureGround::from_code(text).ok_or_else(|| format!("use one of: {}", ErasureGround::codes()))
}

pub fn register(command: &RegisterCommand) -> anyhow::Result<ExitCode> {
    match command {
        RegisterCommand::Status(args) => return status(&opened::open(&args.store)?),
        RegisterCommand::Keep(args) => keep::keep(args)?,
        RegisterCommand::Seal(args) => {
            let opened = opened::open(&args.store)?;
            let sealed = opened.node.seal_plain_particulars(opened.now())?;
            println!("{sealed} sections were plain and are sealed");
        }
        RegisterCommand::Rekey(args) => {
            let wrapped = opened::open(&args.store)?.node.rekey_register()?;
            println!("the keys of {wrapped} people are wrapped with a new register key");
            println!("copies of the old key file open older backups: destroy those that must not");
        }
        RegisterCommand::Erasure(args) => {
            let rule = args.after_days.filter(|_| !args.off);
            let node = opened::open(&args.store)?.node;
            node.allow_erasure(rule.map(|after_days| ErasureRule { after_days }))?;
            match rule {
                Some(days) => println!("may be erased {days} days after custody ended"),
                None => println!("nothing may be erased"),
            }
        }
        RegisterCommand::Approve(args) => approve(args)?,
        RegisterCommand::Erase(args) => erase(args)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Exits 0 when the register is open here, 1 when it is closed.
fn status(opened: &Opened) -> anyhow::Result<ExitCode> {
    let node = &opened.node;
    let open = node.particulars_open();
    match &open {
        Ok(()) => println!("open: the register's key is here"),
        Err(why) => println!("closed: {why}"),
    }
    let (committed, shredded) = node.read(|state| (state.committed(), state.shredded().len()));
    for section in Section::ALL {
        let n = committed.keys().filter(|(_, s, _)| s == section).count();
        println!("{:<9} {n:>7} versions that facts commit to", section.code());
    }
    println!("{shredded} of them destroyed lawfully");
    match node.erasure_rule()? {
        Some(rule) => println!("may be erased {} days after custody ended", rule.after_days),
        None => println!("nothing may be erased"),
    }
    Ok(ExitCode::from(u8::from(open.is_err())))
}

fn approve(args: &Approve) -> anyhow::Result<()> {
    let opened = opened::open(&args.store)?;
    let What { person, section, ground } = args.what;
    let mut office = Office::open(&opened, &args.authority, args.key.as_deref())?;
    let sections = opened.node.to_erase(person, section)?;
    if sections.is_empty() {
        bail!("nothing of that is kept about {person}");
    }
    let versions = sections.len();
    let receipt = office.say(&opened, Event::ErasureApproved { person, sections, ground })?;
    println!(
        "{}: {versions} sections of {person} may be destroyed ({ground}), fact {}",
        office.authority(),
        receipt.position
    );
    Ok(())
}

fn erase(args: &Erase) -> anyhow::Result<()> {
    let opened = opened::open(&args.store)?;
    let What { person, section, ground } = args.what;
    let erased = opened
        .node
        .erase_particulars(person, section, ground, opened.now())
        .with_context(|| format!("nothing about {person} was destroyed"))?;
    println!(
        "{} sections of {person} destroyed{}, fact {}",
        erased.sections,
        if erased.key_too { " with their key" } else { "" },
        erased.position
    );
    if let Some(left) = erased.left {
        println!("still in {left}");
    }
    println!("backups made before hold them, for whoever has the register's key of then");
    println!("`amana register rekey`, and the old key file destroyed everywhere, closes those too");
    Ok(())
}
