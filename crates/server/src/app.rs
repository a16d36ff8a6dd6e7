//! What every handler has at hand.

use crate::api::Problem;
use crate::feed::Feed;
use crate::figures::FiguresKept;
use crate::fold::{Fold, Folds};
use crate::map::Maps;
use crate::play::PlayHandle;
use crate::problem::ProblemCode;
use jiff::Timestamp;
use scenario::Scenario;
use std::sync::Arc;
use store::{Node, State};

/// The record, the scenario it plays in, and the exercise clock if there is one.
#[derive(Clone)]
pub struct App {
    pub node: Arc<Node>,
    pub scenario: Arc<Scenario>,
    pub(crate) maps: Arc<Maps>,
    pub play: Option<PlayHandle>,
    /// Without an exercise clock.
    pub clock: Clock,
    pub(crate) folds: Arc<Folds>,
    pub(crate) figures: Arc<FiguresKept>,
    pub(crate) feed: Arc<Feed>,
}

/// What tells the operation's time when no exercise is being played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// When the last fact was recorded: for an exercise that another process plays, or that is
    /// over. A fact sent here is recorded when it happened, since nothing else says how late it is.
    Record,
    /// The machine's clock.
    Real,
}

impl App {
    /// The maps are those kept with the record. Blocking.
    pub fn new(node: Arc<Node>, scenario: Arc<Scenario>, play: Option<PlayHandle>) -> Self {
        Self {
            maps: Arc::new(Maps::kept(&node)),
            node,
            scenario,
            play,
            clock: Clock::Record,
            folds: Arc::default(),
            figures: Arc::default(),
            feed: Arc::default(),
        }
    }

    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The operation's clock. Not on an async thread: it may wait for the record.
    pub(crate) fn now(&self) -> Timestamp {
        match (&self.play, self.clock) {
            (Some(play), _) => play.now(),
            (None, Clock::Real) => Timestamp::now(),
            (None, Clock::Record) => self.node.read(recorded_last),
        }
    }

    /// When an entry that has just come in was received. Not on an async thread.
    pub(crate) fn received_at(&self, entry: &[u8]) -> Timestamp {
        let now = self.now();
        match (&self.play, self.clock) {
            (None, Clock::Record) => {
                let happened = log::decode(entry).map(|e| e.claims().occurred_at);
                now.max(happened.unwrap_or(now))
            }
            _ => now,
        }
    }

    /// The fold at the head of the record.
    pub(crate) async fn fold(&self) -> Result<Arc<Fold>, Problem> {
        self.folds.now(&self.node, &self.scenario).await
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

fn recorded_last(state: &State) -> Timestamp {
    let last = state.position().checked_sub(1).and_then(|index| state.at(index));
    last.map_or(Timestamp::UNIX_EPOCH, |entry| entry.recorded_at)
}
