//! Who claims, documents and proves which nationality.

use super::chance::{Chance, apportion};
use super::generate::Draft;
use crate::Scenario;
use crate::nationality::Nationality;
use std::collections::BTreeMap;

/// One person's nationality, three ways.
pub(super) struct Of {
    pub claimed: Nationality,
    pub documented: Option<Nationality>,
    pub verified: Option<Nationality>,
    /// Id of the group of the claimed one.
    pub group: String,
    /// Where the names are from.
    pub region: String,
}

/// For the movers exactly the table; for the cohort the table scaled to its size by largest remainder.
pub(super) fn nationalities(scenario: &Scenario, seed: u64, drafts: &[Draft]) -> Vec<Of> {
    let table = &scenario.nationalities;
    let mut chance = Chance::new(seed, 100);
    let moved: Vec<u32> = table.iter().map(|r| r.moved).collect();
    let whole = apportion(scenario.operation.cohort_size, &moved);
    let rows = |counts: &mut dyn Iterator<Item = u32>| -> Vec<usize> {
        counts.enumerate().flat_map(|(row, n)| std::iter::repeat_n(row, n as usize)).collect()
    };
    let mut movers = rows(&mut moved.iter().copied());
    let mut others = rows(&mut whole.iter().zip(&moved).map(|(all, m)| all.saturating_sub(*m)));
    chance.shuffle(&mut movers);
    chance.shuffle(&mut others);

    let mut all: Vec<Of> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let next = if draft.stay.is_none() { movers.pop() } else { others.pop() };
        let row = &table[next.unwrap_or(0)];
        all.push(Of {
            claimed: row.code,
            documented: None,
            verified: None,
            group: row.group.clone(),
            region: row.name_region.clone(),
        });
    }
    papers(scenario, &mut chance, drafts, &mut all);
    all
}

/// Papers and proofs: by exact counts for the movers, by the same shares for the others.
fn papers(scenario: &Scenario, chance: &mut Chance, drafts: &[Draft], all: &mut [Of]) {
    let mut without: BTreeMap<Nationality, Vec<usize>> = BTreeMap::new();
    for (i, draft) in drafts.iter().enumerate() {
        if draft.stay.is_none() {
            without.entry(all[i].claimed).or_default().push(i);
        }
    }
    without.values_mut().for_each(|who| chance.shuffle(who));
    let mut holders: BTreeMap<Nationality, Vec<usize>> = BTreeMap::new();
    for m in &scenario.cohort.mismatches {
        for _ in 0..m.count {
            if let Some(i) = without.get_mut(&m.claimed).and_then(Vec::pop) {
                holders.entry(m.documented).or_default().push(i);
            }
        }
    }
    for row in &scenario.nationalities {
        let with = holders.entry(row.code).or_default();
        while (with.len() as u32) < row.documented {
            let Some(i) = without.get_mut(&row.code).and_then(Vec::pop) else { break };
            with.push(i);
        }
        for &i in with.iter() {
            all[i].documented = Some(row.code);
        }
        chance.shuffle(with);
        for &i in with.iter().take(row.verified as usize) {
            all[i].verified = Some(row.code);
        }
        let permille = |part: u32, of: u32| part * 1000 / of.max(1);
        for (i, draft) in drafts.iter().enumerate() {
            if draft.stay.is_none() || all[i].claimed != row.code {
                continue;
            }
            if chance.happens(permille(row.documented, row.moved)) {
                all[i].documented = Some(row.code);
                if chance.happens(permille(row.verified, row.documented)) {
                    all[i].verified = Some(row.code);
                }
            }
        }
    }
}
