//! The exercise clock and the feed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The exercise clock.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Play {
    pub at: String,
    pub paused: bool,
    /// Operation seconds per real second.
    pub speed: f64,
    pub done: bool,
    /// Why the exercise stopped before its end.
    pub failed: Option<String>,
    /// What is being done now (as `replanning`), when it takes a moment.
    pub busy: Option<String>,
    /// Facts signed and facts to come in the part written so far.
    pub signed: u64,
}

/// A change to the exercise clock; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PlayChange {
    pub paused: Option<bool>,
    /// 1 to 1,000,000 operation seconds per real second.
    pub speed: Option<f64>,
    /// Go on to the next `fact` or `night`, then pause.
    pub step: Option<Step>,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    Fact,
    Night,
}

/// Sent on `/api/v1/feed` as event `head` whenever the record or the clock moved.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Head {
    pub position: u64,
    pub at: String,
    pub play: Option<Play>,
}
