//! Who must be apart, who together, and who is registered twice.

use super::chance::Chance;
use super::generate::Draft;
use super::nationality::Of;
use crate::Scenario;
use crate::fleet::Need;
use crate::parameters::StayReason;
use std::collections::{BTreeMap, BTreeSet};

/// For each record, the other record of the same person, when it is a duplicate.
pub(super) fn duplicates(seed: u64, drafts: &[Draft], of: &[Of]) -> Vec<Option<usize>> {
    let mut chance = Chance::new(seed, 400);
    let mut taken = BTreeSet::new();
    let is_duplicate = |i: usize| drafts[i].stay == Some(StayReason::Duplicate);
    let mut all = vec![None; drafts.len()];
    for i in (0..drafts.len()).filter(|&i| is_duplicate(i)) {
        let same =
            |j: &usize| !is_duplicate(*j) && of[*j].claimed == of[i].claimed && !drafts[*j].missing;
        let same: Vec<usize> =
            (0..drafts.len()).filter(same).filter(|j| !taken.contains(j)).collect();
        if same.is_empty() {
            continue;
        }
        let original = *chance.pick(&same);
        taken.insert(original);
        all[i] = Some(original);
    }
    all
}

/// Groups of two or three movers of one site who need the same vehicle and the same destination:
/// families and interpreters. For each person the others of their group.
pub(super) fn together(
    scenario: &Scenario,
    seed: u64,
    drafts: &[Draft],
    of: &[Of],
) -> Vec<Vec<usize>> {
    let mut chance = Chance::new(seed, 500);
    let mut alike: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (i, d) in drafts.iter().enumerate() {
        let need = Need::of(d.security, d.health);
        if d.stay.is_none() && !d.missing && need != Need::Stretcher {
            let key = (&d.site, d.security, d.health, &d.separation, of[i].claimed);
            alike.entry(key).or_default().push(i);
        }
    }
    let mut pools: Vec<Vec<usize>> = alike.into_values().filter(|who| who.len() >= 3).collect();
    pools.iter_mut().for_each(|who| chance.shuffle(who));
    let mut all = vec![Vec::new(); drafts.len()];
    for _ in 0..scenario.cohort.together_groups {
        pools.retain(|who| who.len() >= 3);
        if pools.is_empty() {
            break;
        }
        let at = chance.below(pools.len());
        let rest = pools[at].len() - if chance.happens(300) { 3 } else { 2 };
        let group = pools[at].split_off(rest);
        for &i in &group {
            all[i] = group.iter().copied().filter(|&j| j != i).collect();
        }
    }
    all
}

/// Pairs who must not share a vehicle; nine in ten within a site, none within a group that belongs together.
pub(super) fn keep_apart(
    scenario: &Scenario,
    seed: u64,
    drafts: &[Draft],
    together: &[Vec<usize>],
) -> Vec<Vec<usize>> {
    let mut chance = Chance::new(seed, 600);
    let mut all = vec![Vec::new(); drafts.len()];
    let mut pairs = 0;
    while pairs < scenario.cohort.keep_apart_pairs && drafts.len() > 2 {
        let (i, j) = (chance.below(drafts.len()), chance.below(drafts.len()));
        let near = drafts[i].site == drafts[j].site || chance.happens(100);
        let duplicate = |i: usize| drafts[i].stay == Some(StayReason::Duplicate);
        if i == j || !near || duplicate(i) || duplicate(j) {
            continue;
        }
        if together[i].contains(&j) || all[i].contains(&j) {
            continue;
        }
        all[i].push(j);
        all[j].push(i);
        pairs += 1;
    }
    all
}
