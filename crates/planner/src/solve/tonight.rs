//! What is left of a night's limits while it is being filled.

use super::model::Model;

/// Limits of one night, flat so that they are copied at once.
#[derive(Clone, Default)]
pub(super) struct Tonight {
    left: Vec<i32>,
    intake: usize,
    bays: usize,
    crossings: usize,
    orbits: usize,
    pub sorties: i32,
}

impl Tonight {
    pub fn new(m: &Model, t: usize) -> Self {
        let p = m.problem;
        let mut left: Vec<i32> = p.origins.iter().map(|o| o.out_limit[t] as i32).collect();
        let intake = left.len();
        left.extend(p.facilities.iter().map(|f| f.intake[t] as i32));
        let bays = left.len();
        left.extend(p.origins.iter().map(|o| o.bays[t] as i32));
        let crossings = left.len();
        left.extend(p.crossings.iter().map(|c| c.slots[t] as i32));
        let orbits = left.len();
        left.resize(orbits + p.cover[t].orbits as usize, p.cover[t].slots as i32);
        Self { left, intake, bays, crossings, orbits, sorties: p.air.sorties[t] as i32 }
    }

    pub fn copy_from(&mut self, from: &Self) {
        self.left.clone_from(&from.left);
        let Self { left: _, intake, bays, crossings, orbits, sorties } = *from;
        *self =
            Self { left: std::mem::take(&mut self.left), intake, bays, crossings, orbits, sorties };
    }

    /// People who may still leave `origin`.
    pub fn out(&mut self, origin: usize) -> &mut i32 {
        &mut self.left[origin]
    }

    /// People whom `facility` still receives.
    pub fn intake(&mut self, facility: usize) -> &mut i32 {
        &mut self.left[self.intake + facility]
    }

    /// Convoys that `origin` can still load.
    pub fn bays(&mut self, origin: usize) -> &mut i32 {
        &mut self.left[self.bays + origin]
    }

    pub fn crossing(&mut self, crossing: usize) -> &mut i32 {
        &mut self.left[self.crossings + crossing]
    }

    /// Slots left in an orbit's window.
    pub fn orbit(&mut self, orbit: usize) -> &mut i32 {
        &mut self.left[self.orbits + orbit]
    }

    /// The orbit with the least window left that still covers `exposure` slots.
    pub fn tightest_orbit(&self, exposure: i32) -> Option<usize> {
        let mut best = None;
        let mut least = i32::MAX;
        for (orbit, &slots) in self.left[self.orbits..].iter().enumerate() {
            if slots >= exposure && slots < least {
                (best, least) = (Some(orbit), slots);
            }
        }
        best
    }
}
