//! The exercise clock and the thread that plays: takes what the parties sign, waits until the
//! clock says it is sent, and submits it as any device's facts are submitted.

use crate::api;
use crate::problem::{ProblemCode, chain};
use crate::sentence::Sentence;
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use planner::plan::PlanDocument;
use simulator::{Act, PlanRequest, Planner};
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use store::{Document, Node, StoreError};

/// The setting that says of a store that an exercise is in it, and what its keys are made from.
pub const EXERCISE_SEED: &str = "exercise.seed";
/// Operation seconds per real second, least and most.
const SPEED: std::ops::RangeInclusive<f64> = 1.0..=1_000_000.0;
/// Facts in one commit when the clock is ahead.
const BATCH_FACTS: usize = 256;
/// Operation time within which facts sent one after another share a commit.
const BATCH_SPAN: SignedDuration = SignedDuration::from_mins(5);

/// How an exercise begins.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Operation seconds per real second; `None` goes as fast as the machine can.
    pub speed: Option<f64>,
    /// Facts sent before this instant are played without waiting.
    pub from: Timestamp,
    /// The last instant played; what is sent later is left for another time.
    pub until: Option<Timestamp>,
    pub paused: bool,
    /// Local time of the operation less UTC.
    pub offset: Offset,
}

/// A planner that may have more to keep about the plan it made last, beside the document.
pub trait Staff: Planner + Send {
    fn beside(&self, plan: &PlanDocument) -> Vec<Document>;
}

/// A hold on the exercise that is being played into the record.
#[derive(Clone)]
pub struct PlayHandle {
    shared: Arc<Shared>,
}

struct Shared {
    control: Mutex<Control>,
    changed: Condvar,
}

struct Control {
    /// The clock's reading at `since`.
    at: Timestamp,
    since: Instant,
    speed: f64,
    paused: bool,
    /// The clock stands while the staff does something that takes a moment.
    busy: Option<&'static str>,
    /// Facts sent before this instant do not wait for the clock.
    rush: Timestamp,
    step_fact: bool,
    done: bool,
    stopped: bool,
    signed: u64,
    failed: Option<String>,
}

impl Control {
    fn now(&self) -> Timestamp {
        if self.stands() {
            return self.at;
        }
        let passed = self.since.elapsed().as_secs_f64() * self.speed;
        self.at + SignedDuration::from_millis((passed * 1000.0) as i64)
    }
    fn stands(&self) -> bool {
        self.paused || self.done || self.busy.is_some()
    }
    /// Sets the clock, whatever it read.
    fn set(&mut self, at: Timestamp) {
        self.at = at;
        self.since = Instant::now();
    }
    /// Changes how the clock goes without a jump in what it reads.
    fn change(&mut self, change: impl FnOnce(&mut Self)) {
        let now = self.now();
        change(self);
        self.set(now);
    }
}

impl PlayHandle {
    /// Starts the exercise in a thread of its own. Facts that the node already holds from an
    /// earlier run are passed over, so an interrupted exercise goes on where it stopped.
    pub fn start(
        node: Arc<Node>,
        play: simulator::Play,
        planner: Box<dyn Staff>,
        pace: Pace,
    ) -> Self {
        let handle = Self {
            shared: Arc::new(Shared {
                control: Mutex::new(Control {
                    at: pace.from,
                    since: Instant::now(),
                    speed: pace.speed.unwrap_or(*SPEED.end()).clamp(*SPEED.start(), *SPEED.end()),
                    paused: pace.paused,
                    busy: None,
                    rush: if pace.speed.is_none() { Timestamp::MAX } else { pace.from },
                    step_fact: false,
                    done: false,
                    stopped: false,
                    signed: 0,
                    failed: None,
                }),
                changed: Condvar::new(),
            }),
        };
        let stage = Stage {
            shared: handle.shared.clone(),
            planner: KeptPlans {
                node: node.clone(),
                planner,
                shared: handle.shared.clone(),
                offset: pace.offset,
            },
            node,
            play,
            until: pace.until,
            outbox: BTreeMap::new(),
            put: 0,
            over: false,
        };
        std::thread::spawn(move || stage.run());
        handle
    }

    pub fn state(&self) -> api::Play {
        let control = self.shared.lock();
        api::Play {
            at: control.now().to_string(),
            paused: control.paused,
            speed: control.speed,
            done: control.done,
            failed: control.failed.clone(),
            busy: control.busy.map(str::to_owned),
            signed: control.signed,
        }
    }

    /// # Errors
    /// For a speed outside 1 to 1,000,000.
    pub fn change(&self, change: api::PlayChange) -> Result<api::Play, api::Problem> {
        if let Some(speed) = change.speed
            && !SPEED.contains(&speed)
        {
            let within = [("speed", speed.into()), ("most", 1_000_000.into())];
            return Err(api::Problem::saying(ProblemCode::BadSpeed, Sentence::Speed, within));
        }
        self.shared.lock().change(|control| {
            control.speed = change.speed.unwrap_or(control.speed);
            control.paused = change.paused.unwrap_or(control.paused);
            match change.step {
                Some(api::Step::Fact) => {
                    control.paused = true;
                    control.step_fact = true;
                }
                Some(api::Step::Night) => {
                    control.paused = true;
                    control.rush = control.at + SignedDuration::from_hours(24);
                }
                None => {}
            }
        });
        self.shared.changed.notify_all();
        Ok(self.state())
    }

    /// The operation's clock.
    pub fn now(&self) -> Timestamp {
        self.shared.lock().now()
    }

    /// Waits until the play is over.
    ///
    /// # Errors
    /// Why it stopped early.
    pub fn wait(&self, mut progress: impl FnMut(Timestamp, u64)) -> Result<(), String> {
        loop {
            let control = self.shared.lock();
            if let Some(failed) = &control.failed {
                return Err(failed.clone());
            }
            if control.done {
                return Ok(());
            }
            let (at, signed) = (control.now(), control.signed);
            let waited = self.shared.changed.wait_timeout(control, Duration::from_millis(250));
            drop(waited);
            progress(at, signed);
        }
    }

    /// Stops the thread after the commit it is in.
    pub fn stop(&self) {
        self.shared.lock().stopped = true;
        self.shared.changed.notify_all();
    }
}

impl Shared {
    /// A clock that a panicked thread left behind still reads.
    fn lock(&self) -> MutexGuard<'_, Control> {
        self.control.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Stage {
    shared: Arc<Shared>,
    node: Arc<Node>,
    play: simulator::Play,
    planner: KeptPlans,
    until: Option<Timestamp>,
    /// Signed and not yet sent, by the time of sending.
    outbox: BTreeMap<(Timestamp, u64), Act>,
    put: u64,
    /// The play has no more to say.
    over: bool,
}

impl Stage {
    fn run(mut self) {
        let failed = self.play_out().err();
        if let Some(why) = &failed {
            tracing::error!(error = %why, "the exercise stopped");
        }
        self.shared.lock().change(|control| {
            control.failed = failed;
            control.done = true;
            control.busy = None;
        });
        self.shared.changed.notify_all();
    }

    fn play_out(&mut self) -> Result<(), String> {
        while let Some((sent_at, act)) = self.next_to_send()? {
            if self.until.is_some_and(|until| sent_at > until) {
                return Ok(());
            }
            if self.is_known(&act) {
                let mut control = self.shared.lock();
                let later = control.at.max(sent_at);
                control.set(later);
                control.signed += 1;
                continue;
            }
            if !self.wait_for(sent_at) {
                return Ok(());
            }
            let mut batch = vec![act];
            let mut last = sent_at;
            while batch.len() < BATCH_FACTS && self.shared.lock().rush > last {
                let Some((next_at, next)) = self.next_to_send()? else { break };
                if next_at > sent_at + BATCH_SPAN || self.until.is_some_and(|until| next_at > until)
                {
                    self.outbox.insert((next_at, 0), next);
                    break;
                }
                last = next_at;
                batch.push(next);
            }
            self.send(&batch, last)?;
        }
        Ok(())
    }

    /// The signed act that is sent next: nothing still to be signed can be sent before it.
    fn next_to_send(&mut self) -> Result<Option<(Timestamp, Act)>, String> {
        while !self.over
            && self.outbox.first_key_value().is_none_or(|((at, _), _)| *at >= self.play.now())
        {
            match self.play.next(&mut self.planner)? {
                Some(act) => {
                    self.put += 1;
                    self.outbox.insert((act.sent_at, self.put), act);
                }
                None => self.over = true,
            }
        }
        Ok(self.outbox.pop_first().map(|((at, _), act)| (at, act)))
    }

    fn is_known(&self, act: &Act) -> bool {
        self.node.read(|state| state.position_of(&act.entry.hash).is_some())
    }

    /// Waits for the clock; false when the exercise is to stop.
    fn wait_for(&self, at: Timestamp) -> bool {
        let mut control = self.shared.lock();
        loop {
            if control.stopped {
                return false;
            }
            if control.rush > at || control.step_fact {
                control.step_fact = false;
                let later = control.at.max(at);
                control.set(later);
                return true;
            }
            let now = control.now();
            if now >= at && !control.paused {
                return true;
            }
            let wait = if control.stands() {
                Duration::from_secs(1)
            } else {
                let left = at.duration_since(now).as_secs_f64() / control.speed;
                Duration::from_secs_f64(left.clamp(0.001, 1.0))
            };
            let woken = self.shared.changed.wait_timeout(control, wait);
            control = woken.map_or_else(|e| e.into_inner().0, |(guard, _)| guard);
        }
    }

    fn send(&self, batch: &[Act], recorded_at: Timestamp) -> Result<(), String> {
        for plan in batch.iter().filter_map(|act| act.document.as_ref()) {
            let document = Document {
                name: plan_name(&plan_hash(plan)),
                media_type: "application/json".to_owned(),
                bytes: plan.canonical_bytes(),
            };
            let beside = self.planner.planner.beside(plan);
            for document in beside.iter().chain([&document]) {
                self.node.put_document(document).map_err(|e| e.to_string())?;
            }
        }
        let entries: Vec<&[u8]> = batch.iter().map(|act| act.entry.bytes.as_slice()).collect();
        for answer in self.node.submit_all(&entries, recorded_at) {
            answer.map_err(|e| format!("a fact of the exercise was refused: {}", chain(&e)))?;
        }
        let mut control = self.shared.lock();
        control.signed += batch.len() as u64;
        let later = control.now().max(recorded_at);
        control.set(later);
        drop(control);
        self.shared.changed.notify_all();
        Ok(())
    }
}

/// Content hash of a plan document: SHA-256 of its canonical bytes.
pub fn plan_hash(plan: &PlanDocument) -> domain::PlanHash {
    domain::PlanHash(log::hash_of(&plan.canonical_bytes()).0)
}

/// The name under which the node keeps a plan document.
pub fn plan_name(hash: &domain::PlanHash) -> String {
    format!("plan/{hash}.json")
}

/// The document of a plan, when it is here and is the one that the hash names: a peer may have sent
/// another under its name.
pub fn kept_plan(node: &Node, plan: &domain::PlanHash) -> Result<Option<Document>, StoreError> {
    Ok(node.document(&plan_name(plan))?.filter(Document::is_of_its_name))
}

/// Takes a plan that was adopted in an earlier run of the exercise from the node, so that the run
/// goes on from it; asks the planner for any other.
struct KeptPlans {
    node: Arc<Node>,
    planner: Box<dyn Staff>,
    shared: Arc<Shared>,
    /// Local time less UTC, for the day a plan was adopted on.
    offset: Offset,
}

impl KeptPlans {
    /// The plan of a revision that the record says was adopted, and the day.
    fn adopted(&self, revision: u32) -> Option<(domain::PlanHash, Date)> {
        self.node.read(|state| {
            state.record.counted(domain::kind::PLAN_ADOPTED).find_map(|fact| match &fact.event {
                domain::Event::PlanAdopted { plan, revision: r, .. } if *r == revision => {
                    Some((*plan, self.offset.to_datetime(fact.occurred_at).date()))
                }
                _ => None,
            })
        })
    }

    fn kept(&self, hash: &domain::PlanHash) -> Option<PlanDocument> {
        let document = kept_plan(&self.node, hash).ok()??;
        let text = std::str::from_utf8(&document.bytes).ok()?;
        PlanDocument::from_json(text).ok()
    }
}

impl Planner for KeptPlans {
    fn plan(&mut self, request: &PlanRequest) -> Result<PlanDocument, String> {
        if let Some((hash, on)) = self.adopted(request.revision) {
            // The plan of another day: on this one there was none.
            return match self.kept(&hash) {
                Some(plan) if on == request.known_on => Ok(plan),
                Some(_) => Err("no plan was adopted on that day".to_owned()),
                None => Err(format!("plan {hash} was adopted and its document is gone")),
            };
        }
        self.shared.lock().change(|control| control.busy = Some("planning"));
        let plan = self.planner.plan(request);
        self.shared.lock().change(|control| control.busy = None);
        if let Err(why) = &plan {
            tracing::error!(error = %why, plan.revision = request.revision, "no new plan");
        }
        plan
    }

    fn hash(&self, plan: &PlanDocument) -> domain::PlanHash {
        plan_hash(plan)
    }
}
