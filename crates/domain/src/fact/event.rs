//! What can happen, one kind each.

use super::{
    AdoptionReason, Answer, Basis, CancelReason, CoverDecision, DeferralReason, ExitReason, Gate,
    GateOutcome, IncidentKind, Link, Muster, Notified, Party, ResolutionReason, Role,
};
use crate::deciders::Deciders;
use crate::discrepancy::DiscrepancyCode;
use crate::ids::*;
use crate::keys::{ChainHead, RevocationReason, Term};
use crate::particulars::{ErasureGround, Look, Section, Writing};
use jiff::Timestamp;

/// One kind for each thing that can happen. Past tense, and only what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Genesis: the operation names the authorities that take part and the key each answers with.
    OperationOpened {
        authorities: Vec<Party>,
        /// Who decides what is not everybody's to decide. Absent only in the first form of this fact:
        /// then every authority does.
        deciders: Option<Box<Deciders>>,
    },
    /// An authority lets a device sign for it. Signed by the authority's own key.
    DeviceEnrolled {
        key: PublicKey,
        role: Role,
        site: Option<SiteId>,
        /// Absent only in the first form of this fact, which named neither span nor silence.
        term: Option<Box<Term>>,
    },
    /// A device goes on with a new key. The old key signs the fact, the new one the proof in it.
    KeyChanged {
        key: PublicKey,
        proof: KeyProof,
    },
    /// An authority takes a key out of use. What it signed up to `last` stands.
    DeviceRevoked {
        device: DeviceId,
        /// The last sequence that counts; `None` when nothing of the device does.
        last: Option<u64>,
        why: RevocationReason,
    },
    /// Nothing else happened here, and these are the newest facts of other devices that this one
    /// has seen: whoever destroys the end of a chain contradicts what others hold.
    HeadsSeen {
        heads: Vec<ChainHead>,
    },

    /// A plan became the one that is carried out.
    PlanAdopted {
        plan: PlanHash,
        revision: u32,
        parent: Option<PlanHash>,
        why: AdoptionReason,
    },
    /// A receiving site says how many it accepts in each night; it may lower that at any time.
    IntakePromised {
        site: SiteId,
        nights: Vec<(Night, u32)>,
    },
    /// Whether a night's air cover stands, by whom, on which reports (raw METAR and TAF text).
    CoverDecided {
        night: Night,
        decision: CoverDecision,
        reports: Vec<String>,
    },

    /// People taken into the record at a unit, each with a commitment to particulars kept apart.
    Registered {
        unit: UnitId,
        people: Vec<(PersonId, Commitment)>,
    },
    /// A condition before boarding was decided for each of these people.
    GateDecided {
        gate: Gate,
        outcome: GateOutcome,
        basis: Basis,
        people: Vec<PersonId>,
        /// The decision that this one replaces, when it does.
        replaces: Option<FactHash>,
    },
    /// The nominal list of a movement, by vehicle, complete before departure (GC III art. 46).
    ManifestFrozen {
        movement: MovementId,
        vehicles: Vec<(VehicleId, Vec<PersonId>)>,
    },
    Boarded {
        movement: MovementId,
        vehicle: VehicleId,
        people: Vec<Link>,
    },
    Departed {
        movement: MovementId,
        aboard: u32,
    },
    /// `aboard` is counted at the waypoint where that is done, as at a border.
    WaypointPassed {
        movement: MovementId,
        waypoint: WaypointId,
        aboard: Option<u32>,
    },
    Arrived {
        movement: MovementId,
        site: SiteId,
    },
    MovementCancelled {
        movement: MovementId,
        why: CancelReason,
    },

    /// The giver's half of a handover: these people, this many, to that authority.
    HandoverOffered {
        movement: MovementId,
        to: AuthorityId,
        site: SiteId,
        people: Vec<Link>,
    },
    /// The receiver's half, person by person, of the offer it names.
    HandoverAnswered {
        offer: FactHash,
        outcomes: Vec<(PersonId, Answer)>,
    },
    /// The giver takes back an offer that was not answered.
    HandoverWithdrawn {
        offer: FactHash,
        people: Vec<PersonId>,
    },
    /// People given a place in a unit: admitted after a journey, or moved between units.
    Placed {
        unit: UnitId,
        people: Vec<Link>,
    },
    Exited {
        why: ExitReason,
        people: Vec<Link>,
    },
    /// People who had escaped are held again.
    Recovered {
        unit: UnitId,
        people: Vec<Link>,
    },

    /// A physical count, against the list or number that the counting officer held.
    MusterTaken {
        site: SiteId,
        count: Muster,
    },
    IncidentReported {
        site: SiteId,
        kind: IncidentKind,
    },
    /// Reception found that a person recorded as adult is under 18, or the reverse.
    AgeFound {
        person: PersonId,
        under_18: bool,
        basis: Basis,
    },
    /// Somebody who has a right to know was told where these people are.
    Notified {
        whom: Notified,
        people: Vec<PersonId>,
    },

    /// Which of several facts that follow one another's predecessor stands, for one person.
    ForkResolved {
        person: PersonId,
        /// The fact they all follow; `None` when the person was registered twice.
        at: Option<FactHash>,
        stands: FactHash,
        why: ResolutionReason,
    },
    /// A discrepancy explained and closed.
    DiscrepancyResolved {
        code: DiscrepancyCode,
        fact: FactHash,
        why: ResolutionReason,
    },

    /// A notice that is due will not be given now, or not at all, and why. Without an end a delay
    /// that needs one stops no clock.
    NoticeDeferred {
        whom: Notified,
        why: DeferralReason,
        until: Option<Timestamp>,
        people: Vec<PersonId>,
    },
    /// Reception's doctor saw these people. What was found is not in the record.
    Examined {
        people: Vec<PersonId>,
    },
    /// A figure was given out: by which definition, at which position, in which signed document.
    StatementIssued {
        definition: DefinitionId,
        position: u64,
        /// SHA-256 of the document's bytes.
        document: DocumentHash,
    },

    /// Sections of what is kept apart about people, beside or after the identity they were registered
    /// with: of several about one section, the last one taken in is the newest.
    ParticularsKept {
        kept: Vec<(PersonId, Section, Commitment)>,
        /// The officer who wrote them down; absent where whoever keeps the register's key brought
        /// them in.
        written: Option<Box<Writing>>,
    },
    /// Somebody was let see what is kept apart about these people. Signed by the register's own
    /// device, in the name of the authority that keeps the register.
    ParticularsLookedAt {
        people: Vec<PersonId>,
        look: Box<Look>,
    },
    /// An authority agrees that these sections are destroyed. Nothing is, until two have.
    ErasureApproved {
        person: PersonId,
        sections: Vec<(Section, Commitment)>,
        ground: ErasureGround,
    },
    /// Sections are destroyed for good, with their keys and salts. The chain of custody stays.
    SectionsShredded {
        person: PersonId,
        sections: Vec<(Section, Commitment)>,
        ground: ErasureGround,
        /// The facts that approved it, of two authorities or more.
        approvals: Vec<FactHash>,
    },
}
