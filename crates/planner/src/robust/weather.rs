//! Futures drawn from odds: the same seed and number give the same future, whatever the plan.

use crate::solve::chance::Chance;
use crate::solve::rollout::Happening;

/// Chances of each night, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Odds {
    /// That a night is lost, over all nights.
    pub lose: f64,
    /// That a night is lost when the one before was; `lose` when nights do not depend on each other.
    pub lose_again: f64,
    /// That a night not lost has a shortened window: half to nine tenths of it.
    pub shorten: f64,
    /// That receivers take less than promised: half to nine tenths.
    pub lower: f64,
    /// That vehicles break down: up to a fifth of them stay.
    pub break_down: f64,
    /// That gates are late: up to a fifth of those who could board may not.
    pub late_gates: f64,
}

impl Odds {
    /// Only lost nights, each by itself.
    pub fn losing(lose: f64) -> Self {
        let none = 0.0;
        Self {
            lose,
            lose_again: lose,
            shorten: none,
            lower: none,
            break_down: none,
            late_gates: none,
        }
    }

    /// Future number `number` of `seed`. Each night draws as many numbers whatever the odds, so that
    /// futures under other odds differ as little as they can.
    pub fn future(&self, nights: usize, seed: u64, number: u64) -> Vec<Happening> {
        let mut chance = Chance::new(seed.wrapping_mul(0x9e37_79b9).wrapping_add(number));
        let stays_good = self.lose * (1.0 - self.lose_again) / (1.0 - self.lose).max(1e-9);
        let mut odds_lost = self.lose;
        let mut night = || {
            let lost = chance.share() < odds_lost;
            odds_lost = if lost { self.lose_again } else { stays_good };
            let mut part = |odds: f64, least: f64, most: f64| {
                let (happens, share) = (chance.share() < odds, chance.share());
                if happens { (100.0 * (least + (most - least) * share)) as u8 } else { 100 }
            };
            Happening {
                lost,
                cover: part(self.shorten, 0.5, 0.9),
                intake: part(self.lower, 0.5, 0.9),
                vehicles: part(self.break_down, 0.8, 1.0),
                gates: part(self.late_gates, 0.8, 1.0),
            }
        };
        (0..nights).map(|_| night()).collect()
    }
}
