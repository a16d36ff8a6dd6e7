//! Which separation groups each wing takes.

use super::chance::Chance;
use super::model::{Groups, Model};
use crate::problem::Security;

/// Hosting choices of a plan: for each wing the sets it may take, given who already lives there.
pub(super) struct Hosting {
    choices: Vec<Vec<Groups>>,
    /// Wings with a choice.
    free: Vec<usize>,
}

impl Hosting {
    /// `housed` are the groups already living in each wing.
    pub fn new(m: &Model, housed: &[Groups]) -> Self {
        let choices: Vec<Vec<Groups>> = housed
            .iter()
            .map(|&h| m.hostings.iter().copied().filter(|s| s & h == h).collect())
            .collect();
        let free = (0..choices.len()).filter(|&w| choices[w].len() > 1).collect();
        Self { choices, free }
    }

    /// A first choice: the largest wings first, each to the set whose people are shortest of beds
    /// of that kind.
    pub fn first(&self, m: &Model) -> Vec<Groups> {
        let p = m.problem;
        let mut hosts: Vec<Groups> =
            self.choices.iter().map(|c| c.first().copied().unwrap_or(0)).collect();
        let groups = p.separation_groups.len();
        let mut wings = self.free.clone();
        wings.sort_by_key(|&w| std::cmp::Reverse(p.wings[w].capacity));
        let kind = |w: usize| (p.wings[w].rating == Security::High, p.wings[w].medical);
        for of in [(true, true), (true, false), (false, true), (false, false)] {
            let need = |g: usize| -> f64 {
                let wants = |k: &usize| {
                    let c = &p.classes[*k];
                    c.separation == g
                        && (!of.0 || c.security == Security::High || of.1)
                        && (!of.1 || of.0 || c.health != crate::problem::Health::Fit)
                };
                (0..p.classes.len()).filter(wants).map(|k| p.classes[k].count as f64).sum()
            };
            let needs: Vec<f64> = (0..groups).map(|g| need(g) + 1.0).collect();
            let mut given = vec![0.0; groups];
            for &w in wings.iter().filter(|&&w| kind(w) == of) {
                // Beds of a set go to its neediest group first; compare the shortest group of each.
                let score = |set: Groups| -> f64 {
                    let inside = (0..groups).filter(|g| set >> g & 1 == 1);
                    inside.map(|g| needs[g] / (given[g] + 1.0)).sum()
                };
                let best =
                    self.choices[w].iter().copied().max_by(|&a, &b| score(a).total_cmp(&score(b)));
                hosts[w] = best.unwrap_or(0);
                for g in (0..groups).filter(|g| hosts[w] >> g & 1 == 1) {
                    given[g] += p.wings[w].capacity as f64;
                }
            }
        }
        hosts
    }

    /// Takes over where `housed` says who lives, as far as the choice is free.
    pub fn prefer(&self, hosts: &mut [Groups], housed: &[Groups]) {
        for &w in &self.free {
            let fits = |set: &&Groups| *set & housed[w] == housed[w];
            let keeps = hosts[w] & housed[w] == housed[w];
            if let (false, Some(&set)) = (keeps, self.choices[w].iter().find(fits)) {
                hosts[w] = set;
            }
        }
    }

    /// Wings with a choice.
    pub fn choices_open(&self) -> usize {
        self.free.len()
    }

    /// Gives one wing to another set; false when no wing has a choice.
    pub fn change(&self, hosts: &mut [Groups], chance: &mut Chance) -> bool {
        let Some(w) = chance.pick(&self.free) else { return false };
        let others: Vec<Groups> =
            self.choices[w].iter().copied().filter(|&s| s != hosts[w]).collect();
        let Some(set) = chance.pick(&others) else { return false };
        hosts[w] = set;
        true
    }
}
