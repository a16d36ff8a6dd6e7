use crate::exercise::COHORT;
use crate::opened::{self, Opened};
use anyhow::{Context, bail};
use domain::{Look, Looker, Officer, PolicyId, Purpose, Relation, Role, Section};
use oversight::Export;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use store::{Disclosed, Node};

/// Write the whole record as one file that a court can keep
///
/// A plain tar: signed facts, tiles, heads with their cosignatures, devices and authorities, plans, and
/// an index to read. The same record gives the same bytes. Nobody is named in it unless sections of the
/// register are disclosed: that is a look, and is in the record first. Check it anywhere with
/// `amana verify FILE`.
#[derive(clap::Args)]
pub struct ExportArgs {
    /// sqlite:PATH or postgres://...
    #[arg(long)]
    store: String,
    /// File to write; never overwritten
    #[arg(long)]
    out: PathBuf,
    /// Also these sections of the register, opened: identity, health, case, family, property, death,
    /// separated by commas, or all. Of the others it says that they are withheld
    #[arg(long, value_name = "SECTIONS", requires = "to")]
    disclose: Option<String>,
    /// The authority that the sections are disclosed to
    #[arg(long, value_name = "AUTHORITY", requires = "disclose")]
    to: Option<String>,
}

pub fn export(args: &ExportArgs) -> anyhow::Result<ExitCode> {
    let writing = || format!("cannot write {}", args.out.display());
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&args.out)
        .with_context(writing)?;
    let write = || {
        let (node, disclosed) = match (&args.disclose, &args.to) {
            (Some(sections), Some(to)) => {
                let opened = opened::open(&args.store)?;
                let disclosed = disclose(&opened, sections, to)?;
                (opened.node, Some(disclosed))
            }
            _ => (Node::open(&args.store)?.into(), None),
        };
        let export = Export { disclosed, private: vec![COHORT.to_owned()] };
        let mut out = BufWriter::new(file);
        let head = export.write(&node, &mut out)?;
        out.flush().with_context(writing)?;
        out.get_ref().sync_all().with_context(writing)?;
        anyhow::Ok(head)
    };
    let head = write().inspect_err(|_| {
        // Half an export is none.
        let _ = std::fs::remove_file(&args.out);
    })?;
    println!("{}: {} facts of {}", args.out.display(), head.size, head.origin);
    Ok(ExitCode::SUCCESS)
}

/// Opens sections of everybody, for an authority. The record says so first.
fn disclose(opened: &Opened, sections: &str, to: &str) -> anyhow::Result<Vec<Disclosed>> {
    let authority = opened.authority(to)?;
    let look = Look {
        sections: chosen(sections)?,
        by: Looker { authority, officer: Officer { role: Role::Register, number: 1 } },
        purpose: Purpose::Disclosure,
        relation: Relation::Keeps,
        policies: vec![PolicyId::new("whoever-holds-the-register-key")?],
        policy_set: None,
        break_glass: None,
    };
    let people: Vec<_> =
        opened.node.read(|state| state.record.people().map(|(person, _)| person).collect());
    Ok(opened.node.disclose_particulars(&people, &look, opened.now())?.sections)
}

fn chosen(sections: &str) -> anyhow::Result<Vec<Section>> {
    if sections == "all" {
        return Ok(Section::ALL.to_vec());
    }
    let mut chosen = Vec::new();
    for code in sections.split(',').map(str::trim) {
        let Some(section) = Section::from_code(code) else {
            bail!("no section '{code}'; choose from: {}, or all", Section::codes());
        };
        if !chosen.contains(&section) {
            chosen.push(section);
        }
    }
    Ok(chosen)
}
