//! Which wings each class may still be housed in, under a choice of hosts.

use super::model::{Groups, Lane, Model};

/// For every lane class the wings that suit it and take its separation group, plainest first.
#[derive(Default)]
pub(super) struct Beds {
    pub hosts: Vec<Groups>,
    wings: Vec<u16>,
    /// The same by [`Model::wing_bit`], by lane class.
    bits: Vec<u64>,
    /// End in `wings`, by lane class over all lanes; the first entry is 0.
    ends: Vec<u32>,
}

impl Beds {
    pub fn new(m: &Model, hosts: &[Groups]) -> Self {
        let mut beds = Self::default();
        beds.set(m, hosts);
        beds
    }

    pub fn set(&mut self, m: &Model, hosts: &[Groups]) {
        self.hosts.clear();
        self.hosts.extend_from_slice(hosts);
        self.wings.clear();
        self.bits.clear();
        self.ends.clear();
        self.ends.push(0);
        for c in m.lanes.iter().flat_map(|lane| &lane.classes) {
            let hosted = c.wings.iter().filter(|&&w| hosts[w as usize] & c.separation != 0);
            let from = self.wings.len();
            self.wings.extend(hosted);
            let bit = |bits, &w: &u16| bits | m.wing_bit[w as usize];
            self.bits.push(self.wings[from..].iter().fold(0, bit));
            self.ends.push(self.wings.len() as u32);
        }
    }

    /// Wings for the class at `position` of `lane`.
    pub fn wings(&self, lane: &Lane, position: usize) -> &[u16] {
        let n = lane.before + position;
        &self.wings[self.ends[n] as usize..self.ends[n + 1] as usize]
    }

    pub fn bits(&self, lane: &Lane, position: usize) -> u64 {
        self.bits[lane.before + position]
    }
}
