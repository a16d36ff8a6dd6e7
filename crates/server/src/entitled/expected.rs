//! Who is to hold people: by the plan in force, and by lists that are frozen and not yet carried out.

use crate::api::MovementStatus;
use crate::views::movements::Movement;
use crate::views::plan::Plans;
use domain::{AuthorityId, Event, MovementId, PersonId, Record, SiteId, UnitId};
use scenario::{AuthorityKind, Scenario};
use std::collections::{BTreeMap, BTreeSet};

/// Authorities that a person is to be handed to, as far as anything says so.
pub type Expected = BTreeMap<PersonId, BTreeSet<AuthorityId>>;

pub fn expected(
    record: &Record,
    plans: &Plans,
    movements: &BTreeMap<MovementId, Movement>,
    scenario: &Scenario,
) -> Expected {
    let escorts: Vec<&AuthorityId> = (scenario.authorities.iter())
        .filter(|a| a.kind == AuthorityKind::Escort)
        .map(|a| &a.id)
        .collect();
    let of_site = |site: &SiteId| scenario.site(site).map(|site| site.authority.clone());
    let mut expected = Expected::new();
    if let Some(plan) = plans.in_force() {
        for (person, unit) in &plan.document.beds {
            let unit = UnitId::parse(unit).ok();
            if let (Ok(person), Some(unit)) = (PersonId::parse(person), unit) {
                let to = of_site(unit.site());
                expected.entry(person).or_default().extend(to);
            }
        }
        for person in plan.seated() {
            expected.entry(person).or_default().extend(escorts.iter().copied().cloned());
        }
    }
    for (id, movement) in movements {
        let over = [MovementStatus::Planned, MovementStatus::HandedOver, MovementStatus::Cancelled];
        if over.contains(&movement.status()) {
            continue;
        }
        let to = SiteId::new(movement.to()).ok().and_then(|site| of_site(&site));
        // Nobody comes to expect a person by a list that a stolen key froze.
        let lists = record.movement_facts(*id).into_iter().filter(|f| record.keys().counts(f));
        for fact in lists {
            let Event::ManifestFrozen { vehicles, .. } = &fact.event else { continue };
            for person in vehicles.iter().flat_map(|(_, people)| people) {
                let entry = expected.entry(*person).or_default();
                entry.extend(to.iter().cloned().chain(escorts.iter().copied().cloned()));
            }
        }
    }
    expected
}
