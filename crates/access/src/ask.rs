//! Who asks, and for what.

use domain::{AuthorityId, Officer, Purpose, Relation, Section, code};
use std::collections::BTreeSet;

/// An officer who is signed in, with the part their authority has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Asker {
    pub authority: AuthorityId,
    pub part: Part,
    pub officer: Officer,
}

code!(
    /// What part an authority has in the operation; the words of `authorities.toml`.
    Part {
        Sender = "sender",
        Escort = "escort",
        AirCover = "air-cover",
        Receiver = "receiver",
        Interior = "interior",
        Court = "court",
        NationalSecurity = "national-security",
        ForeignMinistry = "foreign-ministry",
        Monitor = "monitor",
    }
);
code!(
    /// A screen, and the answers of the server behind it.
    Screen {
        /// What does not change, the map, the feed, the clock.
        Operation = "operation",
        /// The whole operation as counts.
        Picture = "picture",
        People = "people",
        Movements = "movements",
        Sites = "sites",
        Discrepancies = "discrepancies",
        Obligations = "obligations",
        Figures = "figures",
        Statements = "statements",
        Balance = "balance",
        Plan = "plan",
        /// Facts, with those people withheld whom the officer may not see.
        Record = "record",
        /// The log's entries as they were signed.
        Entries = "entries",
        Looks = "looks",
        /// The devices of the asker's own authority: enrolment, silence, gaps.
        Devices = "devices",
        /// Everybody's.
        AllDevices = "all-devices",
    }
);
code!(
    /// Whose looks at particulars.
    Looks {
        Own = "own",
        OfAPerson = "of-a-person",
        All = "all",
        /// Those at one person that broke the glass.
        GlassOfAPerson = "glass-of-a-person",
    }
);
code!(
    /// What an officer does at this node, beside looking.
    Act {
        EnrolDevice = "enrol-device",
        IssueStatement = "issue-statement",
        ResolveDiscrepancy = "resolve-discrepancy",
        TryPlan = "try-plan",
        DriveClock = "drive-clock",
    }
);

/// What is asked for. `relations` are those of the asker's authority to the person in question.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Ask {
    See(Screen),
    /// Take what a screen shows away as a file.
    Export(Screen),
    /// Somebody by number, with their custody.
    Person {
        relations: BTreeSet<Relation>,
    },
    Read {
        section: Section,
        relations: BTreeSet<Relation>,
        purpose: Purpose,
        /// Whether the officer breaks the glass.
        glass: bool,
    },
    /// Write a section down, or correct it.
    Write {
        section: Section,
        relations: BTreeSet<Relation>,
        purpose: Purpose,
    },
    Looks {
        which: Looks,
        relations: BTreeSet<Relation>,
    },
    Do(Act),
}

impl Ask {
    /// The action's word in the policies.
    pub fn action(&self) -> &'static str {
        match self {
            Ask::See(_) => "see-screen",
            Ask::Export(_) => "export",
            Ask::Person { .. } => "see-person",
            Ask::Read { .. } => "read-section",
            Ask::Write { .. } => "write-section",
            Ask::Looks { .. } => "see-looks",
            Ask::Do(act) => act.code(),
        }
    }

    /// The resource's type and word in the policies.
    pub(crate) fn resource(&self) -> (&'static str, &'static str) {
        match self {
            Ask::See(screen) | Ask::Export(screen) => ("Screen", screen.code()),
            Ask::Person { .. } => ("Person", "any"),
            Ask::Read { section, .. } | Ask::Write { section, .. } => ("Section", section.code()),
            Ask::Looks { which, .. } => ("Looks", which.code()),
            Ask::Do(_) => ("Operation", "this"),
        }
    }
}

impl std::fmt::Display for Ask {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Ask::Person { .. } | Ask::Do(_) => f.write_str(self.action()),
            _ => write!(f, "{} {}", self.action(), self.resource().1),
        }
    }
}
