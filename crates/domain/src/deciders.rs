//! Who decides what one authority decides for all: the plan that is carried out, what a site takes,
//! whether a night's cover stands. The operation's opening says so, once.

use crate::fact::{Event, Fact};
use crate::ids::{AuthorityId, SiteId};

/// Which authority decides what. Whoever else says the same is kept, and decides nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deciders {
    /// Adopts plans.
    pub plans: AuthorityId,
    /// Each says of a night whether its cover stands.
    pub cover: Vec<AuthorityId>,
    /// Who promises what a site takes. For a site that is not here nobody does.
    pub intake: Vec<(SiteId, AuthorityId)>,
}

impl Deciders {
    /// Who may decide what this event decides; `None` where it decides nothing of the kind.
    pub fn of(&self, event: &Event) -> Option<Vec<&AuthorityId>> {
        Some(match event {
            Event::PlanAdopted { .. } => vec![&self.plans],
            Event::CoverDecided { .. } => self.cover.iter().collect(),
            Event::IntakePromised { site, .. } => {
                self.intake.iter().filter(|(s, _)| s == site).map(|(_, a)| a).collect()
            }
            _ => return None,
        })
    }

    /// Whether the fact's authority may decide what it decides.
    pub fn let_decide(&self, fact: &Fact) -> bool {
        self.of(&fact.event).is_none_or(|who| who.contains(&&fact.authority))
    }
}
