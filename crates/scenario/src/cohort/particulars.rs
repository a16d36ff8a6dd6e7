//! Names, births and ages.

use super::chance::Chance;
use super::generate::Draft;
use super::nationality::Of;
use super::{AgeBasis, Birth, NamePart, PersonName};
use crate::Scenario;
use crate::names::NameEntry;
use jiff::ToSpan;
use std::collections::BTreeSet;

/// What is recorded of one person's age, and what is true.
pub(super) struct Age {
    pub birth: Birth,
    pub recorded: u8,
    pub basis: AgeBasis,
    pub under18: bool,
}

/// Separation group of young adults; they are recorded as 18 to 24.
const YOUNG: &str = "young";

/// Recorded ages are adult for all. The minors are drawn from the youngest movers, whose age rests on
/// their word or on how they look.
pub(super) fn ages(scenario: &Scenario, seed: u64, drafts: &[Draft]) -> Vec<Age> {
    let mut chance = Chance::new(seed, 200);
    let mut all: Vec<Age> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let recorded = if draft.separation == YOUNG {
            18 + chance.below(7)
        } else {
            // The sum of two draws: most are between 28 and 45.
            22 + chance.below(20) + chance.below(20)
        } as u8;
        let basis = match chance.below(100) {
            0..35 => AgeBasis::Document,
            35..80 => AgeBasis::Declared,
            80..95 => AgeBasis::Visual,
            _ => AgeBasis::Medical,
        };
        let birth = birth(scenario, &mut chance, recorded);
        all.push(Age { birth, recorded, basis, under18: false });
    }
    let movers = (0..drafts.len()).filter(|&i| drafts[i].stay.is_none());
    let mut young: Vec<usize> = movers.collect();
    chance.shuffle(&mut young);
    young.sort_by_key(|&i| all[i].recorded.max(20));
    for &i in young.iter().take(scenario.cohort.minors as usize) {
        let recorded = 18 + chance.below(3) as u8;
        let basis = if chance.happens(700) { AgeBasis::Declared } else { AgeBasis::Visual };
        let birth = birth(scenario, &mut chance, recorded);
        all[i] = Age { birth, recorded, basis, under18: true };
    }
    all
}

/// A birth that gives the recorded age on the day of registration.
fn birth(scenario: &Scenario, chance: &mut Chance, age: u8) -> Birth {
    let registered = scenario.cohort.registered_on;
    let days = 1 + chance.below(363) as i64;
    let date = registered
        .checked_sub(i64::from(age).years())
        .and_then(|d| d.checked_sub(days.days()))
        .unwrap_or(registered);
    if chance.happens(scenario.cohort.year_only_permille) {
        Birth::Year(registered.year() - i16::from(age))
    } else {
        Birth::Date(date)
    }
}

/// A name for each: no two share given, father's and family name, but a duplicate has its original's in
/// another spelling, and families share all but the given name.
pub(super) fn names(
    scenario: &Scenario,
    seed: u64,
    nationalities: &[Of],
    together: &[Vec<usize>],
    duplicates: &[Option<usize>],
) -> Vec<PersonName> {
    let mut chance = Chance::new(seed, 300);
    let mut used: BTreeSet<[String; 3]> = BTreeSet::new();
    let mut all: Vec<Option<PersonName>> = vec![None; nationalities.len()];
    for i in 0..nationalities.len() {
        if duplicates[i].is_some() {
            continue;
        }
        let region = &nationalities[i].region;
        let family = together[i].iter().find_map(|&kin| all[kin].clone());
        let name = loop {
            let name = invent(scenario, &mut chance, region, family.as_ref());
            let key = [&name.given, &name.father, &name.family].map(|p| p.arabic.clone());
            if used.insert(key) {
                break name;
            }
        };
        all[i] = Some(name);
    }
    for i in 0..all.len() {
        if let Some(original) = duplicates[i].and_then(|o| all[o].clone()) {
            all[i] = Some(respell(scenario, &mut chance, &original));
        }
    }
    all.into_iter().flatten().collect()
}

fn invent(
    scenario: &Scenario,
    chance: &mut Chance,
    region: &str,
    family: Option<&PersonName>,
) -> PersonName {
    let lists = &scenario.names;
    let mut part = |list: &[NameEntry]| {
        let fits: Vec<&NameEntry> =
            list.iter().filter(|e| e.regions.iter().any(|r| r == region || r == "any")).collect();
        let all: Vec<&NameEntry> = list.iter().collect();
        let entry = *chance.pick(if fits.is_empty() { &all } else { &fits });
        NamePart { arabic: entry.arabic.clone(), latin: chance.pick(&entry.latin).clone() }
    };
    let given = part(&lists.given);
    match family {
        // Interpreters are paired like families, but only people of one region share a family's name.
        Some(family) => PersonName { given, ..family.clone() },
        None => PersonName {
            given,
            father: part(&lists.given),
            grandfather: part(&lists.given),
            family: part(&lists.family),
            mother: part(&lists.mother),
        },
    }
}

/// The same name as another clerk would write it: every part that has another Latin spelling gets one,
/// and the Arabic loses its hamzas.
fn respell(scenario: &Scenario, chance: &mut Chance, name: &PersonName) -> PersonName {
    let lists = &scenario.names;
    let mut part = |old: &NamePart, list: &[NameEntry]| {
        let entry = list.iter().find(|e| e.arabic == old.arabic);
        let others: Vec<&String> =
            entry.into_iter().flat_map(|e| &e.latin).filter(|l| **l != old.latin).collect();
        let latin = if others.is_empty() { &old.latin } else { *chance.pick(&others) };
        NamePart { arabic: old.arabic.replace(['أ', 'إ', 'آ'], "ا"), latin: latin.clone() }
    };
    PersonName {
        given: part(&name.given, &lists.given),
        father: part(&name.father, &lists.given),
        grandfather: part(&name.grandfather, &lists.given),
        family: part(&name.family, &lists.family),
        mother: part(&name.mother, &lists.mother),
    }
}
