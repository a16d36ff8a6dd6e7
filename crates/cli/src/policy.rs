//! `amana policy`: are the policies right, and what do they say of somebody?

use crate::opened;
use access::{Ask, Asker, Policies, PolicyFault};
use anyhow::{Context, bail};
use clap::Subcommand;
use domain::{AuthorityId, Officer, PersonId, PolicyTexts, Purpose, Role, Section};
use server::entitled::persona::part_of;
use server::{App, SignIn};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Check the policies about who may see what, or ask them
#[derive(Subcommand)]
pub enum PolicyCommand {
    Check(Check),
    Explain(Explain),
}

/// Check a folder of policies against its schema, strictly; changes nothing
///
/// Prints one line per fault. With a record, also one line for each text of policies by which its looks
/// and writings were decided: this folder's, or another, named by its hash. Exits 0 when clean, 1 on faults
/// or when one was decided by another text, 2 when it cannot be read.
#[derive(clap::Args)]
pub struct Check {
    /// Folder with schema.cedarschema and the .cedar files
    #[arg(default_value = "policies")]
    folder: PathBuf,
    /// sqlite:PATH or postgres://...: also say by which texts the looks and writings in this record were
    /// decided
    #[arg(long)]
    store: Option<String>,
}

/// Say what the policies decide for an officer about a person, and why
///
/// How the authority stands to the person is worked out from the record. Nothing is opened. Exits 0
/// when allowed, 1 when refused, 2 when it cannot be said.
#[derive(clap::Args)]
pub struct Explain {
    /// Who asks, as physician@justice
    #[arg(long = "as", value_name = "ROLE@AUTHORITY")]
    who: String,
    /// Person number, as A-004711-3
    #[arg(long)]
    person: String,
    /// identity, health, case, family, property or death
    #[arg(long)]
    section: String,
    /// identification, transfer, care, review, tracing, oversight, own-file or disclosure
    #[arg(long)]
    purpose: String,
    /// As if the glass were broken
    #[arg(long)]
    glass: bool,
    /// sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: String,
    /// Folder of policies; those built in when absent
    #[arg(long)]
    policies: Option<PathBuf>,
}

pub fn policy(command: &PolicyCommand) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    match command {
        PolicyCommand::Check(args) => check(args, &mut out),
        PolicyCommand::Explain(args) => explain(args, &mut out),
    }
}

/// The policies of a folder; every fault is told, one a line.
pub fn read(folder: &std::path::Path) -> anyhow::Result<Policies> {
    Policies::of_folder(folder).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("policies in {}: {}", folder.display(), lines.join("; "))
    })
}

fn check(args: &Check, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    match Policies::of_folder(&args.folder) {
        Ok(policies) => {
            let forbids = policies.texts().filter(|text| text.forbids).count();
            let all = policies.texts().count();
            writeln!(
                out,
                "{all} policies hold, {forbids} of them forbid; text {}",
                policies.hash()
            )?;
            let Some(store) = &args.store else { return Ok(ExitCode::SUCCESS) };
            let opened = opened::open(store)?;
            let texts = opened.node.read(|state| PolicyTexts::of(&state.record));
            for line in texts.lines(policies.hash()) {
                writeln!(out, "{line}")?;
            }
            Ok(ExitCode::from(u8::from(texts.by_others(policies.hash()))))
        }
        Err(faults) if faults.iter().any(PolicyFault::is_unreadable) => {
            let first = faults.into_iter().next().context("no fault")?;
            Err(anyhow::Error::new(first))
        }
        Err(faults) => {
            for fault in &faults {
                writeln!(out, "{fault}")?;
            }
            Ok(ExitCode::from(1))
        }
    }
}

fn explain(args: &Explain, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let policies = args.policies.as_deref().map(read).transpose()?;
    let policies = policies.unwrap_or_else(Policies::built_in);
    let (role, authority) =
        args.who.split_once('@').context("--as is written ROLE@AUTHORITY, as physician@justice")?;
    let role = Role::from_code(role).with_context(|| format!("no role '{role}'"))?;
    let authority = AuthorityId::new(authority)?;
    let person = PersonId::parse(&args.person)?;
    let section = Section::from_code(&args.section)
        .with_context(|| format!("no section '{}'", args.section))?;
    let purpose = Purpose::from_code(&args.purpose)
        .with_context(|| format!("no purpose '{}'", args.purpose))?;

    let opened = opened::open(&args.store)?;
    let Some(part) = part_of(&opened.scenario, &authority) else {
        bail!("'{authority}' takes no part in this operation");
    };
    let asker = Asker { authority, part, officer: Officer { role, number: 0 } };
    let sign_in = SignIn::new(opened.node.clone(), "http://localhost");
    let app = App::new(opened.node.clone(), opened.scenario.clone(), None, sign_in);
    let relations = server::relations_of(&app, &asker, person)?
        .with_context(|| format!("nobody is registered as {person}"))?;

    let stands: Vec<&str> = relations.iter().map(|r| r.code()).collect();
    writeln!(out, "{} stands to {person} as {}", asker.authority, stands.join(", "))?;
    let glass = args.glass;
    let ask = Ask::Read { section, relations: relations.clone(), purpose, glass };
    let decision = policies.decide(&asker, &ask);
    let broken = if glass { " with the glass broken" } else { "" };
    let word = if decision.allowed { "may" } else { "may not" };
    writeln!(out, "a {role} {word} read {section} for {purpose}{broken}")?;
    for text in decision.policies.iter().filter_map(|id| policies.text(id)) {
        writeln!(out, "  {} ({}): {}", text.id, text.file, text.says)?;
        writeln!(out, "    {}", text.source)?;
    }
    if decision.allowed {
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(out, "{}", policies.needed(&asker, section, &relations, purpose).told("read"))?;
    Ok(ExitCode::from(1))
}
