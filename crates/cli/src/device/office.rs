//! `amana device key` and `amana device office`: devices that sign from the command line.

use super::{At, Keyholder, Spell};
use crate::keyfile;
use crate::office::Office;
use crate::opened::{self, Opened};
use anyhow::{Context, bail};
use domain::{DeviceId, Event, Role, SiteId};
use std::path::PathBuf;

/// Make a key that signs for an authority; prints its public half
///
/// The file is the key itself, mode 0600: it stays with whoever signs. What is printed goes to whoever
/// opens the operation (an authority's own key, `amana open`) or to the keyholder (an office's,
/// `amana device office`).
#[derive(clap::Args)]
pub struct Key {
    /// As `justice`
    authority: String,
    /// File to write; never overwritten
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub fn key(args: &Key) -> anyhow::Result<()> {
    let authority = domain::AuthorityId::new(&args.authority)?;
    let key = keyfile::draw(authority.as_str())?;
    keyfile::write(&args.out, &key)?;
    println!("{}", key.verifier().vkey());
    Ok(())
}

/// Sign the enrolment of a device that signs from the command line
///
/// Statements, resolutions, plans and registrations are signed with such a key, as in an authority's office.
#[derive(clap::Args)]
pub struct Enrol {
    /// File with the public half, as `amana device key` printed it
    public: PathBuf,
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    keyholder: Keyholder,
    /// As `director`, `registrar` or `planner`
    #[arg(long)]
    role: String,
    /// The site it is kept at
    #[arg(long)]
    site: Option<String>,
    #[command(flatten)]
    spell: Spell,
}

pub fn enrol(args: &Enrol) -> anyhow::Result<()> {
    let opened = opened::open(&args.at.store)?;
    let given = keyfile::read(&args.public)?;
    let role = Role::from_code(&args.role).with_context(|| {
        format!("there is no role '{}'; roles are {}", args.role, Role::codes())
    })?;
    if role == Role::Keyholder {
        bail!("nobody is enrolled as keyholder: an authority answers with the key it began with");
    }
    let site = args.site.as_deref().map(|id| site(&opened, id)).transpose()?;
    let key = given.public();
    let mut office = Office::keyholder(&opened, given.name(), args.keyholder.key.as_deref())?;
    let term = Some(Box::new(args.spell.from(&opened, office.now)?));
    let device = DeviceId::of(&key);
    let until = term.as_ref().map_or(office.now, |term| term.until);
    let receipt = office.say(&opened, Event::DeviceEnrolled { key, role, site, term })?;
    println!("{device} signs for {} as {role} until {until}: fact {}", given.name(), receipt.hash);
    Ok(())
}

fn site(opened: &Opened, id: &str) -> anyhow::Result<SiteId> {
    let id = SiteId::new(id)?;
    let known: Vec<_> = opened.scenario.sites.iter().map(|site| site.id.as_str()).collect();
    if !known.contains(&id.as_str()) {
        bail!("no site '{id}' here; use one of: {}", known.join(", "));
    }
    Ok(id)
}
