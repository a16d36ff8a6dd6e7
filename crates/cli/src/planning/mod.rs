//! Plans for a scenario: its problem, searched and bounded, with everybody named.

mod past;
mod prices;
pub mod record;
mod revision;

use anyhow::Context;
use domain::{AdoptionReason, Night, PersonId};
use past::Past;
use planner::bound::{self, Certificate, Proof, Watch};
use planner::persons::{self, Before, Memory, Traveller};
use planner::plan::{Heading, Limits, PlanDocument, Since};
use planner::problem::Problem;
use planner::robust::Weather;
use planner::solve::{Base, Done, Flow, Options, Progress, beside_proof, solve};
use prices::price;
pub use revision::request_of;
use scenario::planning::{Known, build, expected};
use scenario::{Cohort, Person, Scenario};
use server::play::Staff;
use simulator::{CarriedOut, PlanRequest, Planner};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use store::Document;

/// How much to search for a plan.
#[derive(clap::Args, Debug, Clone, Copy)]
pub struct Effort {
    /// Seconds of search for a revision; the first plan gets five times as many
    #[arg(long, default_value_t = 3.0)]
    pub plan_seconds: f64,
    /// Iterations of search instead of seconds: the same plan on any machine
    #[arg(long)]
    pub plan_iterations: Option<u64>,
}

impl Effort {
    /// So many seconds for a first plan.
    pub fn for_first(seconds: f64) -> Self {
        Self { plan_seconds: seconds / FIRST_PLAN_FACTOR, plan_iterations: None }
    }
}

/// The first plan's share of time, in revisions'.
const FIRST_PLAN_FACTOR: f64 = 5.0;
/// Shares of the time for the search, and for each of the few times that it is solved again because
/// persons cannot carry the plan out.
const SEARCH_SHARE: f64 = 0.5;
const AGAIN_SHARE: f64 = 0.15;
/// Units for each convoy of the plan in force that a new plan changes: forty people waiting a night.
const CHURN_PRICE: i64 = 4000;
/// The bound of a revision starts from its parent's certificate, so it may have less time.
const BOUND_SECONDS_REVISION: f64 = 2.0;
/// Long enough for the solver to finish on any machine that can be waited for.
const BOUND_WITHOUT_CLOCK: Duration = Duration::from_secs(600);
const ROUNDS_WITHOUT_CLOCK: usize = 8;

/// Shadow prices kept with a plan, dearest first.
const PRICES: usize = 60;

/// Plans for one scenario and cohort, each revision from the one before.
pub struct ScenarioPlanner {
    scenario: Arc<Scenario>,
    cohort: Arc<Cohort>,
    effort: Effort,
    seed: u64,
    threads: usize,
    weather: Option<Weather>,
    last: Option<Made>,
}

/// The revision made last, with what it was made from.
struct Made {
    document: PlanDocument,
    certificate: Certificate,
    problem: Problem,
    /// Whom it was about.
    people: server::Boarders,
    /// The first night that it could still change.
    from: usize,
}

/// A plan, and how many of those planned for it leaves behind.
pub struct Planned {
    pub document: PlanDocument,
    pub left_behind: i64,
    /// What a hedge against lost nights brings, in words, where one was asked for.
    pub hedge: Option<String>,
}

impl ScenarioPlanner {
    pub fn new(scenario: Arc<Scenario>, cohort: Arc<Cohort>, effort: Effort) -> Self {
        Self { scenario, cohort, effort, seed: 1, threads: 1, weather: None, last: None }
    }

    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Searches that run side by side, 1 or 2.
    pub fn with_threads(self, threads: usize) -> Self {
        Self { threads, ..self }
    }

    /// Plans that expect to lose nights.
    pub fn expecting(self, weather: Option<Weather>) -> Self {
        Self { weather, ..self }
    }

    /// The request for a first plan, the evening before the first night.
    pub fn first_request(&self) -> PlanRequest {
        let first = self.scenario.operation.first_night;
        let known_on = first.yesterday().unwrap_or(first);
        let missing = |p: &&Person| !p.is_open_on(known_on) || p.duplicate_of.is_some();
        PlanRequest {
            revision: 1,
            parent: None,
            in_force: None,
            why: AdoptionReason::First,
            from: first,
            known_on,
            carried_out: Vec::new(),
            staying: self.cohort.people.iter().filter(missing).map(|p| p.id).collect(),
        }
    }

    /// The problem as a request knows it, and everybody in it.
    pub fn problem(&self, request: &PlanRequest) -> anyhow::Result<(Problem, Vec<Traveller>)> {
        let nights: Vec<Night> = self.scenario.operation.nights().collect();
        // Classes are made of everybody, so that a class means the same in every revision: people
        // who moved in a vehicle of their class's need are not of a stricter class later.
        let everybody = |_: &Person| Some(Night::MIN);
        let known = Known {
            on: request.known_on,
            lost: BTreeSet::new(),
            partial: BTreeMap::new(),
            ready: &everybody,
        };
        let planning = build(&self.scenario, &self.cohort, &known);
        let mut problem = planning.problem;
        let moved: BTreeMap<String, Night> = carried(request)
            .map(|(carried, person)| (person.to_string(), carried.movement.night))
            .collect();
        let ready = |person: &Person, number: &str| match moved.get(number) {
            Some(night) => Some(*night),
            None if request.staying.contains(&person.id) => None,
            None => expected(&self.scenario, person, request.known_on),
        };
        let people: BTreeMap<String, &Person> =
            self.cohort.people.iter().map(|p| (p.id.to_string(), p)).collect();
        // People who belong together wait for the last of them.
        let mut last: BTreeMap<String, Night> = BTreeMap::new();
        for t in planning.travellers.iter().filter(|t| !moved.contains_key(&t.number)) {
            let person = people.get(&t.number).context("a traveller of no cohort")?;
            if let (Some(group), Some(from)) = (&t.together, ready(person, &t.number)) {
                let latest = last.entry(group.clone()).or_insert(from);
                *latest = from.max(*latest);
            }
        }
        let mut by_class: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        let mut travellers = Vec::new();
        for mut traveller in planning.travellers {
            let person = people.get(&traveller.number).context("a traveller of no cohort")?;
            let Some(from) = ready(person, &traveller.number) else { continue };
            let kin =
                traveller.together.as_ref().filter(|_| !moved.contains_key(&traveller.number));
            let from = kin.and_then(|group| last.get(group)).map_or(from, |last| from.max(*last));
            let by_night =
                by_class.entry(traveller.class.clone()).or_insert_with(|| vec![0; nights.len()]);
            for (count, night) in by_night.iter_mut().zip(&nights) {
                *count += i64::from(*night >= from);
            }
            // Whoever is ready by now is as ready as anybody; later ones count from their evening.
            let now =
                if moved.contains_key(&traveller.number) { from } else { from.max(request.from) };
            traveller.ready = nights.partition_point(|night| *night < now);
            travellers.push(traveller);
        }
        for class in &mut problem.classes {
            class.count = travellers.iter().filter(|t| t.class == class.id).count() as i64;
            let by_night = by_class.remove(&class.id);
            class.ready = by_night.unwrap_or_else(|| vec![0; nights.len()]);
        }
        self.close_the_past(&mut problem, request);
        Ok((problem, travellers))
    }

    /// What was received in nights gone by is all that can have been: a bound that knows it is
    /// not about a past in which the lost night was used.
    fn close_the_past(&self, problem: &mut Problem, request: &PlanRequest) {
        let operation = &self.scenario.operation;
        let from = operation.night_index(request.from).unwrap_or(0);
        for facility in &mut problem.facilities {
            facility.intake[..from].fill(0);
        }
        for (carried, _) in carried(request) {
            let night = operation.night_index(carried.movement.night).filter(|n| *n < from);
            let route = problem.routes.iter().find(|r| r.id == carried.route);
            if let (Some(night), Some(route)) = (night, route) {
                problem.facilities[route.dest].intake[night] += 1;
            }
        }
    }

    /// Searches, bounds and names.
    ///
    /// # Errors
    /// When what was carried out cannot be replayed, or the plan found breaks a rule: our mistakes.
    pub fn make(
        &mut self,
        request: &PlanRequest,
        progress: &mut dyn FnMut(&Progress) -> Flow,
    ) -> anyhow::Result<Planned> {
        let (problem, travellers) = self.problem(request)?;
        let from = self.scenario.operation.night_index(request.from).context("no such night")?;
        let past = Past::new(&self.scenario, request, &travellers, from);
        let base = request.in_force.as_ref().map(PlanDocument::class_plan);
        let factor = if request.in_force.is_none() { FIRST_PLAN_FACTOR } else { 1.0 };
        let seconds = self.effort.plan_seconds * factor;
        let limit = |share: f64| match self.effort.plan_iterations {
            Some(_) => Duration::MAX,
            None => Duration::from_secs_f64(share * seconds),
        };
        let options = Options {
            time_limit: limit(SEARCH_SHARE),
            seed: self.seed,
            threads: self.threads,
            max_iterations: self.effort.plan_iterations,
            done: (from > 0).then(|| Done { nights: from, plan: past.plan.clone() }),
            base: base.map(|plan| Base::new(plan, CHURN_PRICE)),
        };
        let before = self.last.as_ref().map(|made| made.certificate.clone());
        let prove = |watch: &Watch| {
            prove(&problem, before.as_ref(), &self.effort, SEARCH_SHARE * seconds, watch)
        };
        let ((solution, hedged), proof) =
            beside_proof(prove, progress, |progress| match &self.weather {
                None => solve(&problem, &options, progress).map(|s| (s, None)),
                Some(weather) => weather.search(&problem, &options, progress).map(|found| {
                    let told = (found.in_words(), found.hedge);
                    (found.solution, Some(told))
                }),
            })?;
        let before = Before {
            seats: past.seats,
            beds: past.beds,
            memory: request.in_force.as_ref().map(Memory::of),
        };
        // Only where persons cannot carry the plan out is it solved again.
        let again = Options { time_limit: limit(AGAIN_SHARE), ..options };
        let effort = persons::Effort::default();
        // A cut is solved again at the prices that the plan was found at.
        let priced = hedged.as_ref().map(|(_, hedge)| hedge.apply(&problem));
        let priced = priced.as_ref().unwrap_or(&problem);
        let realised =
            persons::realise(priced, &solution.plan, &travellers, &before, &effort, &again)?;
        let seating = realised.seating;
        let heading = Heading {
            operation: self.scenario.operation.id.to_string(),
            revision: request.revision,
            parent: request.parent.map(|p| p.to_string()),
            problem: Some(log::hash_of(problem.to_json().as_bytes()).to_string()),
            why: request.why.to_string(),
            since: request.in_force.is_some().then(|| Since {
                night: from,
                known_on: request.known_on.to_string(),
                staying: request.staying.iter().map(|p| p.to_string()).collect(),
            }),
            seed: self.seed,
            limits: Limits {
                time_ms: if self.effort.plan_iterations.is_some() {
                    0
                } else {
                    (seconds * 1000.0) as u64
                },
                iterations: self.effort.plan_iterations,
                threads: self.threads,
            },
            certificate: Some(digest(&proof.certificate)?),
        };
        let document = PlanDocument::compose(&problem, &seating, &proof, heading)?;
        let left_behind = seating.unplaced.len() as i64;
        self.last = Some(Made {
            document: document.clone(),
            certificate: proof.certificate,
            problem,
            people: boarders(travellers),
            from,
        });
        Ok(Planned { document, left_behind, hedge: hedged.map(|(words, _)| words) })
    }
}

impl Planner for ScenarioPlanner {
    fn plan(&mut self, request: &PlanRequest) -> Result<PlanDocument, String> {
        let planned = self.make(request, &mut |_| Flow::Continue);
        planned
            .map(|p| p.document)
            .map_err(|e| format!("plan revision {}: {e:#}", request.revision))
    }

    fn hash(&self, plan: &PlanDocument) -> domain::PlanHash {
        server::play::plan_hash(plan)
    }
}

impl Staff for ScenarioPlanner {
    fn beside(&self, plan: &PlanDocument) -> Vec<Document> {
        let made = self.last.as_ref().filter(|made| made.document == *plan);
        let prices = made.and_then(|made| {
            let priced = bound::shadow_prices(&made.problem, &made.certificate).ok()?;
            let nights: Vec<Night> = self.scenario.operation.nights().collect();
            let ahead = priced.iter().filter(|p| p.resource.night().is_none_or(|n| n >= made.from));
            let shown = ahead.take(PRICES).map(|p| price(&made.problem, &nights, p));
            serde_json::to_vec(&shown.collect::<Vec<_>>()).ok()
        });
        let hash = server::play::plan_hash(plan);
        let problem = made.map(|made| {
            server::PlannedProblem { from: made.from, problem: made.problem.clone() }.to_bytes()
        });
        let reasons = made.and_then(|made| {
            server::reasons(&made.document, &made.problem, made.from, &made.people).ok()
        });
        let named = [
            (server::prices_name(&hash), prices),
            (server::problem_name(&hash), problem),
            (server::reasons_name(&hash), reasons),
        ];
        let document = |(name, bytes): (String, Option<Vec<u8>>)| {
            Some(Document { name, media_type: "application/json".to_owned(), bytes: bytes? })
        };
        named.into_iter().filter_map(document).collect()
    }
}

/// Of which class each is and when they may board: what the plan itself does not say.
pub fn boarders(travellers: Vec<Traveller>) -> server::Boarders {
    let mut people = server::Boarders::new();
    for t in travellers {
        people.entry(t.class).or_default().entry(t.ready).or_default().push(t.number);
    }
    people
}

/// Everyone who was admitted, with the movement that took them.
fn carried(request: &PlanRequest) -> impl Iterator<Item = (&CarriedOut, PersonId)> {
    request.carried_out.iter().flat_map(|carried| {
        let people = carried.vehicles.iter().flat_map(|v| &v.admitted);
        people.map(move |(person, _)| (carried, *person))
    })
}

/// What the parent's certificate proves of this problem, improved for as long as there is time; a
/// proof from nothing, in the time of the search, for the first plan. Where iterations limit the search
/// nothing may depend on the clock: the first proof is the solver's optimum, and a revision's is its
/// parent's certificate.
fn prove(
    problem: &Problem,
    before: Option<&Certificate>,
    effort: &Effort,
    seconds: f64,
    watch: &Watch,
) -> Proof {
    let climb = match effort.plan_iterations {
        Some(_) => Duration::ZERO,
        None => Duration::from_secs_f64(BOUND_SECONDS_REVISION.min(seconds)),
    };
    let improved = before.and_then(|certificate| bound::improve(problem, certificate, climb).ok());
    improved.unwrap_or_else(|| match effort.plan_iterations {
        Some(_) => bound::prove_in_rounds(problem, ROUNDS_WITHOUT_CLOCK, BOUND_WITHOUT_CLOCK),
        None => bound::prove_watched(problem, Duration::from_secs_f64(seconds), watch),
    })
}

/// SHA-256 of a certificate, hexadecimal.
pub fn digest(certificate: &Certificate) -> anyhow::Result<String> {
    Ok(log::hash_of(&serde_json::to_vec(certificate)?).to_string())
}
