//! Who was told a night: how many of each class a plan in force takes on each of the next nights.
//!
//! A re-plan that sends the same convoys may still put other people in them, as the worth of a
//! vehicle says. So on nights near enough to be announced, whoever was told the night and route is
//! seated before others, and whoever does not go then has a price.

use super::done::Ids;
use super::model::Model;
use crate::plan::{ClassPlan, Load};

/// Nights that are announced: people have been told, families informed, cells booked.
const ANNOUNCED: usize = 7;

/// People by night, route and class of the route's lane.
pub(super) struct Promises {
    /// Where each route's classes begin in a night's list, and where the last one's end.
    first: Vec<usize>,
    /// Empty for nights that are not announced.
    nights: Vec<Vec<i32>>,
}

impl Promises {
    /// Of `plan` from night `from` on. What the problem does not know is left out.
    pub fn new(m: &Model, plan: &ClassPlan, from: usize) -> Self {
        let ids = Ids::new(m);
        let mut first = vec![0];
        for line in &m.lines {
            first.push(first[first.len() - 1] + m.lanes[line.lane].classes.len());
        }
        let classes = first[m.lines.len()];
        let mut promises = Self { first, nights: vec![Vec::new(); m.nights] };
        let announced = from.min(m.nights)..m.nights.min(from + ANNOUNCED);
        promises.nights[announced.clone()].iter_mut().for_each(|n| *n = vec![0; classes]);
        let mut add = |night: i64, route: &str, load: &Load| {
            let night = usize::try_from(night).ok().filter(|t| announced.contains(t));
            let (Some(t), Some(&route)) = (night, ids.routes.get(route)) else { return };
            let lane = &m.lanes[m.lines[route].lane];
            for (class, &people) in load {
                let Some(&class) = ids.classes.get(class.as_str()) else { continue };
                let position = lane.classes.iter().position(|c| c.class == class);
                if let Some(position) = position {
                    promises.nights[t][promises.first[route] + position] += people as i32;
                }
            }
        };
        for c in &plan.convoys {
            c.vehicles.iter().for_each(|v| add(c.night, &c.route, &v.load));
        }
        plan.sorties.iter().for_each(|s| add(s.night, &s.route, &s.load));
        promises
    }
}

/// What is left of a night's promises while it is being filled.
#[derive(Default)]
pub(super) struct Open(Vec<i32>);

impl Open {
    pub fn begin(&mut self, promises: &Promises, night: usize) {
        self.0.clone_from(&promises.nights[night]);
    }

    /// By class of the route's lane; empty when nothing was promised for the night.
    pub fn on(&mut self, promises: &Promises, route: usize) -> &mut [i32] {
        match self.0.is_empty() {
            true => &mut [],
            false => &mut self.0[promises.first[route]..promises.first[route + 1]],
        }
    }

    /// People who were told the night and have no place on their route.
    pub fn missed(&self) -> i64 {
        self.0.iter().map(|&people| i64::from(people.max(0))).sum()
    }
}
