//! Whole greedy plans under random weights: a good start in milliseconds, and better nights later.

use super::chance::Chance;
use super::decode::{Decoder, Listener, Silent};
use super::genome::{NightWishes, Shift, Wish};
use super::model::Model;

/// How a greedy night values a convoy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Policy {
    /// Nights of waiting that a person moved tonight is taken to save.
    horizon: f64,
    /// Units for each person moved, whatever they save.
    flat: f64,
    /// Power of the orbit slots that a convoy's gain is divided by.
    thrift: f64,
    /// Share of chance in the comparison.
    noise: f64,
}

impl Policy {
    pub fn draw(chance: &mut Chance) -> Self {
        Self {
            horizon: 1.0 + 9.0 * chance.share(),
            flat: 300.0 * chance.share() * chance.share(),
            thrift: 1.2 * chance.share(),
            noise: 0.3 * chance.share() * chance.share(),
        }
    }

    /// A policy near this one.
    pub fn near(&self, chance: &mut Chance) -> Self {
        let other = Self::draw(chance);
        let mix = |a: f64, b: f64| 0.7 * a + 0.3 * b;
        Self {
            horizon: mix(self.horizon, other.horizon),
            flat: mix(self.flat, other.flat),
            thrift: mix(self.thrift, other.thrift),
            noise: other.noise,
        }
    }
}

/// Nights before the end from which leaving people behind counts in full.
const LATE_NIGHTS: usize = 3;

/// Adds up what the people who board are worth under a policy.
struct Gain<'v> {
    worth: &'v [f64],
    sum: f64,
}

impl Listener for Gain<'_> {
    fn board(&mut self, class: usize, people: i32) {
        self.sum += self.worth[class] * f64::from(people);
    }
}

/// Working space of [`greedy_night`], kept between calls.
#[derive(Default)]
pub(super) struct GreedySpace {
    state: Vec<i32>,
    trial: Vec<i32>,
    worth: Vec<f64>,
    /// What people of a class are worth more than the policy says, as a factor. Empty: nothing.
    pub urgency: Vec<f64>,
}

/// Fills night `t` from `before`: always the wish with the best gain for its orbit slots.
///
/// A wish's gain only falls while others are sent, so a list sorted by last known gain needs only
/// its head looked at again.
pub(super) fn greedy_night(
    decoder: &mut Decoder,
    space: &mut GreedySpace,
    t: usize,
    before: &[i32],
    policy: &Policy,
    shifts: &[Shift],
    chance: &mut Chance,
) -> NightWishes {
    let m = decoder.model;
    let mut night = NightWishes { wishes: Vec::new(), shifts: shifts.to_vec() };
    let GreedySpace { state, trial, worth, urgency } = space;
    state.clear();
    state.extend_from_slice(before);
    set_worth(m, t, policy, worth);
    worth.iter_mut().zip(urgency.iter()).for_each(|(worth, factor)| *worth *= factor);
    decoder.open(t, &night, state, &mut Silent);
    let mut list: Vec<(f64, Wish)> = Vec::new();
    for &route in &m.open[t] {
        for mode in 0..m.lines[route as usize].modes.len() {
            list.push((f64::INFINITY, Wish::any(route, mode as u8)));
        }
    }
    let mut tonight = decoder.tonight.clone();
    while !list.is_empty() {
        // Look again at the head until it stays the head.
        let mut looked = vec![false; list.len()];
        let best = loop {
            let head = (0..list.len())
                .max_by(|&a, &b| list[a].0.total_cmp(&list[b].0))
                .unwrap_or_default();
            if looked[head] || list[head].0 <= 0.0 {
                break head;
            }
            looked[head] = true;
            trial.clone_from(state);
            let gain = gain_of(decoder, t, &list[head].1, trial, worth, policy);
            decoder.tonight.copy_from(&tonight);
            let slots = f64::from(m.lines[list[head].1.route as usize].exposure.max(1));
            let noise = 1.0 + policy.noise * (chance.share() - 0.5);
            list[head].0 = gain / slots.powf(policy.thrift) * noise;
        };
        if list[best].0 <= 0.0 {
            break;
        }
        let wish = list[best].1;
        decoder.wish(t, &wish, state, &mut Silent);
        tonight.copy_from(&decoder.tonight);
        night.wishes.push(wish);
        list.retain(|(gain, _)| *gain > 0.0);
    }
    night
}

fn gain_of(
    decoder: &mut Decoder,
    t: usize,
    wish: &Wish,
    trial: &mut [i32],
    worth: &[f64],
    policy: &Policy,
) -> f64 {
    let m = decoder.model;
    let line = &m.lines[wish.route as usize];
    let origin = &m.problem.origins[line.origin];
    let over = |state: &[i32]| {
        (i64::from(state[m.layout.at + line.origin]) - origin.safe).max(0) * origin.over_cost
    };
    let crowded = over(trial);
    let mut gain = Gain { worth, sum: 0.0 };
    let Some(units) = decoder.wish(t, wish, trial, &mut gain) else { return 0.0 };
    gain.sum + (crowded - over(trial)) as f64 * (1.0 + policy.horizon) - units as f64
}

fn set_worth(m: &Model, t: usize, policy: &Policy, worth: &mut Vec<f64>) {
    worth.clear();
    let late = m.nights - t <= LATE_NIGHTS;
    for k in 0..m.layout.classes {
        let rare = match m.scarcity[k] {
            2 => 1.0,
            3 => 1.5,
            _ => 4.0,
        };
        let left = if late { m.left[k] as f64 } else { 0.0 };
        worth.push(m.wait[k][t] as f64 * (1.0 + policy.horizon) + policy.flat * rare + left);
    }
}
