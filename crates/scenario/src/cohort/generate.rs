//! Inventing the people.

use super::chance::{Chance, deal};
use super::{AgeBasis, Cohort, Gate, Person, gates, nationality, particulars, ties};
use crate::Scenario;
use crate::parameters::StayReason;
use crate::site::{Health, Security, Site, Unit};
use domain::ids::{PersonId, SiteId, UnitId};

/// A person while being invented. Positions are in the list of all drafts.
pub(super) struct Draft {
    pub site: SiteId,
    pub security: Security,
    pub health: Health,
    pub separation: String,
    /// `None`: can board once all gates have passed.
    pub stay: Option<StayReason>,
    /// Missing since the lost control, and recaptured or not.
    pub missing: bool,
    pub recaptured: bool,
}

/// Everyone of the scenario, by a seed: the same scenario and seed give the same people.
///
/// Counts are exact (who moves and who stays and why, nationalities of the movers, minors); chance only
/// says who.
pub fn generate(scenario: &Scenario, seed: u64) -> Cohort {
    let mut drafts = drafts(scenario, seed);
    missing(scenario, seed, &mut drafts);
    stays(scenario, seed, &mut drafts);

    let numbers = numbers(scenario, seed, drafts.len());
    let mut units = Units::new(scenario);
    let nationalities = nationality::nationalities(scenario, seed, &drafts);
    let ages = particulars::ages(scenario, seed, &drafts);
    let duplicates = ties::duplicates(seed, &drafts, &nationalities);
    let together = ties::together(scenario, seed, &drafts, &nationalities);
    let names = particulars::names(scenario, seed, &nationalities, &together, &duplicates);
    let apart = ties::keep_apart(scenario, seed, &drafts, &together);
    let plans = gates::plans(scenario, seed, &drafts);

    let id = |i: usize| PersonId::issue(scenario.cohort.series, numbers[i]);
    let ids = |all: &[usize]| {
        let mut ids: Vec<PersonId> = all.iter().map(|&i| id(i)).collect();
        ids.sort();
        ids
    };
    let mut people: Vec<Person> = Vec::with_capacity(drafts.len());
    for (i, (draft, name)) in drafts.iter().zip(names).enumerate() {
        let (of, age) = (&nationalities[i], &ages[duplicates[i].unwrap_or(i)]);
        people.push(Person {
            id: id(i),
            unit: units.place(draft),
            name,
            birth: age.birth,
            recorded_age: age.recorded,
            age_basis: if duplicates[i].is_some() { AgeBasis::Declared } else { age.basis },
            true_under18: ages[i].under18,
            claimed: of.claimed,
            documented: of.documented,
            verified: of.verified,
            security: draft.security,
            health: draft.health,
            separation: draft.separation.clone(),
            nationality_group: of.group.clone(),
            keep_apart: ids(&apart[i]),
            together: ids(&together[i]),
            duplicate_of: duplicates[i].map(id),
            escape: gates::escape(scenario, draft),
            gates: plans[i],
        });
    }
    people.sort_by_key(|p| p.id);
    Cohort { seed, people }
}

fn drafts(scenario: &Scenario, seed: u64) -> Vec<Draft> {
    let p = &scenario.cohort;
    let mut chance = Chance::new(seed, 1);
    let mut all = Vec::new();
    for share in &p.sites {
        let mut security = deal(share.people, &p.security);
        let mut health = deal(share.people, &p.health);
        let mut separation = deal(share.people, &share.separation);
        chance.shuffle(&mut security);
        chance.shuffle(&mut health);
        chance.shuffle(&mut separation);
        let each = security.into_iter().zip(health).zip(separation);
        all.extend(each.map(|((security, health), separation)| Draft {
            site: share.site.clone(),
            security,
            health,
            separation,
            stay: None,
            missing: false,
            recaptured: false,
        }));
    }
    all
}

/// Who is missing after the lost control. Only people who can walk are.
fn missing(scenario: &Scenario, seed: u64, drafts: &mut [Draft]) {
    let trouble = &scenario.troubles.lost_control;
    let here = |d: &Draft| d.site == trouble.site && d.health == Health::Fit;
    let mut who: Vec<usize> = (0..drafts.len()).filter(|&i| here(&drafts[i])).collect();
    Chance::new(seed, 2).shuffle(&mut who);
    for (n, &i) in who.iter().take(trouble.missing as usize).enumerate() {
        drafts[i].missing = true;
        drafts[i].recaptured = n < trouble.recaptured as usize;
    }
}

/// Who stays and why: as many of each reason as the scenario says.
fn stays(scenario: &Scenario, seed: u64, drafts: &mut [Draft]) {
    let mut chance = Chance::new(seed, 3);
    let mut free: Vec<usize> =
        (0..drafts.len()).filter(|&i| !drafts[i].missing || drafts[i].recaptured).collect();
    for draft in drafts.iter_mut().filter(|d| d.missing && !d.recaptured) {
        draft.stay = Some(StayReason::Escaped);
    }
    for stay in scenario.cohort.stays.iter().filter(|s| s.why != StayReason::Escaped) {
        let suits = |d: &Draft| match stay.why {
            StayReason::Failed(Gate::Fitness) => d.health != Health::Fit,
            StayReason::Duplicate => d.health == Health::Fit && !d.missing,
            _ => true,
        };
        chance.shuffle(&mut free);
        // Whoever suits is taken first, from the end; the sort keeps the shuffled order otherwise.
        free.sort_by_key(|&i| suits(&drafts[i]));
        let from = free.len().saturating_sub(stay.count as usize);
        for i in free.split_off(from) {
            drafts[i].stay = Some(stay.why);
        }
    }
}

/// A number for each, in no order that says anything.
fn numbers(scenario: &Scenario, seed: u64, n: usize) -> Vec<u32> {
    let first = scenario.cohort.first_number;
    let mut all: Vec<u32> = (first..first + n as u32).collect();
    Chance::new(seed, 5).shuffle(&mut all);
    all
}

/// Wings filled evenly by what they may hold.
struct Units<'a> {
    sites: &'a [Site],
    held: std::collections::BTreeMap<UnitId, u32>,
}

impl<'a> Units<'a> {
    fn new(scenario: &'a Scenario) -> Self {
        Self { sites: &scenario.sites, held: Default::default() }
    }

    /// The least full unit of the site that suits; when none does, the least full of those that could
    /// at least hold the security level. Prisons may be over their capacity.
    fn place(&mut self, draft: &Draft) -> UnitId {
        let units = self.sites.iter().find(|s| s.id == draft.site).map_or(&[][..], |s| &s.units);
        let suits = |u: &&Unit| {
            let group = u.separation.is_empty() || u.separation.contains(&draft.separation);
            let ill = draft.health != Health::Fit;
            !u.juvenile && u.rating.holds(draft.security) && u.medical == ill && (ill || group)
        };
        let fullness = |u: &&Unit| {
            let held = self.held.get(&u.id).copied().unwrap_or(0);
            u64::from(held) * 1_000_000 / u64::from(u.capacity.max(1))
        };
        let best = units.iter().filter(suits).min_by_key(fullness);
        let best = best.or_else(|| {
            units
                .iter()
                .filter(|u| !u.juvenile && u.rating.holds(draft.security))
                .min_by_key(fullness)
        });
        let id = best.or(units.first()).expect("the check found a unit at every origin").id.clone();
        *self.held.entry(id.clone()).or_default() += 1;
        id
    }
}
