//! What goes wrong and has to be played (`troubles.toml`). Each names what was published about it.

use crate::cohort::Gate;
use domain::fact::{DeferralReason, Notified, Role};
use domain::ids::{AuthorityId, Night, SiteId, WaypointId};
use jiff::civil::{Date, Time};

/// The troubles of the story.
#[derive(Debug, Clone, PartialEq)]
pub struct Troubles {
    pub first_night: FirstNight,
    pub lost_control: LostControl,
    pub slow_down: SlowDown,
    pub lost_night: LostNight,
    pub partial_night: PartialNight,
    pub minors: MinorsFound,
    pub musters: Vec<MusterByNumber>,
    pub late_waypoints: Vec<LateWaypoint>,
    pub offline: Vec<OfflineDevice>,
    pub desks: Vec<NoticeDesk>,
}

/// The first convoy: as many offered as published by the sender, fewer accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstNight {
    pub night: Night,
    pub origin: SiteId,
    pub dest: SiteId,
    pub offered: u32,
    pub accepted: u32,
    /// What the receiver says of the others, and how many each; sums to offered minus accepted.
    pub others: Vec<NotAccepted>,
    pub source: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAccepted {
    pub count: u32,
    /// `true`: not aboard. `false`: aboard and refused.
    pub not_present: bool,
    /// A code of `domain::custody::RefusalReason`, or `not-present`.
    pub reason: String,
    /// How the difference is explained later, a code of `domain::fact::ResolutionReason`, and when.
    pub explained: String,
    pub explained_on: Date,
    /// Whether they return to the origin (refused) or were never away.
    pub back_at_origin: bool,
}

/// A prison loses control; a muster by name follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostControl {
    pub date: Date,
    pub site: SiteId,
    /// Counted before, counted after, missing by name, recaptured of those.
    pub held: u32,
    pub missing: u32,
    pub recaptured: u32,
    pub muster_on: Date,
    pub recaptured_by: Date,
    /// The others are moved here for the operation when the site cannot hold them; `None`: they stay.
    pub moved_to: Option<SiteId>,
    pub source: String,
}

/// The receiver asks for less; the promises themselves are in `intake.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlowDown {
    pub announced: Date,
    pub from: Night,
    pub to: Night,
    pub source: String,
}

/// The evening's reports are below minima though the forecast the plan relied on was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostNight {
    pub night: Night,
    /// The station whose reports lose it.
    pub station: String,
    pub source: String,
}

/// Part of the window is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartialNight {
    pub night: Night,
    pub station: String,
    /// Local times between which cover still stands.
    pub from: Time,
    pub to: Time,
    /// Slots per orbit that remain.
    pub slots: u32,
    pub source: String,
}

/// People found at reception to be under 18.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinorsFound {
    pub count: u32,
    /// Days after arrival within which they are found.
    pub within_days: u32,
    /// The gate that passed them.
    pub gate: Gate,
    pub source: String,
}

/// A count by number that is off by a slip, and is corrected by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MusterByNumber {
    pub date: Date,
    pub site: SiteId,
    /// What the count is off by.
    pub off_by: i32,
    pub corrected_after_h: u32,
    pub source: String,
}

/// A convoy's report that comes late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateWaypoint {
    pub night: Night,
    pub waypoint: WaypointId,
    pub late_min: u32,
    pub source: String,
}

/// A site's phones are without a link for hours; their facts arrive afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflineDevice {
    pub night: Night,
    pub site: SiteId,
    pub from: Time,
    pub hours: u32,
    pub source: String,
}

/// Officers who tell others of the people admitted, or examine them, once a day, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeDesk {
    /// Whom they tell; `None`: the doctors of each receiving site.
    pub whom: Option<Notified>,
    pub authority: AuthorityId,
    pub role: Role,
    /// Local hour at which they sign.
    pub hour: u32,
    /// Hours after admission before a file reaches them.
    pub after_h: u32,
    /// Files a day; of the doctors, at each site.
    pub per_day: u32,
    /// Closed without a notice, of a thousand, and why.
    pub waived_permille: u32,
    pub waived_as: DeferralReason,
    pub source: String,
}
