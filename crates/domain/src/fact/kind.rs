//! The stable names of the kinds. Those with a constant are asked for together:
//! [`crate::Record::of_kind`].

use super::Event;

pub const PLAN_ADOPTED: &str = "plan-adopted";
pub const INTAKE_PROMISED: &str = "intake-promised";
pub const COVER_DECIDED: &str = "cover-decided";
pub const REGISTERED: &str = "registered";
pub const MUSTER_TAKEN: &str = "muster-taken";
pub const STATEMENT_ISSUED: &str = "statement-issued";
pub const PARTICULARS_KEPT: &str = "particulars-kept";
pub const PARTICULARS_LOOKED_AT: &str = "particulars-looked-at";
pub const SECTIONS_SHREDDED: &str = "sections-shredded";

impl Event {
    /// The stable name of the kind, as in the envelope, the API and the docs.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::OperationOpened { .. } => "operation-opened",
            Event::DeviceEnrolled { .. } => "device-enrolled",
            Event::KeyChanged { .. } => "key-changed",
            Event::DeviceRevoked { .. } => "device-revoked",
            Event::HeadsSeen { .. } => "heads-seen",
            Event::PlanAdopted { .. } => PLAN_ADOPTED,
            Event::IntakePromised { .. } => INTAKE_PROMISED,
            Event::CoverDecided { .. } => COVER_DECIDED,
            Event::Registered { .. } => REGISTERED,
            Event::GateDecided { .. } => "gate-decided",
            Event::ManifestFrozen { .. } => "manifest-frozen",
            Event::Boarded { .. } => "boarded",
            Event::Departed { .. } => "departed",
            Event::WaypointPassed { .. } => "waypoint-passed",
            Event::Arrived { .. } => "arrived",
            Event::MovementCancelled { .. } => "movement-cancelled",
            Event::HandoverOffered { .. } => "handover-offered",
            Event::HandoverAnswered { .. } => "handover-answered",
            Event::HandoverWithdrawn { .. } => "handover-withdrawn",
            Event::Placed { .. } => "placed",
            Event::Exited { .. } => "exited",
            Event::Recovered { .. } => "recovered",
            Event::MusterTaken { .. } => MUSTER_TAKEN,
            Event::IncidentReported { .. } => "incident-reported",
            Event::AgeFound { .. } => "age-found",
            Event::Notified { .. } => "notified",
            Event::ForkResolved { .. } => "fork-resolved",
            Event::DiscrepancyResolved { .. } => "discrepancy-resolved",
            Event::NoticeDeferred { .. } => "notice-deferred",
            Event::Examined { .. } => "examined",
            Event::StatementIssued { .. } => STATEMENT_ISSUED,
            Event::ParticularsKept { .. } => PARTICULARS_KEPT,
            Event::ParticularsLookedAt { .. } => PARTICULARS_LOOKED_AT,
            Event::ErasureApproved { .. } => "erasure-approved",
            Event::SectionsShredded { .. } => SECTIONS_SHREDDED,
        }
    }
}
