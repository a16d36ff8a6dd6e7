//! A plan carried out night by night while things go wrong, with the cheapest re-plan there is each
//! evening: what is wished for tonight, then what lost nights still owe, then whatever else can go.
//! A night takes some ten microseconds, so ten thousand campaigns take seconds.

use super::SolveError;
use super::chance::Chance;
use super::decode::{Decoder, Listener, Part};
use super::encode;
use super::genome::{NightWishes, Wish};
use super::hosting::Hosting;
use super::housing_estimate;
use super::model::Model;
use crate::plan::ClassPlan;
use crate::problem::Problem;

/// What one night turns out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happening {
    /// Nothing moves.
    pub lost: bool,
    /// Of each orbit's window, in percent.
    pub cover: u8,
    /// Of what each facility promised, in percent.
    pub intake: u8,
    /// Of the vehicles at each depot, in percent, rounded down; the rest are broken tonight.
    pub vehicles: u8,
    /// Of the people who could board, in percent, rounded down; for the rest a gate is late.
    pub gates: u8,
}

impl Happening {
    /// As planned.
    pub const CALM: Self = Self { lost: false, cover: 100, intake: 100, vehicles: 100, gates: 100 };
}

/// How one campaign went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    pub left_behind: i64,
    pub moved: i64,
    /// Units, all parts.
    pub cost: i64,
    /// Last night on which anybody moved.
    pub last_night: Option<usize>,
    /// Person-minutes on the road or in the air.
    pub exposure_min: i64,
    /// Nights waited, over all people.
    pub waited: i64,
}

/// A plan ready to be carried out many times.
pub struct Course<'p> {
    model: Model<'p>,
    nights: Vec<NightWishes>,
    hosts: Vec<u8>,
    /// Beds, by wing.
    free: Vec<i32>,
    /// Minutes of each route.
    minutes: Vec<i64>,
}

impl<'p> Course<'p> {
    /// # Errors
    /// When the plan names what the problem does not have.
    pub fn new(problem: &'p Problem, plan: &ClassPlan) -> Result<Self, SolveError> {
        let model = Model::new(problem);
        let hosting = Hosting::new(&model, &vec![0; problem.wings.len()]);
        let mut hosts = hosting.first(&model);
        housing_estimate::improve(&model, &hosting, &mut hosts, &mut Chance::new(1));
        hosting.prefer(&mut hosts, &encode::housed(&model, plan));
        let nights = encode::wishes(&model, plan)?;
        let minutes = problem.routes.iter().map(|r| (r.hours * 60.0).round() as i64).collect();
        let free = model.beds();
        Ok(Self { model, nights, hosts, free, minutes })
    }

    /// Carries the plan out once for each list of nights, in order.
    pub fn play_all(&self, futures: &mut dyn Iterator<Item = Vec<Happening>>) -> Vec<Outcome> {
        let mut decoder = Decoder::new(&self.model, &self.hosts, &self.free, None);
        futures.map(|future| self.play(&mut decoder, &future)).collect()
    }

    fn play(&self, decoder: &mut Decoder, future: &[Happening]) -> Outcome {
        let mut state = self.model.start();
        decoder.begin(&mut state);
        let mut tally = Tally { minutes: &self.minutes, ..Tally::default() };
        let mut owed: Vec<Wish> = Vec::new();
        let mut behind = false;
        for t in 0..self.model.nights {
            let happening = future.get(t).copied().unwrap_or(Happening::CALM);
            tally.night = t;
            let own = &self.nights[t];
            if happening.lost {
                owed.extend(own.wishes.iter().map(|wish| wish.for_others_too()));
                behind = true;
            } else {
                let held = self.hinder(decoder, t, own, &happening, &mut state, &mut tally);
                behind |= happening != Happening::CALM;
                for wish in &own.wishes {
                    // Seats are left by those who could not come; who is behind takes them.
                    let wish = if behind { wish.for_others_too() } else { *wish };
                    if decoder.wish(t, &wish, &mut state, &mut tally).is_none() {
                        owed.push(wish);
                    }
                }
                owed.retain(|wish| decoder.wish(t, wish, &mut state, &mut tally).is_none());
                if behind {
                    self.send_more(decoder, t, &mut state, &mut tally);
                }
                self.release(&held, &mut state);
            }
            tally.outcome.waited += self.waiting(&state);
            decoder.close(t, &mut state, &mut tally);
            if self.waiting(&state) == 0 && !behind && t + 1 == self.model.nights {
                break;
            }
        }
        let left_behind = self.waiting(&state);
        Outcome { left_behind, ..tally.outcome }
    }

    fn waiting(&self, state: &[i32]) -> i64 {
        state[..self.model.layout.classes].iter().map(|&n| i64::from(n)).sum()
    }

    /// Opens the night and takes away what is missing; people and vehicles held back for tonight.
    fn hinder(
        &self,
        decoder: &mut Decoder,
        t: usize,
        own: &NightWishes,
        happening: &Happening,
        state: &mut [i32],
        tally: &mut Tally,
    ) -> Vec<(usize, i32)> {
        let (p, l) = (self.model.problem, &self.model.layout);
        decoder.open(t, own, state, tally);
        let part = |n: i32, percent: u8| n * i32::from(percent.min(100)) / 100;
        let cover = p.cover[t];
        for orbit in 0..cover.orbits as usize {
            let slots = decoder.tonight.orbit(orbit);
            *slots = part(*slots, happening.cover);
        }
        // The decoder charges an orbit when its window is whole; a shortened one is charged here.
        tally.short_orbit = (happening.cover < 100).then_some(p.orbit_cost);
        tally.orbits = 0;
        for facility in 0..p.facilities.len() {
            let people = decoder.tonight.intake(facility);
            *people = part(*people, happening.intake);
        }
        let people = (0..l.classes).map(|k| (k, happening.gates));
        let vehicles = (l.stock..l.stock + l.depots * l.types).map(|v| (v, happening.vehicles));
        let mut held = Vec::new();
        for (at, percent) in people.chain(vehicles).filter(|(_, percent)| *percent < 100) {
            let away = state[at].max(0) - part(state[at].max(0), percent);
            state[at] -= away;
            held.push((at, away));
        }
        held
    }

    fn release(&self, held: &[(usize, i32)], state: &mut [i32]) {
        held.iter().for_each(|&(at, n)| state[at] += n);
    }

    /// Every open route once more, those first where most people wait.
    fn send_more(&self, decoder: &mut Decoder, t: usize, state: &mut [i32], tally: &mut Tally) {
        let at = self.model.layout.at;
        let line = |route: u16| &self.model.lines[route as usize];
        let mut routes = self.model.open[t].clone();
        routes.sort_by_key(|&r| std::cmp::Reverse(state[at + line(r).origin]));
        for route in routes {
            for mode in 0..line(route).modes.len() {
                let wish = Wish::any(route, mode as u8);
                while state[at + line(route).origin] > 0
                    && decoder.wish(t, &wish, state, tally).is_some()
                {}
            }
        }
    }
}

/// Adds up what the decoder does.
#[derive(Default)]
struct Tally<'c> {
    minutes: &'c [i64],
    outcome: Outcome,
    night: usize,
    route: usize,
    /// Price of an orbit whose window is not whole, and the orbits charged so far.
    short_orbit: Option<i64>,
    orbits: u64,
}

impl Listener for Tally<'_> {
    fn convoy(&mut self, _: usize, route: usize, orbit: usize) {
        self.route = route;
        let bit = 1u64 << (orbit % 64);
        if let Some(price) = self.short_orbit.filter(|_| self.orbits & bit == 0) {
            self.orbits |= bit;
            self.outcome.cost += price;
        }
    }

    fn sortie(&mut self, _: usize, route: usize) {
        self.route = route;
    }

    fn board(&mut self, _: usize, people: i32) {
        self.outcome.moved += i64::from(people);
        self.outcome.last_night = Some(self.night);
        self.outcome.exposure_min += i64::from(people) * self.minutes[self.route];
    }

    fn pay(&mut self, _: Part, units: i64) {
        self.outcome.cost += units;
    }
}
