//! `amana people`: people come into an operation in earnest.

use crate::office::Office;
use crate::opened::{self, Opened};
use crate::sections;
use anyhow::{Context, bail};
use domain::{Commitment, Event, PersonId, Role, Section, SiteId, UnitId, kind};
use jiff::Timestamp;
use scenario::cohort::{Held, read_roll};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;
use store::Particulars;

/// People in one registration: what an entry holds.
const BATCH: usize = 200;

/// Register the people held at a site, and issue their numbers
#[derive(clap::Subcommand)]
pub enum PeopleCommand {
    Register(Register),
    Numbers(Numbers),
}

/// Register everybody on a site's roll, and keep their particulars
///
/// The roll is a CSV (docs/operating.md has its columns). Signed by the site's registrar, and done where the
/// register's key is. Everything that is wrong is told by line and column, and then nobody is registered.
/// The same roll again changes nothing; one that was broken off is finished by running it again.
#[derive(clap::Args)]
pub struct Register {
    roll: PathBuf,
    #[arg(long)]
    site: String,
    /// sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: String,
    /// Key of the site's registrar, enrolled with `amana device office --role registrar --site SITE`
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
}

/// Print person numbers, each with its check digit
#[derive(clap::Args)]
pub struct Numbers {
    /// A letter, A to Z: each who issues numbers has one of their own
    #[arg(long, value_parser = series)]
    series: char,
    #[arg(long, value_parser = clap::value_parser!(u32).range(0..1_000_000))]
    first: u32,
    #[arg(long)]
    count: u32,
}

fn series(text: &str) -> Result<char, String> {
    match text.as_bytes() {
        [letter] if letter.is_ascii_uppercase() => Ok(*letter as char),
        _ => Err("one letter, A to Z, is wanted".to_owned()),
    }
}

pub fn people(command: &PeopleCommand) -> anyhow::Result<ExitCode> {
    match command {
        PeopleCommand::Register(args) => register(args),
        PeopleCommand::Numbers(args) => {
            let last = u64::from(args.first) + u64::from(args.count);
            if last > 1_000_000 {
                bail!("numbers go up to 999999");
            }
            for number in args.first..args.first + args.count {
                println!("{}", PersonId::issue(args.series, number));
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn register(args: &Register) -> anyhow::Result<ExitCode> {
    let opened = opened::open(&args.store)?;
    if opened.exercise.is_some() {
        bail!("this is an exercise: its people are those that `amana init` invented");
    }
    let (site, mut office) = registrar(&opened, args)?;
    let name = args.roll.display().to_string();
    let text =
        std::fs::read_to_string(&args.roll).with_context(|| format!("cannot read {name}"))?;
    let registered = registered(&opened);
    let known = |person: PersonId| registered.contains_key(&person);
    let roll = match read_roll(&text, &name, &opened.scenario, &site, &known) {
        Ok(roll) => roll,
        Err(report) => {
            println!("{report}; nobody was registered");
            return Ok(ExitCode::from(1));
        }
    };
    let sections = match sections_of(&roll, &registered, &site) {
        Ok(sections) => sections,
        Err(wrong) => {
            for (line, what) in &wrong {
                println!("{name}:{line}: {what}");
            }
            println!("{} findings; nobody was registered", wrong.len());
            return Ok(ExitCode::from(1));
        }
    };
    keep(&opened, sections, office.now)?;
    let new: Vec<&Held> = roll.iter().filter(|held| !known(held.person.id)).collect();
    office.say_all(&opened, registrations(&opened, &new)?)?;
    println!("{}: {} registered, {} were before", site, new.len(), roll.len() - new.len());
    if new.len() < roll.len() {
        println!(
            "of those before nothing was changed: correct them on their pages, or with `amana register keep`"
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// The site, and the device of its registrar.
fn registrar(opened: &Opened, args: &Register) -> anyhow::Result<(SiteId, Office)> {
    let id = SiteId::new(&args.site)?;
    let Some(site) = opened.scenario.site(&id).filter(|site| !site.units.is_empty()) else {
        let holding = opened.scenario.sites.iter().filter(|site| !site.units.is_empty());
        let names: Vec<_> = holding.map(|site| site.id.as_str()).collect();
        bail!("nobody is held at a site '{id}'; sites with units are {}", names.join(", "));
    };
    let office = Office::open(opened, site.authority.as_str(), Some(&args.key))?;
    let role = office.officer().role;
    if role != Role::Registrar || office.site.as_ref() != Some(&id) {
        let of = office.site.as_ref().map_or("no site", SiteId::as_str);
        bail!("the key is enrolled for a {role} of {of}: the registrar of {id} signs its roll");
    }
    Ok((id, office))
}

/// Where each was registered first.
fn registered(opened: &Opened) -> BTreeMap<PersonId, UnitId> {
    let mut units = BTreeMap::new();
    opened.node.read(|state| {
        for fact in state.record.counted(kind::REGISTERED) {
            let Event::Registered { unit, people } = &fact.event else { continue };
            for (person, _) in people {
                units.entry(*person).or_insert_with(|| unit.clone());
            }
        }
    });
    units
}

/// What the register would keep, or what is wrong, by line.
fn sections_of(
    roll: &[Held],
    registered: &BTreeMap<PersonId, UnitId>,
    site: &SiteId,
) -> Result<Vec<Particulars>, Vec<(u32, String)>> {
    let (mut sections, mut wrong) = (Vec::new(), Vec::new());
    for held in roll {
        let (line, person) = (held.line, held.person.id);
        if let Some(unit) = registered.get(&person).filter(|unit| unit.site() != site) {
            wrong.push((
                line,
                format!("{person} is registered at {unit} already: whose number is it?"),
            ));
        }
        let read = || -> anyhow::Result<Vec<Particulars>> {
            let said = sections::of_roll(held)?.into_iter();
            let read = |(section, value)| {
                let (_, plaintext) = register::read(section, &value)?;
                Ok(Particulars::new(person, section, plaintext)?)
            };
            said.map(read).collect()
        };
        match read() {
            Ok(read) => sections.extend(read),
            Err(error) => wrong.push((line, format!("{error:#}"))),
        }
    }
    if wrong.is_empty() { Ok(sections) } else { Err(wrong) }
}

/// Keeps what is not kept yet, in one go.
fn keep(opened: &Opened, mut sections: Vec<Particulars>, at: Timestamp) -> anyhow::Result<()> {
    opened.node.particulars_open()?;
    let people: BTreeSet<PersonId> = sections.iter().map(|section| section.person).collect();
    let mut kept: BTreeSet<(PersonId, Section)> = BTreeSet::new();
    for person in people {
        let there = opened.node.sections_kept(person)?;
        kept.extend(there.into_iter().map(|(section, _, _)| (person, section)));
    }
    sections.retain(|section| !kept.contains(&(section.person, section.section)));
    if !sections.is_empty() {
        opened.node.keep_particulars(&sections, at)?;
    }
    Ok(())
}

/// Registrations by unit, each person with the commitment to their identity.
fn registrations(opened: &Opened, new: &[&Held]) -> anyhow::Result<Vec<Event>> {
    let mut by_unit: BTreeMap<&UnitId, Vec<(PersonId, Commitment)>> = BTreeMap::new();
    for held in new {
        let person = held.person.id;
        let kept = opened.node.sections_kept(person)?;
        let identity = kept.iter().rev().find(|(section, _, _)| *section == Section::Identity);
        let (_, _, commitment) = identity.context("an identity is not kept")?;
        by_unit.entry(&held.person.unit).or_default().push((person, *commitment));
    }
    let mut events = Vec::new();
    for (unit, people) in by_unit {
        for people in people.chunks(BATCH) {
            events.push(Event::Registered { unit: unit.clone(), people: people.to_vec() });
        }
    }
    Ok(events)
}
