//! A point of the program as a plan: who rides where inside the sums it gives.

use std::collections::{BTreeMap, VecDeque};

use super::{Counted, Model};
use crate::plan::{ClassPlan, Convoy, Housing, Load, LoadedVehicle, Reposition, Sortie};
use crate::problem::Need;

/// Mode and kind of a vehicle, and the need and group that it carries.
type Vehicle = (usize, usize, Need, usize);
/// People waiting to board, class by class.
type Queue = VecDeque<(usize, i64)>;

/// One place after the other gets one person, as long as there are people and places.
fn deal(queue: &mut Queue, room: &mut [i64], loads: &mut [BTreeMap<usize, i64>]) {
    while room.iter().any(|n| *n > 0) {
        for (room, load) in room.iter_mut().zip(loads.iter_mut()).filter(|(n, _)| **n > 0) {
            let Some((class, people)) = queue.front_mut() else { return };
            *load.entry(*class).or_insert(0) += 1;
            *room -= 1;
            *people -= 1;
            if *people == 0 {
                queue.pop_front();
            }
        }
    }
}

impl Model<'_> {
    /// The plan of a point. A point that breaks nothing gives a plan that breaks nothing, at the
    /// point's cost or less (what carries nobody stays at home).
    pub fn decode(&self, values: &[i64]) -> ClassPlan {
        let given: BTreeMap<Counted, i64> = self
            .columns
            .iter()
            .zip(values)
            .filter(|v| *v.1 > 0)
            .map(|(c, &n)| (c.counted, n))
            .collect();
        let mut plan = ClassPlan::default();
        self.read_convoys(&given, &mut plan);
        self.read_sorties(&given, &mut plan);
        let p = self.problem;
        for (&counted, &count) in &given {
            match counted {
                Counted::Driven { night, from, to, kind } => plan.repositions.push(Reposition {
                    night: night as i64,
                    from: p.depots[from].id.clone(),
                    to: p.depots[to].id.clone(),
                    vehicle_type: p.vehicle_types[kind].id.clone(),
                    count,
                }),
                Counted::Beds { class, wing } => plan.housing.push(Housing {
                    class: p.classes[class].id.clone(),
                    wing: p.wings[wing].id.clone(),
                    count,
                }),
                _ => {}
            }
        }
        plan
    }

    fn named(&self, load: BTreeMap<usize, i64>) -> Load {
        load.into_iter().map(|(k, n)| (self.problem.classes[k].id.clone(), n)).collect()
    }

    fn read_convoys(&self, given: &BTreeMap<Counted, i64>, plan: &mut ClassPlan) {
        let p = self.problem;
        let mut orbits: BTreeMap<(usize, i64), VecDeque<usize>> = BTreeMap::new();
        let mut people: BTreeMap<(usize, usize, Need, usize), Queue> = BTreeMap::new();
        let mut vehicles: BTreeMap<(usize, usize), Vec<Vehicle>> = BTreeMap::new();
        for (&counted, &n) in given {
            match counted {
                Counted::Under { night, orbit, exposure } => {
                    let list = orbits.entry((night, exposure)).or_default();
                    list.extend(std::iter::repeat_n(orbit, n as usize));
                }
                Counted::Aboard { class, route, night, .. } if !p.routes[route].is_air() => {
                    let c = &p.classes[class];
                    let key = (night, route, c.need, c.separation);
                    people.entry(key).or_default().push_back((class, n));
                }
                Counted::Vehicles { route, night, mode, kind, need, group } => {
                    let list = vehicles.entry((night, route)).or_default();
                    list.extend(std::iter::repeat_n((mode, kind, need, group), n as usize));
                }
                _ => {}
            }
        }
        for ((night, route), list) in vehicles {
            let mut loads = vec![BTreeMap::new(); list.len()];
            let groups: std::collections::BTreeSet<(Need, usize)> =
                list.iter().map(|v| (v.2, v.3)).collect();
            for (need, group) in groups {
                let Some(queue) = people.get_mut(&(night, route, need, group)) else { continue };
                let mut room: Vec<i64> =
                    (list.iter())
                        .map(|v| {
                            if (v.2, v.3) == (need, group) {
                                p.vehicle_types[v.1].places
                            } else {
                                0
                            }
                        })
                        .collect();
                deal(queue, &mut room, &mut loads);
            }
            for mode in 0..self.road_modes.len() {
                let count =
                    given.get(&Counted::Convoys { route, night, mode }).copied().unwrap_or(0);
                let mut convoys = vec![Vec::new(); count as usize];
                let aboard =
                    (list.iter().zip(&loads)).filter(|(v, l)| v.0 == mode && !l.is_empty());
                for (n, (vehicle, load)) in aboard.enumerate() {
                    if convoys.is_empty() {
                        break;
                    }
                    convoys[n % count as usize].push(LoadedVehicle {
                        vehicle_type: p.vehicle_types[vehicle.1].id.clone(),
                        load: self.named(load.clone()),
                    });
                }
                let cover = orbits.entry((night, p.routes[route].exposure)).or_default();
                plan.convoys.extend(convoys.into_iter().filter(|c| !c.is_empty()).map(
                    |vehicles| Convoy {
                        night: night as i64,
                        route: p.routes[route].id.clone(),
                        orbit: cover.pop_front().map_or(-1, |o| o as i64),
                        vehicles,
                    },
                ));
            }
        }
    }

    fn read_sorties(&self, given: &BTreeMap<Counted, i64>, plan: &mut ClassPlan) {
        let p = self.problem;
        for (&counted, &count) in given {
            let Counted::Sorties { route, night, mode } = counted else { continue };
            let mut lying = Queue::new();
            let mut sitting = Queue::new();
            for (class, c) in p.classes.iter().enumerate() {
                let n = given.get(&Counted::Aboard { class, route, night, mode });
                let queue = if c.need == Need::Stretcher { &mut lying } else { &mut sitting };
                queue.extend(n.map(|&n| (class, n)));
            }
            let mut loads = vec![BTreeMap::new(); count as usize];
            deal(&mut lying, &mut vec![p.air.litters; count as usize], &mut loads);
            // Those with fewest aboard first, so that nobody flies empty.
            loads.sort_by_key(|load| load.values().sum::<i64>());
            let mut room: Vec<i64> =
                loads.iter().map(|load| p.air.places - load.values().sum::<i64>()).collect();
            deal(&mut sitting, &mut room, &mut loads);
            plan.sorties.extend(loads.into_iter().filter(|l| !l.is_empty()).map(|load| Sortie {
                night: night as i64,
                route: p.routes[route].id.clone(),
                load: self.named(load),
            }));
        }
    }
}
