//! What every handler has at hand.

use crate::api::{PlanResources, Problem};
use crate::clock::Clock;
use crate::feed::Feed;
use crate::figures::FiguresKept;
use crate::fold::{Fold, Folds};
use crate::map::Maps;
use crate::obligations::ClocksKept;
use crate::of_plan::OfPlan;
use crate::particulars::NationalitiesKept;
use crate::play::{EXERCISE_SEED, PlayHandle};
use crate::problem::ProblemCode;
use crate::publisher::Publishing;
use crate::reasons::Reasons;
use crate::sign_in::SignIn;
use access::Policies;
use jiff::Timestamp;
use scenario::Scenario;
use std::ops::Deref;
use std::sync::Arc;
use store::{Node, State};
use tokio::sync::Semaphore;

/// What every handler has: cheap to clone, as each request does several times.
#[derive(Clone)]
pub struct App(Arc<AtHand>);

/// The record, the scenario it plays in, and the exercise clock if there is one.
#[derive(Clone)]
pub struct AtHand {
    pub node: Arc<Node>,
    pub scenario: Arc<Scenario>,
    pub(crate) maps: Arc<Maps>,
    pub play: Option<PlayHandle>,
    clock: Clock,
    pub(crate) folds: Arc<Folds>,
    pub(crate) figures: Arc<FiguresKept>,
    pub(crate) feed: Arc<Feed>,
    pub(crate) clocks: Arc<ClocksKept>,
    pub(crate) nationalities: Arc<NationalitiesKept>,
    /// Set when heads are shown to witnesses here.
    pub(crate) publishing: Option<Arc<Publishing>>,
    pub(crate) sign_in: SignIn,
    pub(crate) policies: Arc<Policies>,
    pub(crate) resources: Arc<OfPlan<PlanResources>>,
    pub(crate) late: Arc<OfPlan<Reasons>>,
    /// One what-if at a time: each takes two threads.
    pub(crate) whatif: Arc<Semaphore>,
}

impl Deref for App {
    type Target = AtHand;

    fn deref(&self) -> &AtHand {
        &self.0
    }
}

impl App {
    /// The maps are those kept with the record, which also says whether this is an exercise. Blocking.
    pub fn new(
        node: Arc<Node>,
        scenario: Arc<Scenario>,
        play: Option<PlayHandle>,
        sign_in: SignIn,
    ) -> Self {
        // A record that cannot say so now is taken for one in earnest: no device moves its clock.
        let exercise = matches!(node.setting(EXERCISE_SEED), Ok(Some(_)));
        Self(Arc::new(AtHand {
            clock: Clock::of(&scenario.operation, exercise),
            maps: Arc::new(Maps::kept(&node)),
            sign_in,
            policies: Arc::new(Policies::built_in()),
            node,
            scenario,
            play,
            folds: Arc::default(),
            figures: Arc::default(),
            feed: Arc::default(),
            clocks: Arc::default(),
            nationalities: Arc::default(),
            publishing: None,
            resources: Arc::default(),
            late: Arc::default(),
            whatif: Arc::new(Semaphore::new(1)),
        }))
    }

    /// Whether anybody at this machine may use the room while nobody has an account: an exercise on
    /// plain HTTP, which only this machine can reach (see `serve::bind`).
    pub(crate) fn may_be_open(&self) -> bool {
        self.clock != Clock::Machine && !self.sign_in.is_secure()
    }

    /// Decides by these policies instead of those it was built with.
    pub fn deciding_by(self, policies: Policies) -> Self {
        let before = Arc::unwrap_or_clone(self.0);
        Self(Arc::new(AtHand { policies: Arc::new(policies), ..before }))
    }

    /// Shows the world only heads that a publisher brought to its witnesses.
    pub fn publishing(self, publishing: Arc<Publishing>) -> Self {
        let before = Arc::unwrap_or_clone(self.0);
        Self(Arc::new(AtHand { publishing: Some(publishing), ..before }))
    }

    /// The newest head, signed now. Not on an async thread.
    pub(crate) fn signed(&self) -> Result<String, Problem> {
        if let Some(why) = self.publishing.as_ref().and_then(|p| p.halted()) {
            return Err(Problem::new(ProblemCode::Unavailable, why));
        }
        Ok(self.node.checkpoint()?)
    }

    /// The operation's time: that of the play, or of this machine. In an exercise that another process
    /// plays, or that is over, when the last fact was recorded. Not on an async thread: it may wait for the
    /// record.
    pub(crate) fn now(&self) -> Timestamp {
        match &self.play {
            Some(play) => play.now(),
            None => self.clock.now(self.node.read(State::recorded_until), Timestamp::now()),
        }
    }

    /// When an entry that has just come in was received (ADR 54). Not on an async thread.
    pub(crate) fn received_at(&self, entry: &[u8]) -> Timestamp {
        if let Some(play) = &self.play {
            return play.now();
        }
        let (begun, recorded) = self
            .node
            .read(|state| (state.at(0).map(|first| first.recorded_at), state.recorded_until()));
        let happened = log::decode(entry).map_or(recorded, |e| e.claims().occurred_at);
        self.clock.received(happened, begun, recorded, Timestamp::now())
    }

    /// The head that the log shows the world, as a signed note. Not on an async thread.
    pub(crate) fn published(&self) -> Result<String, Problem> {
        if !self.publishing.as_ref().is_some_and(|p| p.witnessed) {
            return self.signed();
        }
        let none = || {
            let what = "not enough witnesses have cosigned a head of this record yet";
            Problem::new(ProblemCode::Unavailable, what)
        };
        Ok(self.node.newest_head(true)?.ok_or_else(none)?.note)
    }

    /// The fold at the head of the record.
    pub(crate) async fn fold(&self) -> Result<Arc<Fold>, Problem> {
        self.folds.now(&self.node, &self.scenario).await
    }

    /// The fold at the head, or the one before where the next takes long to make: what waits for nobody.
    pub(crate) async fn fold_at_hand(&self) -> Result<Arc<Fold>, Problem> {
        self.folds.at_hand(&self.node, &self.scenario).await
    }

    /// Runs what reads the record or computes for long, off the async threads.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let app = self.clone();
        tokio::task::spawn_blocking(move || work(&app)).await.unwrap_or_else(|error| {
            tracing::error!(error = %error, "a request failed on our side");
            Err(Problem::new(ProblemCode::Internal, "the request failed on our side"))
        })
    }
}
