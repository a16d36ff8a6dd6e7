//! What all screens at one position share, folded once for all who ask.

use crate::api::{DiscrepancyLine, Problem, Totals};
use crate::entitled::expected::{Expected, expected};
use crate::play::kept_plan;
use crate::problem::ProblemCode;
use crate::views::discrepancies::discrepancies;
use crate::views::journeys::Journeys;
use crate::views::movements::{Movement, movements};
use crate::views::nights::{Decided, begins, cover_decided};
use crate::views::operation::sites;
use crate::views::plan::{Planned, Plans};
use crate::views::promises::Promises;
use domain::*;
use planner::plan::PlanDocument;
use scenario::Scenario;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::{Node, State};
use tokio::time::Instant;

/// Least time between the beginnings of two folds. Whoever asks for a newer position sooner waits.
const BETWEEN_FOLDS: Duration = Duration::from_millis(200);

/// The record at a position, laid out for the screens. Nothing in it depends on the time.
#[derive(Debug, Default)]
pub struct Fold {
    /// Facts folded.
    pub position: u64,
    /// Hexadecimal.
    pub root: String,
    pub totals: Totals,
    pub journeys: Journeys,
    /// People who may board.
    pub cleared: BTreeSet<PersonId>,
    /// People held in each unit.
    pub held: BTreeMap<UnitId, u32>,
    /// As shown: open first, newest first.
    pub discrepancies: Vec<DiscrepancyLine>,
    /// Codes of the open discrepancies about each person.
    open: BTreeMap<PersonId, BTreeSet<DiscrepancyCode>>,
    pub plans: Plans,
    pub movements: BTreeMap<MovementId, Movement>,
    pub promises: Promises,
    pub cover: BTreeMap<Night, Decided>,
    pub expected: Expected,
}

/// Plan documents by hash, as read so far.
type Documents = BTreeMap<PlanHash, Arc<Planned>>;

impl Fold {
    fn of(state: &State, scenario: &Scenario, documents: &Documents) -> Self {
        let record = &state.record;
        let journeys = Journeys::of(record, &sites(scenario));
        let plans = Plans::of(record, documents);
        let begins = |night| begins(&scenario.operation, night);
        let cleared: BTreeSet<_> =
            record.people().map(|(p, _)| p).filter(|p| record.cleared(*p)).collect();
        let mut held: BTreeMap<UnitId, u32> = BTreeMap::new();
        for (account, people) in state.books.accounts() {
            if let Place::Unit(unit) = &account.place {
                *held.entry(unit.clone()).or_default() += people as u32;
            }
        }
        let discrepancies = discrepancies(state);
        let movements = movements(record, &plans, scenario, begins);
        Self {
            position: state.position(),
            root: FactHash(state.root()).to_string(),
            totals: totals(state, &journeys, cleared.len(), &discrepancies),
            journeys,
            open: open_by_person(&discrepancies),
            expected: expected(record, &plans, &movements, scenario),
            movements,
            promises: Promises::of(record),
            cover: cover_decided(record),
            cleared,
            held,
            discrepancies,
            plans,
        }
    }

    /// Codes of the open discrepancies a person is in.
    pub fn open_about(&self, person: PersonId) -> BTreeSet<DiscrepancyCode> {
        self.open.get(&person).cloned().unwrap_or_default()
    }

    pub fn movements_of(&self, night: Night) -> impl Iterator<Item = &Movement> {
        self.movements.values().filter(move |m| m.id.night == night)
    }
}

/// As `ledger::balance` has them, from what is folded already: it would fold the same once more.
fn totals(
    state: &State,
    journeys: &Journeys,
    cleared: usize,
    discrepancies: &[DiscrepancyLine],
) -> Totals {
    let counts = state.books.counts();
    Totals {
        registered: counts.registered.max(0) as u32,
        cleared: cleared as u32,
        departed: journeys.departed.len() as u32,
        in_transit: journeys.in_transit.len() as u32,
        admitted: journeys.admitted.len() as u32,
        ended: (counts.exits_total() - counts.recovered).max(0) as u32,
        contested: state.record.people().filter(|(_, s)| s.contest.is_some()).count() as u32,
        open_discrepancies: discrepancies.iter().filter(|d| d.open).count() as u32,
        balanced: state.books.check().is_ok(),
    }
}

fn open_by_person(lines: &[DiscrepancyLine]) -> BTreeMap<PersonId, BTreeSet<DiscrepancyCode>> {
    let mut open: BTreeMap<PersonId, BTreeSet<DiscrepancyCode>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.open) {
        let Some(code) = DiscrepancyCode::from_code(&line.code) else { continue };
        for person in line.people.iter().filter_map(|p| PersonId::parse(p).ok()) {
            open.entry(person).or_default().insert(code);
        }
    }
    open
}

/// Making a fold longer than this, nobody waits for who only has to know what somebody may see.
const LONG: Duration = Duration::from_millis(100);

/// Keeps the latest fold, and makes the next when somebody asks for a newer position.
#[derive(Default)]
pub struct Folds {
    latest: tokio::sync::Mutex<Option<(Instant, Arc<Fold>)>>,
    /// The latest again, with what it took to make: for who does not wait for the next.
    at_hand: Mutex<Option<(Duration, Arc<Fold>)>>,
    documents: Mutex<Documents>,
}

impl Folds {
    /// The fold at the head of the record as it is now, or newer.
    pub async fn now(
        self: &Arc<Self>,
        node: &Arc<Node>,
        scenario: &Arc<Scenario>,
    ) -> Result<Arc<Fold>, Problem> {
        let wanted = node.position();
        let mut latest = self.latest.lock().await;
        if let Some((begun, fold)) = &*latest {
            if fold.position >= wanted {
                return Ok(fold.clone());
            }
            tokio::time::sleep_until(*begun + BETWEEN_FOLDS).await;
        }
        let begun = Instant::now();
        let (folds, node, scenario) = (self.clone(), node.clone(), scenario.clone());
        let fold = tokio::task::spawn_blocking(move || folds.make(&node, &scenario))
            .await
            .map_err(|e| Problem::new(ProblemCode::Internal, e))?;
        *latest = Some((begun, fold.clone()));
        let mut at_hand = self.at_hand.lock().unwrap_or_else(|e| e.into_inner());
        *at_hand = Some((begun.elapsed(), fold.clone()));
        Ok(fold)
    }

    /// As [`Folds::now`]; but where a fold takes long, the last one there is while the next is made.
    ///
    /// What the plan and frozen lists expect of people may then be some seconds old. Who holds whom is
    /// never read from here by those who decide what somebody sees.
    pub async fn at_hand(
        self: &Arc<Self>,
        node: &Arc<Node>,
        scenario: &Arc<Scenario>,
    ) -> Result<Arc<Fold>, Problem> {
        let at_hand = self.at_hand.lock().unwrap_or_else(|e| e.into_inner()).clone();
        let Some((_, fold)) = at_hand.filter(|(took, _)| *took > LONG) else {
            return self.now(node, scenario).await;
        };
        if fold.position < node.position() && self.latest.try_lock().is_ok() {
            let (folds, node, scenario) = (self.clone(), node.clone(), scenario.clone());
            tokio::spawn(async move { folds.now(&node, &scenario).await.map(drop) });
        }
        Ok(fold)
    }

    /// The fold at the head, made now. Blocking.
    pub fn at_once(&self, node: &Node, scenario: &Scenario) -> Arc<Fold> {
        self.make(node, scenario)
    }

    fn make(&self, node: &Node, scenario: &Scenario) -> Arc<Fold> {
        let mut documents = self.documents.lock().unwrap_or_else(|e| e.into_inner());
        let adopted = |fact: &Arc<Fact>| match &fact.event {
            Event::PlanAdopted { plan, .. } => Some(*plan),
            _ => None,
        };
        let plans: BTreeSet<PlanHash> = node.read(|state| {
            state.record.counted(domain::kind::PLAN_ADOPTED).filter_map(adopted).collect()
        });
        for plan in plans {
            if !documents.contains_key(&plan)
                && let Some(planned) = read_plan(node, scenario, &plan)
            {
                documents.insert(plan, Arc::new(planned));
            }
        }
        let begun = Instant::now();
        let fold = node.read(|state| Fold::of(state, scenario, &documents));
        let duration_ms = begun.elapsed().as_millis() as u64;
        tracing::debug!(position = fold.position, duration_ms, "folded for the screens");
        Arc::new(fold)
    }
}

/// A plan document that is not here yet, or cannot be read, is tried again with the next fold.
fn read_plan(node: &Node, scenario: &Scenario, plan: &PlanHash) -> Option<Planned> {
    let document = match kept_plan(node, plan) {
        Ok(document) => document?,
        Err(error) => {
            tracing::error!(plan = %plan, error = %error, "cannot read a plan document");
            return None;
        }
    };
    let text = String::from_utf8(document.bytes).ok()?;
    match PlanDocument::from_json(&text) {
        Ok(document) => Some(Planned::of(document, scenario)),
        Err(error) => {
            tracing::error!(plan = %plan, error = %error, "a plan document does not read");
            None
        }
    }
}
