//! A quick guess at how well a choice of hosts houses everyone, to start the search well.
//!
//! Beds are filled class by class, those with the fewest wings first, each where the road is
//! cheapest. A facility that gets more than its share of the intake is priced as if nights were
//! lost there. Only comparisons between guesses mean anything.

use super::chance::Chance;
use super::hosting::Hosting;
use super::model::{Groups, Model};

/// Units for each person without a bed, and for each above a facility's share of the intake.
const NO_BED: f64 = 100_000.0;
const OVER_SHARE: f64 = 200.0;
/// Beds and shares counted on: the search never fills either to the last place.
const USABLE_BEDS: f64 = 0.97;
const USABLE_SHARE: f64 = 1.05;
/// Changes tried for each wing with a choice.
const TRIES_PER_WING: usize = 120;

struct Residents {
    people: f64,
    group: Groups,
    /// Wings that suit with the road cost to them, cheapest first.
    wings: Vec<(usize, f64)>,
}

struct Guess {
    /// Fewest wings first.
    classes: Vec<Residents>,
    beds: Vec<f64>,
    shares: Vec<f64>,
    facility: Vec<usize>,
    free: Vec<f64>,
    open: Vec<f64>,
}

impl Guess {
    fn new(m: &Model) -> Self {
        let p = m.problem;
        let nights = m.nights as f64;
        let mut roads = vec![vec![f64::INFINITY; p.facilities.len()]; p.origins.len()];
        for r in &p.routes {
            let mean = r.road_cost.iter().sum::<i64>() as f64 / nights;
            let road = &mut roads[r.origin][r.dest];
            *road = road.min(mean);
        }
        let mut classes: Vec<Residents> = (p.classes.iter().enumerate())
            .map(|(k, c)| {
                let road = |w: usize| roads[c.origin][p.wings[w].facility];
                let mut wings: Vec<(usize, f64)> = (0..p.wings.len())
                    .filter(|&w| p.suits(k, w) && road(w).is_finite())
                    .map(|w| (w, road(w)))
                    .collect();
                wings.sort_by(|a, b| {
                    let plain = |w: usize| (p.wings[w].rating, p.wings[w].medical);
                    a.1.total_cmp(&b.1).then(plain(a.0).cmp(&plain(b.0)))
                });
                Residents { people: c.count as f64, group: 1 << c.separation, wings }
            })
            .collect();
        classes.sort_by_key(|c| c.wings.len());
        let intake: Vec<f64> =
            p.facilities.iter().map(|f| f.intake.iter().sum::<i64>() as f64).collect();
        let all: f64 = intake.iter().sum::<f64>().max(1.0);
        let people = p.people() as f64;
        Self {
            classes,
            beds: p.wings.iter().map(|w| USABLE_BEDS * w.capacity as f64).collect(),
            shares: intake.iter().map(|n| USABLE_SHARE * people * n / all).collect(),
            facility: p.wings.iter().map(|w| w.facility).collect(),
            free: Vec::new(),
            open: Vec::new(),
        }
    }

    fn price(&mut self, hosts: &[Groups]) -> f64 {
        self.free.clone_from(&self.beds);
        self.open.clone_from(&self.shares);
        let mut price = 0.0;
        for Residents { people, group, wings } in &self.classes {
            let mut left = *people;
            // First within the facilities' shares, then above them.
            for above in [0.0, OVER_SHARE] {
                for &(w, road) in wings.iter().filter(|(w, _)| hosts[*w] & group != 0) {
                    let share = &mut self.open[self.facility[w]];
                    let room = if above > 0.0 { self.free[w] } else { self.free[w].min(*share) };
                    let n = left.min(room);
                    if n > 0.0 {
                        self.free[w] -= n;
                        *share -= n;
                        left -= n;
                        price += n * (road + above);
                    }
                }
            }
            price += left * NO_BED;
        }
        price
    }
}

/// Changes hosts one wing at a time as long as the guess does not get worse.
pub(super) fn improve(m: &Model, hosting: &Hosting, hosts: &mut Vec<Groups>, chance: &mut Chance) {
    let mut guess = Guess::new(m);
    let mut price = guess.price(hosts);
    let mut trial = hosts.clone();
    for _ in 0..TRIES_PER_WING * hosting.choices_open() {
        trial.clone_from(hosts);
        // Now and then two at once: a group may have to leave one wing to take another.
        let changed = hosting.change(&mut trial, chance);
        if chance.below(3) == 0 {
            hosting.change(&mut trial, chance);
        }
        if !changed {
            return;
        }
        let now = guess.price(&trial);
        if now <= price {
            price = now;
            hosts.clone_from(&trial);
        }
    }
}
