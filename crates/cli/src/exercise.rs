//! An exercise: people invented from a seed, keys made from it, and a play that goes through it.

use crate::keyfile;
use crate::opened::{self, Opened};
use crate::sections;
use anyhow::{Context, bail};
use domain::{Commitment, Event, PersonId, Role, Section};
use scenario::{Cohort, Scenario};
use server::play::EXERCISE_SEED;
use simulator::Beginning;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use store::{Document, Genesis, Node};

/// What the play knows of everybody, by number, without a name: no export holds it unless asked.
pub const COHORT: &str = "cohort.csv";

/// What an exercise has beside a record and a scenario.
pub struct Exercise {
    pub cohort: Arc<Cohort>,
    pub seed: u64,
}

/// Makes a record with a scenario's cohort registered to be: particulars in the register, the
/// scenario beside it, the operation opened. Nothing is played yet.
pub fn create(url: &str, dir: &Path, seed: u64) -> anyhow::Result<Opened> {
    let scenario = Arc::new(Scenario::read(dir)?);
    let cohort = Arc::new(scenario::cohort::generate(&scenario, seed));
    let origin = format!("amana.invalid/{}", scenario.operation.id);
    let sections = sections::of_everybody(&scenario, &cohort, seed)?;
    let mut documents = opened::documents_of(dir)?;
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
    let exercise = Some(Exercise { cohort, seed });
    Ok(Opened { node: Arc::new(node), scenario, exercise })
}

/// The keys of an exercise's register: the device's is made from the seed, as all that sign are; the
/// one that seals is drawn.
fn keyring(scenario: &Scenario, seed: u64) -> anyhow::Result<register::Keyring> {
    let device = simulator::Signatory::register(&scenario.operation.mandate.ordered_by);
    Ok(register::Keyring {
        device: simulator::exercise_key(seed, &device),
        sealing: vec![register::RegisterKey::new(keyfile::drawn()?)],
    })
}

impl Exercise {
    /// The exercise that a store keeps; `None` where it keeps none.
    pub fn kept(node: &Node) -> anyhow::Result<Option<Self>> {
        let Some(seed) = node.setting(EXERCISE_SEED)? else { return Ok(None) };
        let seed = seed.parse().with_context(|| format!("seed '{seed}' is not a number"))?;
        let csv = node.document(COHORT)?.context("the exercise's cohort is gone from the store")?;
        let csv =
            String::from_utf8(csv.bytes).context("the cohort kept in the store is not text")?;
        let cohort = scenario::cohort::read_csv(&csv, COHORT)
            .map_err(|report| anyhow::anyhow!("{report}"))?;
        Ok(Some(Self { cohort: Arc::new(cohort), seed }))
    }

    /// The play from its first fact, whatever is recorded already.
    pub fn play(&self, opened: &Opened) -> anyhow::Result<simulator::Play> {
        // From the record and not from the register: what was erased was registered all the same.
        let mut commitments: BTreeMap<PersonId, Commitment> = BTreeMap::new();
        for entry in opened.node.facts(0..opened.node.position()) {
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
            Beginning { origin: opened.node.origin().to_owned(), seed: self.seed, commitments };
        Ok(simulator::Play::new(opened.scenario.clone(), &self.cohort, beginning)?)
    }
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
