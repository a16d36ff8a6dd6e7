//! An exercise in a store: its scenario and cohort are kept beside the record as documents, so that
//! the store alone is enough to serve and to go on.

use crate::sections;
use anyhow::{Context, bail};
use domain::{Commitment, Event, PersonId, Role, Section};
use scenario::{Cohort, Scenario};
use server::play::EXERCISE_SEED;
use simulator::Beginning;
use std::collections::BTreeMap;
use std::path::{Component, Path};
use std::sync::Arc;
use store::{Document, Genesis, Node};

/// What the play knows of everybody, by number, without a name: no export holds it unless asked.
pub const COHORT: &str = "cohort.csv";
const SCENARIO: &str = "scenario/";

/// A store opened with what its exercise is about.
pub struct Exercise {
    pub node: Arc<Node>,
    pub scenario: Arc<Scenario>,
    pub cohort: Arc<Cohort>,
    pub seed: u64,
}

/// Makes a record with a scenario's cohort registered to be: particulars in the register, the
/// scenario beside it, the operation opened. Nothing is played yet.
pub fn create(url: &str, dir: &Path, seed: u64) -> anyhow::Result<Exercise> {
    let scenario = Arc::new(Scenario::read(dir)?);
    let cohort = Arc::new(scenario::cohort::generate(&scenario, seed));
    let origin = format!("amana.invalid/{}", scenario.operation.id);
    let sections = sections::of_everybody(&scenario, &cohort, seed)?;
    let mut documents = Vec::new();
    keep_files(dir, dir, &mut documents)?;
    let mut csv = Vec::new();
    scenario::cohort::write_csv(&cohort.unnamed(), &mut csv)?;
    documents.push(Document { name: COHORT.into(), media_type: "text/csv".into(), bytes: csv });

    let commitments = sections
        .iter()
        .filter(|kept| kept.section == Section::Identity)
        .map(|kept| (kept.person, kept.commitment()))
        .collect();
    let beginning = Beginning { origin: origin.clone(), seed, commitments };
    let mut play = simulator::Play::new(scenario.clone(), &cohort, beginning)?;
    let mut next = || play.next(&mut NoPlan).map_err(anyhow::Error::msg);
    let opening = next()?.context("the operation has nothing to begin with")?;
    let node = Node::create(
        url,
        Genesis {
            origin,
            node: None,
            opening: opening.entry.bytes,
            recorded_at: opening.sent_at,
            documents,
            settings: vec![(EXERCISE_SEED.into(), seed.to_string())],
            log_key: None,
            register: Some(keyring(&scenario, seed)?),
        },
    )?;
    // What comes before the register can keep anything: offices are enrolled, and it itself.
    loop {
        let act = next()?.context("nobody enrols the register's device")?;
        node.submit(&act.entry.bytes, act.sent_at)?;
        let register = node.read(|state| {
            let devices = state.record.keys().devices();
            devices.flat_map(|(_, enrolled)| enrolled).any(|e| e.role == Role::Register)
        });
        if register {
            node.keep_particulars(&sections, act.sent_at)?;
            break;
        }
    }
    Ok(Exercise { node: Arc::new(node), scenario, cohort, seed })
}

/// The keys of an exercise's register: the device's is made from the seed, as all that sign are; the
/// one that seals is drawn.
fn keyring(scenario: &Scenario, seed: u64) -> anyhow::Result<register::Keyring> {
    let mut sealing = [0; 32];
    getrandom::fill(&mut sealing).map_err(|e| anyhow::anyhow!("no randomness for a key: {e}"))?;
    let device = simulator::Signatory::register(&scenario.operation.mandate.ordered_by);
    Ok(register::Keyring {
        device: simulator::exercise_key(seed, &device),
        sealing: vec![register::RegisterKey::new(sealing)],
    })
}

/// Opens a store that [`create`] made.
pub fn open(url: &str) -> anyhow::Result<Exercise> {
    let node = Node::open(url)?;
    let mut files = Vec::new();
    for name in node.documents()?.into_iter().filter(|name| name.starts_with(SCENARIO)) {
        let document = node.document(&name)?.with_context(|| format!("document {name} is gone"))?;
        files.push((name, document.bytes));
    }
    let scenario = scenario_of(&files).with_context(|| format!("scenario kept in {url}"))?;
    let csv = node.document(COHORT)?.context("the store keeps no cohort: it is no exercise")?;
    let csv = String::from_utf8(csv.bytes).context("the cohort kept in the store is not text")?;
    let cohort =
        scenario::cohort::read_csv(&csv, COHORT).map_err(|report| anyhow::anyhow!("{report}"))?;
    let cohort = Arc::new(cohort);
    let seed =
        node.setting(EXERCISE_SEED)?.context("the store keeps no seed: it is no exercise")?;
    let seed = seed.parse().with_context(|| format!("seed '{seed}' is not a number"))?;
    Ok(Exercise { node: Arc::new(node), scenario: Arc::new(scenario), cohort, seed })
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

impl Exercise {
    /// The facts recorded by the end of a night: 06:00 local on the next morning.
    pub fn end_of(&self, night: domain::Night) -> anyhow::Result<u64> {
        let operation = &self.scenario.operation;
        let end = night.tomorrow()?.to_datetime(operation.night_to);
        let end = operation.utc_offset.to_timestamp(end)?;
        let entries = self.node.facts(0..self.node.position());
        Ok(entries.iter().take_while(|entry| entry.recorded_at <= end).count() as u64)
    }

    /// The operation's clock: when the last fact was recorded.
    pub fn now(&self) -> jiff::Timestamp {
        self.node.read(store::State::recorded_until)
    }

    /// An authority of the operation, by its id.
    pub fn authority(&self, id: &str) -> anyhow::Result<domain::AuthorityId> {
        let known: Vec<_> = self.scenario.authorities.iter().map(|a| a.id.as_str()).collect();
        if !known.contains(&id) {
            bail!("no authority '{id}' here; use one of: {}", known.join(", "));
        }
        Ok(domain::AuthorityId::new(id)?)
    }

    /// The play from its first fact, whatever is recorded already.
    pub fn play(&self) -> anyhow::Result<simulator::Play> {
        // From the record and not from the register: what was erased was registered all the same.
        let mut commitments: BTreeMap<PersonId, Commitment> = BTreeMap::new();
        for entry in self.node.facts(0..self.node.position()) {
            let Event::ParticularsKept { kept, .. } = &entry.fact.event else { continue };
            for (person, section, commitment) in kept {
                if *section == Section::Identity {
                    commitments.entry(*person).or_insert(*commitment);
                }
            }
        }
        if commitments.len() < self.cohort.people.len() {
            bail!("the record says of nobody's identity that it is kept: begin the exercise again");
        }
        let beginning =
            Beginning { origin: self.node.origin().to_owned(), seed: self.seed, commitments };
        Ok(simulator::Play::new(self.scenario.clone(), &self.cohort, beginning)?)
    }
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

/// The opening of an operation needs no plan.
struct NoPlan;

impl simulator::Planner for NoPlan {
    fn plan(&mut self, _: &simulator::PlanRequest) -> Result<planner::plan::PlanDocument, String> {
        Err("an operation is opened before it is planned".to_owned())
    }
    fn hash(&self, plan: &planner::plan::PlanDocument) -> domain::PlanHash {
        server::play::plan_hash(plan)
    }
}
