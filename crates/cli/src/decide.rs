//! `amana decide`: what an authority's office decides without a phone: gates, intake, cover.

use crate::keyfile;
use crate::office::Office;
use crate::opened::{self, Opened};
use anyhow::{Context, bail};
use domain::{Basis, CoverDecision, Event, FactHash, Gate, GateOutcome, Night, PersonId, SiteId};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// People in one decision: what an entry holds.
const BATCH: usize = 200;

/// Decide gates, intake or air cover for an authority, in an operation in earnest
#[derive(clap::Subcommand)]
pub enum Decide {
    Gate(GateArgs),
    Intake(IntakeArgs),
    Cover(CoverArgs),
}

#[derive(clap::Args)]
struct By {
    /// sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: String,
    /// Key of an office device of the authority that decides
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
}

impl By {
    fn office(&self) -> anyhow::Result<(Opened, Office)> {
        let opened = opened::open(&self.store)?;
        if opened.exercise.is_some() {
            bail!("this is an exercise: the play decides in it");
        }
        let name = keyfile::secret(&self.key)?.name().to_owned();
        let office = Office::open(&opened, &name, Some(&self.key))?;
        Ok((opened, office))
    }
}

/// Decide a gate for people, one or many
///
/// All of them, or nobody. A decision before that one of them has is replaced only when it is named.
#[derive(clap::Args)]
pub struct GateArgs {
    /// order, age, review, fitness or acceptance
    #[arg(value_parser = gate)]
    gate: Gate,
    /// passed, failed or overridden
    #[arg(value_parser = outcome)]
    outcome: GateOutcome,
    /// What it rests on, as court-order, interview or medical
    #[arg(long, value_parser = basis)]
    basis: Basis,
    /// Person numbers
    #[arg(value_parser = PersonId::parse, required_unless_present = "list")]
    people: Vec<PersonId>,
    /// File with a person number at the beginning of each line; lines with # are comments
    #[arg(long, value_name = "FILE", conflicts_with = "people")]
    list: Option<PathBuf>,
    /// The decision that this one takes the place of
    #[arg(long, value_name = "FACT", value_parser = FactHash::parse)]
    replaces: Option<FactHash>,
    #[command(flatten)]
    by: By,
}

/// Promise how many a site takes in each night; said again, the later promise stands
#[derive(clap::Args)]
pub struct IntakeArgs {
    site: String,
    /// As 2027-01-21=150
    #[arg(value_parser = promised, required_unless_present = "foreseen")]
    nights: Vec<(Night, u32)>,
    /// What the scenario foresees for every night that is left
    #[arg(long, conflicts_with = "nights")]
    foreseen: bool,
    #[command(flatten)]
    by: By,
}

/// Say of a night whether its air cover stands, and with how much
#[derive(clap::Args)]
pub struct CoverArgs {
    night: Night,
    #[arg(long, required_unless_present = "orbits", conflicts_with = "orbits")]
    withdrawn: bool,
    #[arg(long, requires = "slots")]
    orbits: Option<u32>,
    /// Half-hours that each orbit covers
    #[arg(long, requires = "orbits")]
    slots: Option<u32>,
    /// A METAR or TAF that it rests on, as it was received; repeat for more
    #[arg(long = "report", value_name = "TEXT")]
    reports: Vec<String>,
    #[command(flatten)]
    by: By,
}

fn gate(text: &str) -> Result<Gate, String> {
    Gate::from_code(text).ok_or_else(|| format!("use one of: {}", Gate::codes()))
}

fn outcome(text: &str) -> Result<GateOutcome, String> {
    GateOutcome::from_code(text).ok_or_else(|| format!("use one of: {}", GateOutcome::codes()))
}

fn basis(text: &str) -> Result<Basis, String> {
    Basis::from_code(text).ok_or_else(|| format!("use one of: {}", Basis::codes()))
}

fn promised(text: &str) -> Result<(Night, u32), String> {
    let read = |(night, people): (&str, &str)| Some((night.parse().ok()?, people.parse().ok()?));
    let read = text.split_once('=').and_then(read);
    read.ok_or_else(|| format!("'{text}' is not written NIGHT=PEOPLE, as 2027-01-21=150"))
}

pub fn decide(command: &Decide) -> anyhow::Result<ExitCode> {
    match command {
        Decide::Gate(args) => decide_gate(args)?,
        Decide::Intake(args) => promise(args)?,
        Decide::Cover(args) => decide_cover(args)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn decide_gate(args: &GateArgs) -> anyhow::Result<()> {
    let (opened, mut office) = args.by.office()?;
    let people = match &args.list {
        Some(file) => listed(file)?,
        None => args.people.clone(),
    };
    let mut seen = BTreeSet::new();
    if let Some(twice) = people.iter().find(|person| !seen.insert(**person)) {
        bail!("{twice} is named twice: nothing was decided");
    }
    let unknown: Vec<String> = opened.node.read(|state| {
        let known = |person: &&PersonId| state.record.standing(**person).is_none();
        people.iter().filter(known).map(PersonId::to_string).collect()
    });
    if !unknown.is_empty() {
        bail!("nobody is registered as {}: nothing was decided", unknown.join(", "));
    }
    if let Some(authority) =
        opened.scenario.authorities.iter().find(|a| a.clears.contains(&args.gate))
        && authority.id != *office.authority()
    {
        bail!("gate {} is decided by {}, not by {}", args.gate, authority.id, office.authority());
    }
    let decided = |people: &[PersonId]| Event::GateDecided {
        gate: args.gate,
        outcome: args.outcome,
        basis: args.basis,
        people: people.to_vec(),
        replaces: args.replaces,
    };
    office.say_all(&opened, people.chunks(BATCH).map(decided).collect())?;
    println!("gate {} {} for {} people", args.gate, args.outcome, people.len());
    Ok(())
}

fn listed(file: &Path) -> anyhow::Result<Vec<PersonId>> {
    let place = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {place}"))?;
    let mut people = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let first = line.trim_start_matches('\u{feff}').split([',', ';', '\t']).next();
        let first = first.unwrap_or_default().trim();
        if first.is_empty() || first.starts_with('#') || (at == 0 && first == "id") {
            continue;
        }
        people.push(PersonId::parse(first).with_context(|| format!("{place}:{}:1", at + 1))?);
    }
    if people.is_empty() {
        bail!("{place} names nobody");
    }
    Ok(people)
}

fn promise(args: &IntakeArgs) -> anyhow::Result<()> {
    let (opened, mut office) = args.by.office()?;
    let operation = &opened.scenario.operation;
    let site = SiteId::new(&args.site)?;
    let today = operation.utc_offset.to_datetime(office.now).date();
    let nights = match args.foreseen {
        false => args.nights.clone(),
        true => {
            let foreseen = opened.scenario.intake_as_known(today).into_iter();
            let ahead = foreseen.filter(|((s, night), _)| *s == site && *night >= today);
            ahead.map(|((_, night), people)| (night, people)).collect()
        }
    };
    if let Some((night, _)) =
        nights.iter().find(|(night, _)| operation.night_index(*night).is_none())
    {
        bail!("{night} is none of the operation's nights");
    }
    if nights.is_empty() {
        bail!("nothing is foreseen for {site}: name nights, as {today}=150");
    }
    let (count, of) = (nights.len(), site.clone());
    let promised = Event::IntakePromised { site, nights };
    may_decide(&opened, &office, &promised)?;
    office.say(&opened, promised)?;
    println!("{of}: intake is promised for {count} nights");
    Ok(())
}

fn decide_cover(args: &CoverArgs) -> anyhow::Result<()> {
    let (opened, mut office) = args.by.office()?;
    let night = args.night;
    if opened.scenario.operation.night_index(night).is_none() {
        bail!("{night} is none of the operation's nights");
    }
    let decision = match (args.orbits, args.slots) {
        (Some(orbits), Some(slots)) => CoverDecision::Stands { orbits, slots },
        _ => CoverDecision::Withdrawn,
    };
    let decided = Event::CoverDecided { night, decision, reports: args.reports.clone() };
    may_decide(&opened, &office, &decided)?;
    office.say(&opened, decided)?;
    println!("cover of {night}: {}", if args.withdrawn { "withdrawn" } else { "stands" });
    Ok(())
}

/// Refuses what the operation's opening lets another authority decide.
fn may_decide(opened: &Opened, office: &Office, event: &Event) -> anyhow::Result<()> {
    let deciders = opened.scenario.deciders();
    let who = deciders.of(event).unwrap_or_default();
    if who.contains(&office.authority()) {
        return Ok(());
    }
    let names: Vec<String> = who.iter().map(ToString::to_string).collect();
    match names.is_empty() {
        true => bail!("nobody decides that in this operation"),
        false => bail!("that is decided by {}, not by {}", names.join(", "), office.authority()),
    }
}
