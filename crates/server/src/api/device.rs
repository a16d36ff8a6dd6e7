//! Devices: whose, since when, how silent, and what their chains lack.

use super::FactLine;
use serde::Serialize;
use utoipa::ToSchema;

/// Devices at a position of the record and an instant of the operation's clock.
#[derive(Debug, Serialize, ToSchema)]
pub struct DevicesPage {
    pub position: u64,
    pub at: String,
    /// Whether every authority's devices are here, or those of the officer's own alone.
    pub everybody: bool,
    /// By authority, then by site and device.
    pub devices: Vec<DeviceLine>,
}

/// A device, as one authority lets it sign.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceLine {
    /// SHA-256 of its public key, hexadecimal: the name that facts have for it.
    pub device: String,
    /// Ed25519 public key, hexadecimal.
    pub key: String,
    pub authority: String,
    pub role: String,
    pub site: Option<String>,
    pub unit: Option<String>,
    /// Whether the authority itself answers with this key, and enrols others with it.
    pub own: bool,
    /// The fact that enrolled it; absent for a key that the operation's opening named.
    pub enrolled: Option<FactLine>,
    /// Whether the key that enrolled it counted then.
    pub stands: bool,
    /// The term it is enrolled for, where the enrolment names one.
    pub from: Option<String>,
    pub until: Option<String>,
    /// The device it takes the place of.
    pub replaces: Option<String>,
    /// Facts it signed for this authority.
    pub facts: u32,
    pub last: Option<DeviceFact>,
    /// How long it may say nothing, in seconds; absent where the enrolment does not say.
    pub silence_allowed_s: Option<u32>,
    /// When it should have spoken since: it is silent for longer than it may.
    pub silent_since: Option<String>,
    /// The longest time it has said nothing, by its own clock.
    pub longest_silence: Option<SilenceSpan>,
    /// Sequences that never came in, in order.
    pub missing: Vec<MissingFacts>,
    /// Sequences it signed more than once, in order.
    pub twice: Vec<SignedTwice>,
    /// Facts that wait for the one before them, in order of sequence.
    pub waiting: Vec<WaitingFact>,
    /// What it signed ahead of this node's clock.
    pub ahead: Option<AheadOfClock>,
    pub revoked: Option<RevokedLine>,
}

/// Facts that had not happened yet, by this node's clock, when they came in; ten minutes are allowed.
#[derive(Debug, Serialize, ToSchema)]
pub struct AheadOfClock {
    pub facts: u32,
    /// The one that was furthest ahead.
    pub furthest: DeviceFact,
    pub seconds: u64,
}

/// A fact of a device, without what it says.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceFact {
    pub hash: String,
    pub position: u64,
    /// Place in the device's chain, from 0.
    pub sequence: u64,
    pub kind: String,
    pub occurred_at: String,
    pub recorded_at: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SilenceSpan {
    pub from: String,
    pub until: String,
    pub seconds: u64,
}

/// Sequences that are lacking, from the first to the last.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingFacts {
    pub first: u64,
    pub last: u64,
    /// The fact after them, and so since when they are lacking.
    pub before: DeviceFact,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SignedTwice {
    pub sequence: u64,
    /// All different, by position.
    pub facts: Vec<DeviceFact>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingFact {
    pub fact: DeviceFact,
    /// The hash of the fact before it, which has not come in.
    pub missing: String,
}

/// A key taken out of use.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevokedLine {
    pub why: String,
    /// The last sequence that counts; absent when nothing does.
    pub last: Option<u64>,
    pub fact: Option<FactLine>,
    /// Facts it signed beyond that: kept, and counting for nothing.
    pub beyond: u32,
}

/// Where a device's chain stands in the record: what it needs to sign its next fact. The device itself
/// remembers the same, and believes itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceChainHead {
    pub device: String,
    pub operation: String,
    /// The log that facts are signed for.
    pub origin: String,
    /// The operation's clock.
    pub at: String,
    /// The sequence after the newest fact here.
    pub next: u64,
    /// The newest fact's hash; absent while there is none.
    pub last: Option<String>,
    /// Whether the newest sequence was signed twice: then the device has to be enrolled anew.
    pub twice: bool,
    /// Empty when nobody enrolled the device.
    pub may_sign: Vec<MaySign>,
}

/// An authority's leave to sign.
#[derive(Debug, Serialize, ToSchema)]
pub struct MaySign {
    pub authority: String,
    pub role: String,
    /// The term's end, where there is one.
    pub until: Option<String>,
    /// Whether what it signs next counts: enrolled by a key that counted, and not revoked.
    pub counts: bool,
}
