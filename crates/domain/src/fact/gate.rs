//! The conditions before boarding, and what a decision rests on.

use crate::code;

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
