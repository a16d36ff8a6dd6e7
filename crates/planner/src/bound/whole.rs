//! A point of the relaxation in which everything is whole, as a plan.
//!
//! The relaxation adds up the convoys of a route and night, and says neither which class of those alike
//! rides when nor under which orbit. Here that is chosen in order; the caller has to check the plan.

use std::collections::{BTreeMap, VecDeque};

use super::program::{Counted, Group, Program};
use super::relaxation::{self, Alike};
use crate::plan::{ClassPlan, Convoy, Housing, Load, LoadedVehicle, Reposition, Sortie};
use crate::problem::{Health, Need, Problem, Security};

/// Farther from a whole number than this is not whole.
const WHOLE: f64 = 1e-4;

/// Route and night.
type Ride = (usize, usize);
/// Security, whether they need care, separation group.
type Resident = (Security, bool, usize);

/// `None` when something is not whole, or when the convoys of a route cannot be told apart so that each
/// keeps its limits.
pub(super) fn plan(problem: &Problem, program: &Program, point: &[f64]) -> Option<ClassPlan> {
    let mut whole = Whole::of(problem);
    for (counted, &x) in program.counted.iter().zip(point) {
        let n = x.round();
        if (x - n).abs() > WHOLE {
            return None;
        }
        if n > 0.0 {
            whole.note(counted, n as i64);
        }
    }
    whole.rides()?;
    whole.flights()?;
    whole.cover()?;
    whole.house()?;
    Some(whole.plan)
}

struct Whole<'p> {
    p: &'p Problem,
    alike: Vec<Alike>,
    /// By mode, how many.
    convoys: BTreeMap<Ride, Vec<(u8, i64)>>,
    sorties: BTreeMap<(usize, usize, u8), i64>,
    vehicles: BTreeMap<(Ride, Group), Vec<(usize, i64)>>,
    /// Those alike on a route in a night; on the road the mode is 0.
    riders: BTreeMap<(usize, usize, u8), Vec<(usize, i64)>>,
    /// Who of those alike goes to a facility: class and people.
    received: BTreeMap<(usize, usize), VecDeque<(usize, i64)>>,
    /// Who has arrived, and beds, by facility.
    arrived: BTreeMap<(usize, Resident), VecDeque<(usize, i64)>>,
    beds: Vec<(usize, Resident, i64)>,
    plan: ClassPlan,
}

impl<'p> Whole<'p> {
    fn of(p: &'p Problem) -> Self {
        Self {
            p,
            alike: relaxation::alike(p),
            convoys: BTreeMap::new(),
            sorties: BTreeMap::new(),
            vehicles: BTreeMap::new(),
            riders: BTreeMap::new(),
            received: BTreeMap::new(),
            arrived: BTreeMap::new(),
            beds: Vec::new(),
            plan: ClassPlan::default(),
        }
    }

    fn note(&mut self, counted: &Counted, n: i64) {
        let p = self.p;
        match *counted {
            Counted::Convoys { route, night, mode } => {
                self.convoys.entry((route, night)).or_default().push((mode, n));
            }
            Counted::Sorties { route, night, mode } => {
                self.sorties.insert((route, night, mode), n);
            }
            Counted::Vehicles { route, night, group, kind } => {
                self.vehicles.entry(((route, night), group)).or_default().push((kind, n));
            }
            Counted::People { route, night, alike, mode } => {
                self.riders.entry((route, night, mode)).or_default().push((alike, n));
            }
            Counted::Received { class, facility } => {
                let of = self.alike.iter().position(|a| a.classes.contains(&class));
                let of = (of.unwrap_or(usize::MAX), facility);
                self.received.entry(of).or_default().push_back((class, n));
                let c = &p.classes[class];
                let kind = (c.security, c.health != Health::Fit, c.separation);
                self.arrived.entry((facility, kind)).or_default().push_back((class, n));
            }
            Counted::Beds { wing, security, care, group } => {
                self.beds.push((wing, (security, care, group), n));
            }
            Counted::Driven { night, from, to, kind } => self.plan.repositions.push(Reposition {
                night: night as i64,
                from: p.depots[from].id.clone(),
                to: p.depots[to].id.clone(),
                vehicle_type: p.vehicle_types[kind].id.clone(),
                count: n,
            }),
            _ => {}
        }
    }

    /// The classes of those alike who ride, by load group.
    fn aboard(
        &mut self,
        ride: (usize, usize, u8),
    ) -> Option<BTreeMap<Group, VecDeque<(usize, i64)>>> {
        let facility = self.p.routes[ride.0].dest;
        let mut aboard: BTreeMap<Group, VecDeque<(usize, i64)>> = BTreeMap::new();
        for (alike, n) in self.riders.remove(&ride).unwrap_or_default() {
            let waiting = self.received.get_mut(&(alike, facility))?;
            let group = aboard.entry(self.alike[alike].group).or_default();
            group.extend(take(waiting, n)?);
        }
        Some(aboard)
    }

    fn rides(&mut self) -> Option<()> {
        for ((route, night), modes) in std::mem::take(&mut self.convoys) {
            let each = modes.iter().flat_map(|&(mode, n)| (0..n).map(move |_| mode));
            let mut convoys: Vec<(u8, Vec<LoadedVehicle>)> =
                each.map(|m| (m, Vec::new())).collect();
            for (group, mut people) in self.aboard((route, night, 0))? {
                let kinds = self.vehicles.remove(&((route, night), group)).unwrap_or_default();
                for kind in kinds.into_iter().flat_map(|(kind, n)| (0..n).map(move |_| kind)) {
                    let places = self.p.vehicle_types[kind].places;
                    let load = self.load(most(&mut people, places));
                    if load.is_empty() {
                        continue;
                    }
                    let fits = |c: &&mut (u8, Vec<LoadedVehicle>)| {
                        c.0 >> group.1 & 1 == 1 && c.1.len() < self.p.max_vehicles
                    };
                    let vehicle_type = self.p.vehicle_types[kind].id.clone();
                    convoys.iter_mut().find(fits)?.1.push(LoadedVehicle { vehicle_type, load });
                }
                if !people.is_empty() {
                    return None;
                }
            }
            let route = self.p.routes[route].id.clone();
            let sent = convoys.into_iter().map(|c| c.1).filter(|vehicles| !vehicles.is_empty());
            self.plan.convoys.extend(sent.map(|vehicles| {
                let (night, route) = (night as i64, route.clone());
                Convoy { night, route, orbit: 0, vehicles }
            }));
        }
        Some(())
    }

    fn flights(&mut self) -> Option<()> {
        let air = &self.p.air;
        for ((route, night, mode), n) in std::mem::take(&mut self.sorties) {
            let aboard = self.aboard((route, night, mode))?;
            let (mut lying, mut seated) = (VecDeque::new(), VecDeque::new());
            for (group, people) in aboard {
                let to = if group.0 == Need::Stretcher { &mut lying } else { &mut seated };
                to.extend(people);
            }
            for _ in 0..n {
                let mut people = most(&mut lying, air.litters.min(air.places));
                let rest = air.places - people.iter().map(|c| c.1).sum::<i64>();
                people.extend(most(&mut seated, rest));
                let load = self.load(people);
                if !load.is_empty() {
                    let route = self.p.routes[route].id.clone();
                    self.plan.sorties.push(Sortie { night: night as i64, route, load });
                }
            }
            if !lying.is_empty() || !seated.is_empty() {
                return None;
            }
        }
        Some(())
    }

    /// The longest convoys first, each under the first orbit with room.
    fn cover(&mut self) -> Option<()> {
        let p = self.p;
        let length = |c: &Convoy| p.route_at(&c.route).map_or(0, |route| p.routes[route].exposure);
        self.plan.convoys.sort_by_key(|c| (c.night, std::cmp::Reverse(length(c))));
        let mut left: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for convoy in &mut self.plan.convoys {
            let cover = p.cover[convoy.night as usize];
            let orbits = left.entry(convoy.night);
            let orbits = orbits.or_insert_with(|| vec![cover.slots; cover.orbits as usize]);
            let needed = length(convoy);
            let orbit = orbits.iter().position(|slots| *slots >= needed)?;
            orbits[orbit] -= needed;
            convoy.orbit = orbit as i64;
        }
        Some(())
    }

    fn house(&mut self) -> Option<()> {
        for (wing, kind, n) in std::mem::take(&mut self.beds) {
            let arrived = self.arrived.get_mut(&(self.p.wings[wing].facility, kind))?;
            for (class, count) in most(arrived, n) {
                let class = self.p.classes[class].id.clone();
                let wing = self.p.wings[wing].id.clone();
                self.plan.housing.push(Housing { class, wing, count });
            }
        }
        self.arrived.values().all(VecDeque::is_empty).then_some(())
    }

    fn load(&self, people: Vec<(usize, i64)>) -> Load {
        let mut load = Load::new();
        for (class, n) in people {
            *load.entry(self.p.classes[class].id.clone()).or_insert(0) += n;
        }
        load
    }
}

/// The first `n` of a queue, or fewer when there are no more.
fn most(queue: &mut VecDeque<(usize, i64)>, mut n: i64) -> Vec<(usize, i64)> {
    let mut taken = Vec::new();
    while let Some((class, people)) = queue.front_mut().filter(|_| n > 0) {
        let some = n.min(*people);
        taken.push((*class, some));
        n -= some;
        *people -= some;
        if *people == 0 {
            queue.pop_front();
        }
    }
    taken
}

/// The first `n` of a queue; `None` when there are fewer.
fn take(queue: &mut VecDeque<(usize, i64)>, n: i64) -> Option<Vec<(usize, i64)>> {
    let taken = most(queue, n);
    (taken.iter().map(|c| c.1).sum::<i64>() == n).then_some(taken)
}
