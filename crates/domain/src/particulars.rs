//! What is kept apart about a person, in words: its sections, who looked at them and why, and on which
//! ground a section may be destroyed. What a section says is never here.

use crate::code;
use crate::fact::Officer;
use crate::ids::*;

code!(
    /// A part of what is kept apart about a person, disclosed by itself. After ICPPED art. 17(3): what
    /// it asks for under (b), (d), (e) and (h), when, where and by whom somebody is held, admitted,
    /// supervised, transferred and released, is the record's own.
    Section {
        /// Who it is: names, parents, birth, nationality (ICPPED 17(3)(a); Mandela rule 7(a)).
        Identity = "identity",
        /// State of health (ICPPED 17(3)(f); Mandela rule 26).
        Health = "health",
        /// Grounds, the authority that ordered, the individual review (ICPPED 17(3)(c); CAT art. 3).
        Case = "case",
        /// Relatives, and whom to tell (ICPPED art. 18; Mandela rules 7(f), 68).
        Family = "family",
        /// What was taken into keeping, and its seals (Mandela rules 7(e), 67).
        Property = "property",
        /// How somebody died, and where the remains went (ICPPED 17(3)(g)).
        Death = "death",
    }
);
code!(
    /// What a look at particulars is for.
    Purpose {
        /// Establish who somebody is.
        Identification = "identification",
        /// Prepare, carry out or receive a transfer.
        Transfer = "transfer",
        /// Treat somebody.
        Care = "care",
        /// Decide a case, or review a decision.
        Review = "review",
        /// Tell family, counsel or a consulate; trace somebody missing.
        Tracing = "tracing",
        /// Watch over how people are treated and how the register is kept.
        Oversight = "oversight",
        /// Answer to the person, or to whoever represents them.
        OwnFile = "own-file",
        /// Hand sections over to a court.
        Disclosure = "disclosure",
    }
);
code!(
    /// How the authority that looks stands to the person, as the register found it then.
    Relation {
        /// Answers for the person now.
        Holds = "holds",
        /// Was offered the person, or is to receive them by the plan.
        WillHold = "will-hold",
        /// Answered for the person before.
        Held = "held",
        /// Decides the person's case.
        Tries = "tries",
        Represents = "represents",
        Monitors = "monitors",
        /// Keeps the register itself.
        Keeps = "keeps",
        /// None of these: only breaking the glass lets it.
        Unrelated = "unrelated",
    }
);
code!(
    /// Why somebody looked whom no policy lets, for overseers to judge.
    BreakGlass {
        MedicalEmergency = "medical-emergency",
        DangerToLife = "danger-to-life",
        /// Nobody knows where the person is.
        PersonMissing = "person-missing",
        /// A court ordered it and no policy knows the order.
        CourtOrder = "court-order",
    }
);
code!(
    /// The legal ground on which sections are destroyed for good.
    ErasureGround {
        CourtOrder = "court-order",
        /// The law's term of keeping is over.
        RetentionEnded = "retention-ended",
        /// The person asks, and nothing forbids it.
        PersonAsks = "person-asks",
        /// It was never about this person.
        KeptInError = "kept-in-error",
    }
);

/// Who looked, why, and what let them. Signed by the register before anything is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    pub sections: Vec<Section>,
    pub by: Looker,
    pub purpose: Purpose,
    pub relation: Relation,
    /// The policies that let it; empty only when the glass was broken.
    pub policies: Vec<PolicyId>,
    /// The text in force when it was decided; absent in the first form of this fact, and where no
    /// policy was asked.
    pub policy_set: Option<PolicySetHash>,
    pub break_glass: Option<BreakGlass>,
}

/// Who wrote sections down, what for, and what let them. Signed by the register with the sections it
/// took in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writing {
    pub by: Looker,
    pub purpose: Purpose,
    pub relation: Relation,
    /// The policies that let it.
    pub policies: Vec<PolicyId>,
    /// The text in force when it was decided.
    pub policy_set: PolicySetHash,
}

/// The officer who was signed in at the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looker {
    pub authority: AuthorityId,
    pub officer: Officer,
}
