//! A point of the relaxation as the plan it comes nearest to: a beginning for the search.

use std::collections::BTreeMap;

use super::program::{Counted, Group, Program};
use super::relaxation::{self, Alike};
use crate::plan::{ClassPlan, Convoy, Housing, Load, LoadedVehicle, Reposition, Sortie};
use crate::problem::{Health, Problem};

/// What is less than this does not count as sent.
const SENT: f64 = 0.5;
/// People fewer than this are a rest of the arithmetic.
const SOMEBODY: f64 = 0.01;

/// Convoys and sorties of which at least half is sent, with the vehicles and the classes aboard;
/// moves between depots and who lives where. People are named, not counted: the plan breaks rules and
/// is only good to be searched from. `None` when nothing is sent.
pub(super) fn plan(problem: &Problem, program: &Program, point: &[f64]) -> Option<ClassPlan> {
    let mut sketch = Sketch::new(problem);
    for (counted, &x) in program.counted.iter().zip(point).filter(|(_, x)| **x > SOMEBODY) {
        sketch.note(counted, x);
    }
    let plan = sketch.finish();
    (!plan.convoys.is_empty() || !plan.sorties.is_empty()).then_some(plan)
}

/// Route and night.
type Ride = (usize, usize);

struct Sketch<'p> {
    problem: &'p Problem,
    alike: Vec<Alike>,
    /// How many, summed over the modes.
    convoys: BTreeMap<Ride, f64>,
    sorties: BTreeMap<Ride, f64>,
    vehicles: BTreeMap<Ride, Vec<(Group, usize, f64)>>,
    /// Those alike who ride.
    aboard: BTreeMap<Ride, Vec<usize>>,
    plan: ClassPlan,
}

impl<'p> Sketch<'p> {
    fn new(problem: &'p Problem) -> Self {
        Self {
            problem,
            alike: relaxation::alike(problem),
            convoys: BTreeMap::new(),
            sorties: BTreeMap::new(),
            vehicles: BTreeMap::new(),
            aboard: BTreeMap::new(),
            plan: ClassPlan::default(),
        }
    }

    fn note(&mut self, counted: &Counted, x: f64) {
        let p = self.problem;
        match *counted {
            Counted::Convoys { route, night, .. } => {
                *self.convoys.entry((route, night)).or_default() += x;
            }
            Counted::Sorties { route, night, .. } => {
                *self.sorties.entry((route, night)).or_default() += x;
            }
            Counted::Vehicles { route, night, group, kind } => {
                self.vehicles.entry((route, night)).or_default().push((group, kind, x));
            }
            Counted::People { route, night, alike, .. } => {
                self.aboard.entry((route, night)).or_default().push(alike);
            }
            Counted::Driven { night, from, to, kind } if x >= SENT => {
                self.plan.repositions.push(Reposition {
                    night: night as i64,
                    from: p.depots[from].id.clone(),
                    to: p.depots[to].id.clone(),
                    vehicle_type: p.vehicle_types[kind].id.clone(),
                    count: x.round() as i64,
                });
            }
            Counted::Beds { wing, security, care, group } => {
                let lives = p.classes.iter().find(|c| {
                    (c.security, c.health != Health::Fit, c.separation) == (security, care, group)
                });
                self.plan.housing.extend(lives.map(|class| Housing {
                    class: class.id.clone(),
                    wing: p.wings[wing].id.clone(),
                    count: (x - SOMEBODY).ceil() as i64,
                }));
            }
            _ => {}
        }
    }

    /// The classes of those who ride, one of each, of one load group or of all.
    fn load(&self, ride: Ride, group: Option<Group>) -> Load {
        let aboard = self.aboard.get(&ride).into_iter().flatten().map(|&u| &self.alike[u]);
        let classes =
            aboard.filter(|a| group.is_none_or(|g| a.group == g)).flat_map(|a| &a.classes);
        classes.map(|&k| (self.problem.classes[k].id.clone(), 1)).collect()
    }

    fn finish(mut self) -> ClassPlan {
        for (&ride, &n) in &self.sorties {
            for _ in 0..n.round() as i64 {
                let route = self.problem.routes[ride.0].id.clone();
                let load = self.load(ride, None);
                self.plan.sorties.push(Sortie { night: ride.1 as i64, route, load });
            }
        }
        for (&ride, &n) in &self.convoys {
            let n = n.round() as i64;
            for _ in 0..n {
                let vehicles = self.vehicles_of(ride, n as f64);
                let route = self.problem.routes[ride.0].id.clone();
                self.plan.convoys.push(Convoy { night: ride.1 as i64, route, orbit: 0, vehicles });
            }
        }
        self.plan
    }

    /// Those of one of `n` convoys alike.
    fn vehicles_of(&self, ride: Ride, n: f64) -> Vec<LoadedVehicle> {
        let all = self.vehicles.get(&ride).into_iter().flatten();
        let each = all.flat_map(|&(group, kind, x)| {
            let vehicle_type = self.problem.vehicle_types[kind].id.clone();
            let one = LoadedVehicle { vehicle_type, load: self.load(ride, Some(group)) };
            std::iter::repeat_n(one, (x / n - SOMEBODY).ceil() as usize)
        });
        each.collect()
    }
}
