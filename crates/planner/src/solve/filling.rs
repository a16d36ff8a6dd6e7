//! Who could ride with the convoy that is being filled, kept up to date vehicle by vehicle.

use super::genome::ANY;
use super::model::{Evening, Groups, Lane, Model};
use crate::problem::MAX_VEHICLE_TYPES;

/// People of one class who could ride: those waiting, as far as there are beds for them.
#[derive(Clone, Copy)]
struct Riders {
    able: i32,
    beds: i32,
    vulnerability: i32,
}

/// A load group with somebody who could ride.
struct Waiting {
    group: usize,
    stale: bool,
    /// Worth of one vehicle of each type filled from this group.
    worth: [i64; MAX_VEHICLE_TYPES],
}

#[derive(Default)]
pub(super) struct Filling {
    riders: Vec<Riders>,
    waiting: Vec<Waiting>,
}

/// What a convoy may still take.
pub(super) struct Allowance<'a> {
    pub room: i32,
    pub guards: i32,
    pub wanted: &'a [u8; MAX_VEHICLE_TYPES],
    /// Vehicles at the depot, by type.
    pub stock: &'a [i32],
}

impl Filling {
    pub fn start(
        &mut self,
        evening: Evening,
        lane: &Lane,
        mode: Groups,
        hosts: &[Groups],
        state: &[i32],
    ) {
        self.riders.clear();
        self.waiting.clear();
        let layout = &evening.model.layout;
        let free = &state[layout.beds..layout.own];
        for (group, g) in lane.groups.iter().enumerate() {
            let mut able = 0;
            for c in &lane.classes[g.classes.clone()] {
                let present = evening.able(c.class, state);
                let mut riders = Riders { able: 0, beds: 0, vulnerability: c.vulnerability as i32 };
                if g.separation & mode != 0 && present > 0 {
                    for &w in &c.wings {
                        if hosts[w as usize] & g.separation != 0 {
                            riders.beds += free[w as usize];
                        }
                    }
                    riders.able = present.min(riders.beds);
                    able += riders.able;
                }
                self.riders.push(riders);
            }
            if able > 0 {
                self.waiting.push(Waiting { group, stale: true, worth: [0; MAX_VEHICLE_TYPES] });
            }
        }
    }

    /// Vehicle type and load group worth most: first among the types asked for by number.
    pub fn best(&mut self, m: &Model, lane: &Lane, allowed: &Allowance) -> Option<(usize, usize)> {
        let short = allowed.room < m.max_places;
        let usable = |v: usize| {
            allowed.wanted[v] != 0 && allowed.stock[v] > 0 && allowed.guards >= m.guards[v]
        };
        let mut best = None;
        let (mut most, mut asked) = (0, false);
        for waiting in &mut self.waiting {
            let group = &lane.groups[waiting.group];
            if waiting.stale || short {
                waiting.stale = false;
                let riders = &self.riders[group.classes.clone()];
                for &v in &group.suited {
                    let places = m.places[v].min(allowed.room);
                    waiting.worth[v] = worth(riders, places) * group.scarcity;
                }
            }
            for &v in &group.suited {
                if usable(v) {
                    let worth = waiting.worth[v];
                    let by_number = allowed.wanted[v] != ANY;
                    if worth > 0 && (by_number, worth) > (asked, most) {
                        (most, asked, best) = (worth, by_number, Some((v, waiting.group)));
                    }
                }
            }
        }
        best
    }

    /// `people` got beds in `wing`: gone for everyone on the lane who could have had them.
    pub fn took_beds(&mut self, lane: &Lane, hosted: Groups, wing: usize, people: i32) {
        let bit = 1u64 << lane.wing_bit[wing];
        for waiting in &mut self.waiting {
            let group = &lane.groups[waiting.group];
            if hosted & group.separation == 0 {
                continue;
            }
            for i in group.classes.clone() {
                if lane.classes[i].wing_bits & bit != 0 {
                    let riders = &mut self.riders[i];
                    riders.beds -= people;
                    if riders.beds < riders.able {
                        riders.able = riders.beds;
                        waiting.stale = true;
                    }
                }
            }
        }
    }

    /// People of `group` got on.
    pub fn boarded(&mut self, evening: Evening, lane: &Lane, group: usize, state: &[i32]) {
        for i in lane.groups[group].classes.clone() {
            let riders = &mut self.riders[i];
            riders.able = riders.able.min(evening.able(lane.classes[i].class, state));
        }
        if let Some(waiting) = self.waiting.iter_mut().find(|w| w.group == group) {
            waiting.stale = true;
        }
    }
}

fn worth(riders: &[Riders], places: i32) -> i64 {
    let (mut left, mut sum) = (places, 0);
    for r in riders {
        let n = left.min(r.able);
        sum += n * r.vulnerability;
        left -= n;
    }
    i64::from(sum)
}
