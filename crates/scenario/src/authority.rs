//! Who takes part (`authorities.toml`).

use crate::cohort::Gate;
use crate::text::Text;
use domain::code;
use domain::ids::AuthorityId;

/// A ministry, force, court or monitor. Its officers act, it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    pub id: AuthorityId,
    pub names: Text,
    pub kind: AuthorityKind,
    /// ISO 3166-1 alpha-2, where it belongs to one state.
    pub country: Option<String>,
    /// Whether its resolutions settle contested custody.
    pub resolves: bool,
    /// Whether it may see everything and change nothing.
    pub observes: bool,
    /// The gates it decides.
    pub clears: Vec<Gate>,
}

code!(
    /// What part an authority has.
    AuthorityKind {
        /// Holds the people at first.
        Sender = "sender",
        /// Drives and guards the convoys.
        Escort = "escort",
        AirCover = "air-cover",
        /// Runs the receiving prisons.
        Receiver = "receiver",
        /// Border and internal security.
        Interior = "interior",
        Court = "court",
        NationalSecurity = "national-security",
        ForeignMinistry = "foreign-ministry",
        Monitor = "monitor",
    }
);
