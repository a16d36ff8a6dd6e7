//! `amana device`: who may sign, and the keyholder's word on it.

mod memory;
mod office;
mod order;
mod sign;

use crate::office::Office;
use crate::opened::{self, Opened};
use anyhow::{Context, bail};
use domain::{DeviceId, Event, RevocationReason, Term, UnitId};
use jiff::{SignedDuration, Timestamp};
use signin::{Request, Tickets, comparison_code, same_code};
use std::path::PathBuf;
use std::process::ExitCode;

/// Devices that sign for an authority: list, enrol, revoke
#[derive(clap::Subcommand)]
pub enum DeviceCommand {
    /// Every device in the record: whose, since when it is silent, whether its signature counts
    List {
        #[command(flatten)]
        at: At,
    },
    /// Phones that came with a ticket and wait for their keyholder
    Waiting {
        #[command(flatten)]
        at: At,
    },
    /// Sign the enrolment of a phone that waits
    Enrol {
        /// The twenty digits that the phone shows, or its key or the key's beginning
        phone: String,
        #[command(flatten)]
        at: At,
        #[command(flatten)]
        keyholder: Keyholder,
        #[command(flatten)]
        spell: Spell,
    },
    Key(office::Key),
    Office(office::Enrol),
    Sign(sign::Sign),
    /// Turn a waiting phone away
    Refuse {
        phone: String,
        #[command(flatten)]
        at: At,
    },
    /// Take a device's key out of use; what it signed up to a sequence stands
    Revoke {
        /// The device, or its beginning, as `amana device list` shows it
        device: String,
        #[command(flatten)]
        at: At,
        #[command(flatten)]
        keyholder: Keyholder,
        /// lost, stolen, copied, out-of-service or officer-left
        #[arg(long)]
        why: String,
        /// The last sequence that counts; all that is in the record when absent
        #[arg(long, conflicts_with = "nothing_counts")]
        last: Option<u64>,
        /// Nothing that it ever signed counts
        #[arg(long)]
        nothing_counts: bool,
    },
}

#[derive(clap::Args)]
pub struct At {
    /// sqlite:PATH or postgres://...
    #[arg(long)]
    store: String,
}

/// How long an enrolment is good for, and what else it says.
#[derive(clap::Args)]
pub struct Spell {
    /// How many days the enrolment is good for
    #[arg(long, default_value_t = 90)]
    days: u16,
    /// After how many hours without a word somebody must look
    #[arg(long, default_value_t = 24)]
    silence_hours: u16,
    /// The wing it is kept at, as `karkh/1`
    #[arg(long)]
    unit: Option<String>,
    /// The device it takes the place of, as after a restored backup
    #[arg(long)]
    replaces: Option<String>,
}

impl Spell {
    fn from(&self, opened: &Opened, from: Timestamp) -> anyhow::Result<Term> {
        Ok(Term {
            unit: self.unit.as_deref().map(UnitId::parse).transpose()?,
            from,
            until: from.checked_add(SignedDuration::from_hours(24 * i64::from(self.days)))?,
            silence_s: 3_600 * u32::from(self.silence_hours),
            replaces: self.replaces.as_ref().map(|text| one_device(opened, text)).transpose()?,
        })
    }
}

#[derive(clap::Args)]
pub struct Keyholder {
    /// The keyholder's key file; in an exercise its own when absent
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

pub fn device(command: &DeviceCommand) -> anyhow::Result<ExitCode> {
    match command {
        DeviceCommand::List { at } => list(&opened::open(&at.store)?),
        DeviceCommand::Waiting { at } => {
            let opened = opened::open(&at.store)?;
            for Request { key, ticket, holder, asked } in waiting(&opened)? {
                let site = ticket.site.as_ref().map_or("-", |site| site.as_str());
                let (authority, role, by) = (ticket.authority, ticket.role, ticket.drawn_by);
                let code = comparison_code(&key);
                println!("{key}  {authority} {role} {site}  asked {asked}, ticket by {by}");
                println!("  {code}  {}", if holder.is_empty() { "-" } else { &holder });
            }
        }
        DeviceCommand::Enrol { phone, at, keyholder, spell } => {
            let opened = opened::open(&at.store)?;
            let Request { key, ticket, .. } = one_waiting(&opened, phone)?;
            let authority = ticket.authority.as_str();
            let mut office = Office::keyholder(&opened, authority, keyholder.key.as_deref())?;
            let term = spell.from(&opened, office.now)?;
            let until = term.until;
            let (role, site) = (ticket.role, ticket.site);
            let term = Some(Box::new(term));
            let receipt = office.say(&opened, Event::DeviceEnrolled { key, role, site, term })?;
            Tickets::new(opened.node.clone()).answered(&key)?;
            let device = DeviceId::of(&key);
            println!(
                "{device} signs for {authority} as {role} until {until}: fact {}",
                receipt.hash
            );
        }
        DeviceCommand::Key(args) => office::key(args)?,
        DeviceCommand::Office(args) => office::enrol(args)?,
        DeviceCommand::Sign(args) => sign::sign(args)?,
        DeviceCommand::Refuse { phone, at } => {
            let opened = opened::open(&at.store)?;
            let key = one_waiting(&opened, phone)?.key;
            Tickets::new(opened.node.clone()).answered(&key)?;
            println!("{key} was turned away: nothing is in the record of it");
        }
        DeviceCommand::Revoke { device, at, keyholder, why, last, nothing_counts } => {
            let opened = opened::open(&at.store)?;
            let device = one_device(&opened, device)?;
            let why = RevocationReason::from_code(why).with_context(|| {
                format!("there is no reason '{why}'; reasons are {}", RevocationReason::codes())
            })?;
            revoke(&opened, device, keyholder, why, *last, *nothing_counts)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn revoke(
    opened: &Opened,
    device: DeviceId,
    keyholder: &Keyholder,
    why: RevocationReason,
    last: Option<u64>,
    nothing_counts: bool,
) -> anyhow::Result<()> {
    let (authorities, head) = opened.node.read(|state| {
        let enrolments = state.record.keys().enrolments(&device);
        let authorities: Vec<_> = enrolments.map(|e| e.authority.clone()).collect();
        let known = state.record.device(&device);
        (authorities, known.and_then(|d| d.head()).map(|head| head.sequence))
    });
    let last = if nothing_counts { None } else { last.or(head) };
    for authority in authorities {
        let mut office = Office::keyholder(opened, authority.as_str(), keyholder.key.as_deref())?;
        if office.device() == device {
            bail!("an authority's own key is not revoked by itself: change it");
        }
        let receipt = office.say(opened, Event::DeviceRevoked { device, last, why })?;
        let stands = match last {
            Some(last) => format!("what it signed up to {last} stands"),
            None => "nothing that it signed counts".to_owned(),
        };
        println!("{device} signs for {authority} no longer, {stands}: fact {}", receipt.hash);
    }
    Ok(())
}

fn waiting(opened: &Opened) -> anyhow::Result<Vec<Request>> {
    Ok(Tickets::new(opened.node.clone()).requests(Timestamp::now())?)
}

fn one_waiting(opened: &Opened, phone: &str) -> anyhow::Result<Request> {
    let mut all = waiting(opened)?;
    if let Some(at) = all.iter().position(|r| same_code(phone, &comparison_code(&r.key))) {
        return Ok(all.swap_remove(at));
    }
    one(all, phone, |request| request.key, "phone waits under")
}

fn one_device(opened: &Opened, text: &str) -> anyhow::Result<DeviceId> {
    let all = opened
        .node
        .read(|state| state.record.keys().devices().map(|(device, _)| *device).collect::<Vec<_>>());
    one(all, text, |device| *device, "device begins with")
}

/// The one of `all` whose name begins with `text`.
fn one<T, N: std::fmt::Display>(
    all: Vec<T>,
    text: &str,
    name: impl Fn(&T) -> N,
    what: &str,
) -> anyhow::Result<T> {
    let mut found = all.into_iter().filter(|one| name(one).to_string().starts_with(text));
    match (found.next(), found.count()) {
        (Some(one), 0) => Ok(one),
        (Some(_), more) => bail!("more than one {what} '{text}' ({}): write more of it", more + 1),
        (None, _) => bail!("no {what} '{text}'"),
    }
}

fn list(opened: &Opened) {
    opened.node.read(|state| {
        let silent = domain::silences(&state.record, state.recorded_until());
        for (device, enrolments) in state.record.keys().devices() {
            let chain = state.record.device(device);
            let head = chain.and_then(|d| d.head());
            let facts = chain.map_or(0, |d| d.len());
            for e in enrolments {
                let mut says = vec![format!("{facts} facts")];
                if head.as_ref().is_some_and(|head| head.is_fork()) {
                    says.push("signed twice at one sequence".to_owned());
                }
                if !e.stands {
                    says.push("enrolled by a key that did not count".to_owned());
                }
                if let Some(term) = &e.term {
                    says.push(format!("until {}", term.until));
                }
                if let Some(gone) = state.record.keys().revocation(device, &e.authority) {
                    says.push(format!("revoked: {}", gone.why));
                }
                let silent =
                    silent.iter().find(|s| s.device == *device && s.authority == e.authority);
                says.extend(silent.map(|s| format!("silent since {}", s.since)));
                let site = e.site.as_ref().map_or("-", |site| site.as_str());
                println!("{device}  {} {} {site}  {}", e.authority, e.role, says.join(", "));
            }
        }
    });
}
