//! A store opened with what its operation is about. The scenario is kept beside the record as
//! documents, so that the store alone is enough to serve and to go on.

use crate::exercise::Exercise;
use crate::keyfile;
use anyhow::{Context, bail};
use domain::{AuthorityId, Night};
use jiff::Timestamp;
use scenario::Scenario;
use std::path::{Component, Path};
use std::sync::Arc;
use store::{Document, Node, State};

const SCENARIO: &str = "scenario/";

/// An operation's record and scenario, and the exercise that is played in it, if it is one.
pub struct Opened {
    pub node: Arc<Node>,
    pub scenario: Arc<Scenario>,
    /// `None` of an operation in earnest: nobody invented its people, and no key is made from a seed.
    pub exercise: Option<Exercise>,
}

/// Opens a store that `amana init` or `amana open` made.
pub fn open(url: &str) -> anyhow::Result<Opened> {
    let node = Node::open(url)?;
    let mut files = Vec::new();
    for name in node.documents()?.into_iter().filter(|name| name.starts_with(SCENARIO)) {
        let document = node.document(&name)?.with_context(|| format!("document {name} is gone"))?;
        files.push((name, document.bytes));
    }
    if files.is_empty() {
        bail!(
            "{url} keeps no scenario yet: `amana exchange` brings that of a record that was joined"
        );
    }
    let scenario = scenario_of(&files).with_context(|| format!("scenario kept in {url}"))?;
    let exercise = Exercise::kept(&node)?;
    Ok(Opened { node: Arc::new(node), scenario: Arc::new(scenario), exercise })
}

/// Reads a scenario from the documents kept beside a record, given by name; others are passed over.
pub fn scenario_of(documents: &[(String, Vec<u8>)]) -> anyhow::Result<Scenario> {
    let dir = tempfile::tempdir().context("cannot make a folder for the scenario")?;
    for (name, bytes) in documents {
        let Some(path) = name.strip_prefix(SCENARIO) else { continue };
        if Path::new(path).components().any(|c| !matches!(c, Component::Normal(_))) {
            bail!("document {name} would be written outside its folder");
        }
        let path = dir.path().join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&path, bytes)?;
    }
    Ok(Scenario::read(dir.path())?)
}

impl Opened {
    /// The facts recorded by the end of a night: 06:00 local on the next morning.
    pub fn end_of(&self, night: Night) -> anyhow::Result<u64> {
        let operation = &self.scenario.operation;
        let end = night.tomorrow()?.to_datetime(operation.night_to);
        let end = operation.utc_offset.to_timestamp(end)?;
        let entries = self.node.facts(0..self.node.position());
        Ok(entries.iter().take_while(|entry| entry.recorded_at <= end).count() as u64)
    }

    /// The operation's time: by this machine's clock, and never before the last fact was recorded. An
    /// exercise is set at any time, and its time is when the last fact was recorded (ADR 54).
    pub fn now(&self) -> Timestamp {
        let recorded = self.node.read(State::recorded_until);
        match self.exercise {
            Some(_) => recorded,
            None => recorded.max(keyfile::now()),
        }
    }

    /// The exercise, for what only an exercise has.
    pub fn exercise(&self) -> anyhow::Result<&Exercise> {
        self.exercise.as_ref().context(
            "this is an operation in earnest: nothing is played in it, and its keys are in files",
        )
    }

    /// An authority of the operation, by its id.
    pub fn authority(&self, id: &str) -> anyhow::Result<AuthorityId> {
        let known: Vec<_> = self.scenario.authorities.iter().map(|a| a.id.as_str()).collect();
        if !known.contains(&id) {
            bail!("no authority '{id}' here; use one of: {}", known.join(", "));
        }
        Ok(AuthorityId::new(id)?)
    }
}

/// The files of a scenario's folder, as they are kept beside a record.
pub fn documents_of(dir: &Path) -> anyhow::Result<Vec<Document>> {
    let mut documents = Vec::new();
    keep_files(dir, dir, &mut documents)?;
    Ok(documents)
}

fn keep_files(root: &Path, dir: &Path, documents: &mut Vec<Document>) -> anyhow::Result<()> {
    let mut entries: Vec<_> = std::fs::read_dir(dir)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(|e| e.path());
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            keep_files(root, &path, documents)?;
            continue;
        }
        let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        let media_type = match path.extension().and_then(|e| e.to_str()) {
            Some("csv") => "text/csv",
            Some("toml") => "application/toml",
            Some("geojson") => "application/geo+json",
            _ => "text/plain",
        };
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read {name}"))?;
        let name = format!("{SCENARIO}{name}");
        documents.push(Document { name, media_type: media_type.to_owned(), bytes });
    }
    Ok(())
}
