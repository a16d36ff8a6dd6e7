//! A fact: who says, with which device, that something happened, and what.

use crate::code;
use crate::custody::{Account, Place, RefusalReason, Step};
use crate::ids::*;
use crate::keys::{ChainHead, RevocationReason, Term};
use crate::particulars::{ErasureGround, Look, Section, Writing};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Something that happened, as a device signed it. Never edited; a mistake is undone by another
/// fact that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// SHA-256 of the signed bytes. Two facts with one hash are one fact.
    pub hash: FactHash,
    pub id: FactId,
    pub operation: OperationId,
    pub authority: AuthorityId,
    pub officer: Officer,
    pub device: DeviceId,
    /// Position in the device's own chain, from 0 without gaps.
    pub sequence: u64,
    /// The device's fact before this one; `None` at sequence 0.
    pub previous: Option<FactHash>,
    /// The field's word for when it happened.
    pub occurred_at: Timestamp,
    /// How far the device's clock may be off, in seconds.
    pub clock_error_s: u32,
    pub event: Event,
}

/// A role and a number, never a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Officer {
    pub role: Role,
    pub number: u32,
}

code!(
    /// What an officer is there for.
    Role {
        /// Keeps the keys of an authority and enrols its devices.
        Keyholder = "keyholder",
        Planner = "planner",
        Registrar = "registrar",
        Gate = "gate",
        Escort = "escort",
        Border = "border",
        Reception = "reception",
        Physician = "physician",
        Judge = "judge",
        Director = "director",
        AirCover = "air-cover",
        Consular = "consular",
        Monitor = "monitor",
        /// The register itself: a device that says who looked, and no officer.
        Register = "register",
    }
);

/// One kind for each thing that can happen. Past tense, and only what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Genesis: the operation names the authorities that take part and the key each answers with.
    OperationOpened {
        authorities: Vec<Party>,
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
        code: crate::discrepancy::DiscrepancyCode,
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

/// An authority in the operation, with the key that enrols its devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub authority: AuthorityId,
    pub key: PublicKey,
    /// Whether its resolutions settle contested custody.
    pub resolves: bool,
}

/// A person and the fact their custody stood at, as the signing device knew it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    pub person: PersonId,
    pub after: FactHash,
}

/// What the receiver says of one person offered to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    Accepted,
    Refused(RefusalReason),
    NotPresent,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Muster {
    /// Both lists together are the site's book as the counting device held it.
    ByName {
        present: Vec<PersonId>,
        absent: Vec<PersonId>,
    },
    ByNumber {
        expected: u32,
        counted: u32,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverDecision {
    Stands { orbits: u32, slots: u32 },
    Withdrawn,
}

code!(
    /// A condition before boarding.
    Gate {
        /// Legal order of a competent authority.
        Order = "order",
        /// Age and its basis: nobody under 18 with adults (CRC art. 37(c)).
        Age = "age",
        /// Individual non-refoulement review (CAT art. 3; GC III art. 12; ICPPED art. 16).
        Review = "review",
        /// Fit to travel (GC III art. 47; Mandela rules 26, 30).
        Fitness = "fitness",
        /// The receiver has said it takes this person.
        Acceptance = "acceptance",
    }
);
code!(GateOutcome {
    Passed = "passed",
    Failed = "failed",
    /// Passed by order despite what was found; oversight sees each one.
    Overridden = "overridden",
});
code!(
    /// What a decision or an age rests on.
    Basis {
        Document = "document",
        Declared = "declared",
        Visual = "visual",
        Medical = "medical",
        Interview = "interview",
        CourtOrder = "court-order",
        ReceiverList = "receiver-list",
    }
);
code!(AdoptionReason {
    First = "first",
    NightLost = "night-lost",
    PromiseLowered = "promise-lowered",
    PromiseRaised = "promise-raised",
    GatesDecided = "gates-decided",
    Evening = "evening",
});
code!(CancelReason {
    Weather = "weather",
    NoCover = "no-cover",
    ReceiverRequest = "receiver-request",
    NoVehicle = "no-vehicle",
    Incident = "incident",
});
code!(ExitReason {
    Released = "released",
    Died = "died",
    Deported = "deported",
    Escaped = "escaped",
    /// The same person had been issued two numbers; this one is closed.
    RegisteredTwice = "registered-twice",
});
code!(IncidentKind {
    LostControl = "lost-control",
    Escape = "escape",
    Breakdown = "breakdown",
    Medical = "medical",
    UseOfForce = "use-of-force",
});
code!(Notified {
    Family = "family",
    Counsel = "counsel",
    Consulate = "consulate",
    TracingAgency = "tracing-agency",
    JuvenileCourt = "juvenile-court",
    Monitor = "monitor",
    Judge = "judge",
});
code!(
    /// Why a notice is not given when it is due.
    DeferralReason {
        /// The person does not wish it (VCCR art. 36(1)(b); Mandela rule 68).
        PersonDeclines = "person-declines",
        /// There is nobody to tell, as far as is known.
        NobodyKnown = "nobody-known",
        /// For the safety of the operation or of others; must name its end.
        Security = "security",
        /// Tried and not reached; must name when it is tried again.
        NotReached = "not-reached",
    }
);

impl DeferralReason {
    /// Whether the reason settles the matter for good.
    pub fn needs_no_end(self) -> bool {
        matches!(self, DeferralReason::PersonDeclines | DeferralReason::NobodyKnown)
    }
}

code!(ResolutionReason {
    FoundAtOrigin = "found-at-origin",
    FoundOnRecount = "found-on-recount",
    PaperworkIncomplete = "paperwork-incomplete",
    Escaped = "escaped",
    SeparatedToJuvenileUnit = "separated-to-juvenile-unit",
    DoubleReport = "double-report",
    LateReport = "late-report",
    ClerkError = "clerk-error",
});

/// Kinds of which all facts are asked for together: [`crate::Record::of_kind`].
pub mod kind {
    pub const PLAN_ADOPTED: &str = "plan-adopted";
    pub const INTAKE_PROMISED: &str = "intake-promised";
    pub const COVER_DECIDED: &str = "cover-decided";
    pub const REGISTERED: &str = "registered";
    pub const MUSTER_TAKEN: &str = "muster-taken";
    pub const STATEMENT_ISSUED: &str = "statement-issued";
    pub const PARTICULARS_KEPT: &str = "particulars-kept";
    pub const PARTICULARS_LOOKED_AT: &str = "particulars-looked-at";
    pub const SECTIONS_SHREDDED: &str = "sections-shredded";
}

impl Event {
    /// The stable name of the kind, as in the envelope, the API and the docs.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::OperationOpened { .. } => "operation-opened",
            Event::DeviceEnrolled { .. } => "device-enrolled",
            Event::KeyChanged { .. } => "key-changed",
            Event::DeviceRevoked { .. } => "device-revoked",
            Event::HeadsSeen { .. } => "heads-seen",
            Event::PlanAdopted { .. } => kind::PLAN_ADOPTED,
            Event::IntakePromised { .. } => kind::INTAKE_PROMISED,
            Event::CoverDecided { .. } => kind::COVER_DECIDED,
            Event::Registered { .. } => kind::REGISTERED,
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
            Event::MusterTaken { .. } => kind::MUSTER_TAKEN,
            Event::IncidentReported { .. } => "incident-reported",
            Event::AgeFound { .. } => "age-found",
            Event::Notified { .. } => "notified",
            Event::ForkResolved { .. } => "fork-resolved",
            Event::DiscrepancyResolved { .. } => "discrepancy-resolved",
            Event::NoticeDeferred { .. } => "notice-deferred",
            Event::Examined { .. } => "examined",
            Event::StatementIssued { .. } => kind::STATEMENT_ISSUED,
            Event::ParticularsKept { .. } => kind::PARTICULARS_KEPT,
            Event::ParticularsLookedAt { .. } => kind::PARTICULARS_LOOKED_AT,
            Event::ErasureApproved { .. } => "erasure-approved",
            Event::SectionsShredded { .. } => kind::SECTIONS_SHREDDED,
        }
    }
}

impl Fact {
    /// What this fact does to the custody of each person in it, with the fact it follows.
    ///
    /// Empty for facts that move no custody. `None` follows nothing: the first of a chain.
    pub fn steps(&self) -> Vec<(PersonId, Option<FactHash>, Step)> {
        let step = |answer| self.step(answer);
        self.moved().filter_map(|m| Some((m.person, m.after, step(m.answer)?))).collect()
    }

    /// As [`Fact::steps`], for one person. Of several about them, as no honest device signs, the last.
    pub fn step_of(&self, person: PersonId) -> Option<(Option<FactHash>, Step)> {
        let moved = self.moved().filter(|m| m.person == person).last()?;
        Some((moved.after, self.step(moved.answer)?))
    }

    /// Whether it can change where anybody's custody stands: what only mentions people cannot.
    pub(crate) fn bears_on_custody(&self) -> bool {
        matches!(self.event, Event::ForkResolved { .. }) || self.moved().next().is_some()
    }

    /// Everyone whose custody this fact is about, in order.
    fn moved(&self) -> Box<dyn Iterator<Item = Moved> + '_> {
        match &self.event {
            Event::Registered { people, .. } => {
                Box::new(people.iter().map(|(person, _)| Moved::of(*person, None)))
            }
            Event::Boarded { people, .. }
            | Event::HandoverOffered { people, .. }
            | Event::Placed { people, .. }
            | Event::Exited { people, .. }
            | Event::Recovered { people, .. } => {
                Box::new(people.iter().map(|link| Moved::of(link.person, Some(link.after))))
            }
            Event::HandoverAnswered { offer, outcomes } => {
                let moved = |person, answer| Moved { answer, ..Moved::of(person, Some(*offer)) };
                Box::new(outcomes.iter().map(move |(p, answer)| moved(*p, Some(*answer))))
            }
            Event::HandoverWithdrawn { offer, people } => {
                Box::new(people.iter().map(|person| Moved::of(*person, Some(*offer))))
            }
            _ => Box::new(std::iter::empty()),
        }
    }

    /// The step that this fact is for each person in it; an answer differs from one to another.
    fn step(&self, answer: Option<Answer>) -> Option<Step> {
        let by = || self.authority.clone();
        let own = |place: Place| Account { authority: by(), place };
        let unit = |unit: &UnitId| own(Place::Unit(unit.clone()));
        Some(match &self.event {
            Event::Registered { unit: at, .. } => Step::Registered { at: unit(at) },
            Event::Boarded { movement, vehicle, .. } => {
                Step::Boarded { aboard: own(Place::Vehicle(*movement, vehicle.clone())) }
            }
            Event::HandoverOffered { to, .. } => Step::Offered { giver: by(), to: to.clone() },
            Event::HandoverAnswered { .. } => Step::Answered { by: by(), answer: answer? },
            Event::HandoverWithdrawn { .. } => Step::Withdrawn { by: by() },
            Event::Placed { unit: at, .. } => Step::Placed { at: unit(at) },
            Event::Exited { why, .. } => Step::Exited { by: by(), why: *why },
            Event::Recovered { unit: at, .. } => Step::Recovered { at: unit(at) },
            _ => return None,
        })
    }

    /// Everyone this fact speaks of, each once.
    pub fn people(&self) -> Vec<PersonId> {
        match &self.event {
            Event::GateDecided { people, .. }
            | Event::Notified { people, .. }
            | Event::NoticeDeferred { people, .. }
            | Event::Examined { people }
            | Event::ParticularsLookedAt { people, .. } => people.clone(),
            Event::ParticularsKept { kept, .. } => {
                // Several sections of one person can be in it.
                let people: BTreeSet<_> = kept.iter().map(|(person, _, _)| *person).collect();
                people.into_iter().collect()
            }
            Event::ManifestFrozen { vehicles, .. } => {
                vehicles.iter().flat_map(|(_, people)| people.iter().copied()).collect()
            }
            Event::MusterTaken { count: Muster::ByName { present, absent }, .. } => {
                present.iter().chain(absent).copied().collect()
            }
            Event::AgeFound { person, .. }
            | Event::ForkResolved { person, .. }
            | Event::ErasureApproved { person, .. }
            | Event::SectionsShredded { person, .. } => vec![*person],
            _ => self.moved().map(|moved| moved.person).collect(),
        }
    }
}

/// One person in a fact about custody.
struct Moved {
    person: PersonId,
    /// The fact that it follows.
    after: Option<FactHash>,
    /// In an answer.
    answer: Option<Answer>,
}

impl Moved {
    fn of(person: PersonId, after: Option<FactHash>) -> Self {
        Self { person, after, answer: None }
    }
}
