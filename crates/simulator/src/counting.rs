//! Musters: the physical count of a site against the list that the counting officer holds.

use crate::agenda::CountKind;
use crate::play::Play;
use domain::*;
use jiff::Timestamp;

impl Play {
    pub(crate) fn count(&mut self, at: Timestamp, site: &SiteId, kind: CountKind) {
        let Some(by) = self.at_site(site, Role::Director) else { return };
        let listed = self.listed(site);
        if listed.is_empty() {
            return;
        }
        let expected = listed.len() as u32;
        let site = site.clone();
        match kind {
            CountKind::Number(off_by) => {
                let counted = expected.saturating_add_signed(off_by);
                let count = Muster::ByNumber { expected, counted };
                self.say(at, &by, Event::MusterTaken { site, count });
            }
            CountKind::NameAfterSlip => {
                let count = Muster::ByName { present: listed, absent: Vec::new() };
                self.say(at, &by, Event::MusterTaken { site: site.clone(), count });
                self.explain_slip(at, &site);
            }
            CountKind::NameAfterLoss => {
                let gone = |p: &PersonId| self.people.get(p).is_some_and(|p| p.escape.is_some());
                let (absent, present) = listed.into_iter().partition(gone);
                let count = Muster::ByName { present, absent };
                self.say(at, &by, Event::MusterTaken { site, count });
            }
        }
    }

    /// Everyone the record holds in a unit of the site.
    fn listed(&self, site: &SiteId) -> Vec<PersonId> {
        let held_here = |standing: &Standing| match standing.custody.responsible() {
            Some(Account { place: Place::Unit(unit), .. }) => unit.site() == site,
            _ => false,
        };
        self.record.people().filter(|(_, s)| held_here(s)).map(|(p, _)| p).collect()
    }

    /// The recount by name found everybody: the counts by number that were off are explained.
    fn explain_slip(&mut self, at: Timestamp, site: &SiteId) {
        let slips: Vec<_> = discrepancies(&self.record)
            .into_iter()
            .filter(|d| d.code == DiscrepancyCode::MusterDiffers && d.is_open())
            .filter(|d| {
                let event = self.record.fact(&d.fact).map(|f| &f.event);
                matches!(event, Some(Event::MusterTaken { site: s, count: Muster::ByNumber { .. } }) if s == site)
            })
            .collect();
        let Some(by) = self.at_site(site, Role::Director) else { return };
        for slip in slips {
            let (code, fact) = (slip.code, slip.fact);
            let why = ResolutionReason::FoundOnRecount;
            self.say(at, &by, Event::DiscrepancyResolved { code, fact, why });
        }
    }
}
