//! Why, of what kind, and to whom: the lists an event picks from.

use crate::code;

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
