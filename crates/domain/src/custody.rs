//! Custody of one person: who answers for them, and what each step does to that.

use crate::code;
use crate::fact::{Answer, ExitReason};
use crate::ids::*;
use std::fmt;

/// Where a person is held: a unit of a site, or a vehicle of a movement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    Unit(UnitId),
    Vehicle(MovementId, VehicleId),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Place::Unit(unit) => unit.fmt(f),
            Place::Vehicle(movement, vehicle) => write!(f, "{movement} {vehicle}"),
        }
    }
}

/// An account of the books: an authority answers for the people at a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    pub authority: AuthorityId,
    pub place: Place,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} at {}", self.authority, self.place)
    }
}

/// Who answers for a person. At every instant it is one account or nobody, never two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Custody {
    /// Nobody here answers: not yet registered.
    Outside,
    /// `by` answers and nothing is under way.
    Held { by: Account },
    /// `by` still answers; `to` has been asked and has not yet answered.
    Offered { by: Account, to: AuthorityId },
    /// The record's care of the person ended. `last` answered until then.
    Ended { why: ExitReason, last: Account },
}

impl Custody {
    /// The account that answers now.
    pub fn responsible(&self) -> Option<&Account> {
        match self {
            Custody::Held { by } | Custody::Offered { by, .. } => Some(by),
            Custody::Outside | Custody::Ended { .. } => None,
        }
    }
    /// The state's stable name, as in the API and the state table.
    pub fn state(&self) -> &'static str {
        match self {
            Custody::Outside => "outside",
            Custody::Held { .. } => "held",
            Custody::Offered { .. } => "offered",
            Custody::Ended { .. } => "ended",
        }
    }
}

code!(
    /// Why a receiver does not take a person (closed list; the reasons practice uses).
    RefusalReason {
        NoSpace = "no-space",
        NotOnList = "not-on-list",
        PapersMissing = "papers-missing",
        IdentityInDoubt = "identity-in-doubt",
        Unfit = "unfit",
        UnderAge = "under-age",
    }
);

/// What one fact does to one person's custody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Registered { at: Account },
    Boarded { aboard: Account },
    Offered { giver: AuthorityId, to: AuthorityId },
    Answered { by: AuthorityId, answer: Answer },
    Withdrawn { by: AuthorityId },
    Placed { at: Account },
    Exited { by: AuthorityId, why: ExitReason },
    Recovered { at: Account },
}

impl Step {
    /// The authority whose word the step is.
    pub fn by(&self) -> &AuthorityId {
        match self {
            Step::Registered { at } | Step::Placed { at } | Step::Recovered { at } => &at.authority,
            Step::Boarded { aboard } => &aboard.authority,
            Step::Offered { giver, .. } => giver,
            Step::Answered { by, .. } | Step::Withdrawn { by } | Step::Exited { by, .. } => by,
        }
    }
    pub fn name(&self) -> &'static str {
        match self {
            Step::Registered { .. } => "registered",
            Step::Boarded { .. } => "boarded",
            Step::Offered { .. } => "offered",
            Step::Answered { answer: Answer::Accepted, .. } => "accepted",
            Step::Answered { answer: Answer::Refused(_), .. } => "refused",
            Step::Answered { answer: Answer::NotPresent, .. } => "not-present",
            Step::Withdrawn { .. } => "withdrawn",
            Step::Placed { .. } => "placed",
            Step::Exited { .. } => "exited",
            Step::Recovered { .. } => "recovered",
        }
    }
}

/// Why a step left custody as it was. The fact is kept, and shown as a discrepancy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Misfit {
    #[error("the signing authority did not answer for the person")]
    NotCustodian,
    #[error("the person had not been offered to the signing authority")]
    NotOffered,
    #[error("the person was already registered")]
    AlreadyRegistered,
    #[error("the person was on offer; the offer must be answered or withdrawn first")]
    OnOffer,
    #[error("an authority cannot hand over to itself")]
    ToSelf,
    #[error("the person was not in a unit when boarded")]
    NotInUnit,
    #[error("custody had ended")]
    HadEnded,
    #[error("the person had not escaped")]
    NotEscaped,
    #[error("the signing device had been revoked before this fact")]
    SignerRevoked,
}

/// The whole state machine. What does not fit comes back as a [`Misfit`] and custody stays.
pub fn apply(before: &Custody, step: &Step) -> Result<Custody, Misfit> {
    use Custody::*;
    match (before, step) {
        (Outside, Step::Registered { at }) => Ok(Held { by: at.clone() }),
        (_, Step::Registered { .. }) => Err(Misfit::AlreadyRegistered),

        (Ended { why: ExitReason::Escaped, .. }, Step::Recovered { at }) => {
            Ok(Held { by: at.clone() })
        }
        (_, Step::Recovered { .. }) => Err(Misfit::NotEscaped),
        (Ended { .. }, _) => Err(Misfit::HadEnded),
        (Outside, _) => Err(Misfit::NotCustodian),

        (Offered { by, to }, Step::Answered { by: receiver, answer }) if to == receiver => {
            Ok(Held {
                by: match answer {
                    Answer::Accepted => Account { authority: to.clone(), place: by.place.clone() },
                    Answer::Refused(_) | Answer::NotPresent => by.clone(),
                },
            })
        }
        (_, Step::Answered { .. }) => Err(Misfit::NotOffered),
        (Offered { by, .. }, Step::Withdrawn { by: giver }) if by.authority == *giver => {
            Ok(Held { by: by.clone() })
        }
        (Offered { .. }, Step::Withdrawn { .. }) => Err(Misfit::NotCustodian),
        (Held { .. }, Step::Withdrawn { .. }) => Err(Misfit::NotOffered),
        // A death or an escape ends custody whatever was on offer; anything else waits.
        (Offered { by, .. } | Held { by }, Step::Exited { by: signer, why }) => {
            if by.authority != *signer {
                return Err(Misfit::NotCustodian);
            }
            Ok(Ended { why: *why, last: by.clone() })
        }
        (Offered { .. }, _) => Err(Misfit::OnOffer),

        (Held { by }, Step::Boarded { aboard }) => {
            if by.authority != aboard.authority {
                Err(Misfit::NotCustodian)
            } else if matches!(by.place, Place::Vehicle(..)) {
                Err(Misfit::NotInUnit)
            } else {
                Ok(Held { by: aboard.clone() })
            }
        }
        (Held { by }, Step::Offered { giver, to }) => {
            if by.authority != *giver {
                Err(Misfit::NotCustodian)
            } else if giver == to {
                Err(Misfit::ToSelf)
            } else {
                Ok(Offered { by: by.clone(), to: to.clone() })
            }
        }
        (Held { by }, Step::Placed { at }) => {
            if by.authority != at.authority {
                return Err(Misfit::NotCustodian);
            }
            Ok(Held { by: at.clone() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(authority: &str, place: &str) -> Account {
        let place = match place.split_once(' ') {
            Some((m, v)) => {
                Place::Vehicle(MovementId::parse(m).unwrap(), VehicleId::new(v).unwrap())
            }
            None => Place::Unit(UnitId::parse(place).unwrap()),
        };
        Account { authority: AuthorityId::new(authority).unwrap(), place }
    }

    /// Every state against every step, by the custodian `a`, the receiver `b` and a stranger `c`.
    #[test]
    fn the_state_table() {
        let auth = |s: &str| AuthorityId::new(s).unwrap();
        let unit = account("a", "north/w1");
        let bus = account("a", "2026-01-21/01 bus-1");
        let states = [
            Custody::Outside,
            Custody::Held { by: unit.clone() },
            Custody::Held { by: bus.clone() },
            Custody::Offered { by: bus.clone(), to: auth("b") },
            Custody::Ended { why: ExitReason::Escaped, last: unit.clone() },
            Custody::Ended { why: ExitReason::Died, last: unit.clone() },
        ];
        let mut table = String::new();
        for state in &states {
            let held = state.responsible().map_or(String::new(), |a| format!(" by {a}"));
            let why = match state {
                Custody::Ended { why, .. } => format!(" {why}"),
                _ => String::new(),
            };
            table += &format!("{}{why}{held}\n", state.state());
            for who in ["a", "b", "c"] {
                let steps = [
                    Step::Registered { at: account(who, "north/w1") },
                    Step::Boarded { aboard: account(who, "2026-01-22/01 bus-2") },
                    Step::Offered { giver: auth(who), to: auth("b") },
                    Step::Answered { by: auth(who), answer: Answer::Accepted },
                    Step::Answered {
                        by: auth(who),
                        answer: Answer::Refused(RefusalReason::NoSpace),
                    },
                    Step::Answered { by: auth(who), answer: Answer::NotPresent },
                    Step::Withdrawn { by: auth(who) },
                    Step::Placed { at: account(who, "south/w2") },
                    Step::Exited { by: auth(who), why: ExitReason::Released },
                    Step::Recovered { at: account(who, "south/w2") },
                ];
                for step in steps {
                    let after = match apply(state, &step) {
                        Ok(c) => format!(
                            "{}{}",
                            c.state(),
                            c.responsible().map_or(String::new(), |a| format!(" by {a}"))
                        ),
                        Err(misfit) => format!("stays: {misfit}"),
                    };
                    table += &format!("  {who} {:<12} {after}\n", step.name());
                }
            }
        }
        insta::assert_snapshot!("state_table", table);
    }
}
