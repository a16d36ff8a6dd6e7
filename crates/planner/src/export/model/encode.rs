//! A plan as a point of the program.

use std::collections::BTreeMap;

use super::{Counted, Model};
use crate::plan::{ClassPlan, Load};

/// A plan that the program has no point for: it names or does what the problem does not know.
#[derive(Debug, thiserror::Error)]
#[error("the plan cannot be written as a point of the program: {what}")]
pub struct Unencodable {
    pub what: String,
}

fn unknown(what: &str, id: &str) -> Unencodable {
    Unencodable { what: format!("there is no {what} {id:?}") }
}

struct Point<'m, 'p> {
    model: &'m Model<'p>,
    sums: BTreeMap<Counted, i64>,
}

impl Model<'_> {
    /// The plan's point. Whether it keeps the rules is for [`Model::broken`] to say.
    ///
    /// # Errors
    /// When the plan names something unknown, or sends what no column counts (a class to a facility
    /// that cannot take it, a route on a night without cover).
    pub fn encode(&self, plan: &ClassPlan) -> Result<Vec<i64>, Unencodable> {
        let mut point = Point { model: self, sums: BTreeMap::new() };
        point.convoys(plan)?;
        point.sorties(plan)?;
        point.repositions(plan)?;
        point.housing(plan)?;
        point.stocks();
        point.values()
    }
}

fn night_of(night: i64) -> Result<usize, Unencodable> {
    usize::try_from(night).map_err(|_| Unencodable { what: format!("night {night}") })
}

impl Point<'_, '_> {
    fn add(&mut self, counted: Counted, n: i64) {
        *self.sums.entry(counted).or_insert(0) += n;
    }

    fn get(&self, counted: Counted) -> i64 {
        self.sums.get(&counted).copied().unwrap_or(0)
    }

    fn aboard(&self, load: &Load) -> Result<Vec<(usize, i64)>, Unencodable> {
        let p = self.model.problem;
        load.iter()
            .map(|(id, &n)| Ok((p.class_at(id).ok_or_else(|| unknown("class", id))?, n)))
            .collect()
    }

    fn route(&self, id: &str) -> Result<usize, Unencodable> {
        let found = self.model.problem.route_at(id);
        found.ok_or_else(|| unknown("route", id))
    }

    fn convoys(&mut self, plan: &ClassPlan) -> Result<(), Unencodable> {
        let p = self.model.problem;
        // Orbits by the order in which the plan first names them, so that low ones are used first.
        let mut orbits: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
        for convoy in &plan.convoys {
            let (night, route) = (night_of(convoy.night)?, self.route(&convoy.route)?);
            let mut vehicles = Vec::new();
            let mut riding = 0u8;
            for vehicle in &convoy.vehicles {
                let id = &vehicle.vehicle_type;
                let kind = p.kind_at(id);
                let kind = kind.ok_or_else(|| unknown("vehicle type", id))?;
                let load = self.aboard(&vehicle.load)?;
                let Some(&(first, _)) = load.first() else {
                    return Err(Unencodable { what: "an empty vehicle".to_owned() });
                };
                let c = &p.classes[first];
                riding |= load.iter().fold(0, |m, &(k, _)| m | 1 << p.classes[k].separation);
                vehicles.push((kind, c.need, c.separation));
                for (class, n) in load {
                    self.add(Counted::Aboard { class, route, night, mode: 0 }, n);
                }
            }
            let mode = mode_of(&self.model.road_modes, riding)?;
            self.add(Counted::Convoys { route, night, mode }, 1);
            for (kind, need, group) in vehicles {
                self.add(Counted::Vehicles { route, night, mode, kind, need, group }, 1);
            }
            let named = orbits.entry(night).or_default();
            let orbit = named.iter().position(|o| *o == convoy.orbit).unwrap_or(named.len());
            if orbit == named.len() {
                named.push(convoy.orbit);
                self.add(Counted::Orbit { night, orbit }, 1);
            }
            let exposure = p.routes[route].exposure;
            self.add(Counted::Under { night, orbit, exposure }, 1);
        }
        Ok(())
    }

    fn sorties(&mut self, plan: &ClassPlan) -> Result<(), Unencodable> {
        let p = self.model.problem;
        for sortie in &plan.sorties {
            let (night, route) = (night_of(sortie.night)?, self.route(&sortie.route)?);
            let load = self.aboard(&sortie.load)?;
            let riding = load.iter().fold(0, |m, &(k, _)| m | 1 << p.classes[k].separation);
            let mode = mode_of(&self.model.air_modes, riding)?;
            self.add(Counted::Sorties { route, night, mode }, 1);
            for (class, n) in load {
                self.add(Counted::Aboard { class, route, night, mode }, n);
            }
        }
        Ok(())
    }

    fn repositions(&mut self, plan: &ClassPlan) -> Result<(), Unencodable> {
        let p = self.model.problem;
        let depot = |id: &str| {
            let found = p.depot_at(id);
            found.ok_or_else(|| unknown("depot", id))
        };
        for r in &plan.repositions {
            let kind = p.kind_at(&r.vehicle_type);
            let kind = kind.ok_or_else(|| unknown("vehicle type", &r.vehicle_type))?;
            let (night, from, to) = (night_of(r.night)?, depot(&r.from)?, depot(&r.to)?);
            self.add(Counted::Driven { night, from, to, kind }, r.count);
        }
        Ok(())
    }

    fn housing(&mut self, plan: &ClassPlan) -> Result<(), Unencodable> {
        let p = self.model.problem;
        for h in &plan.housing {
            let class = p.class_at(&h.class);
            let class = class.ok_or_else(|| unknown("class", &h.class))?;
            let wing = p.wing_at(&h.wing);
            let wing = wing.ok_or_else(|| unknown("wing", &h.wing))?;
            self.add(Counted::Beds { class, wing }, h.count);
            let hosts = Counted::Hosts { wing, group: p.classes[class].separation };
            if self.model.at.contains_key(&hosts) {
                self.sums.insert(hosts, 1);
            }
        }
        Ok(())
    }

    /// What follows from the movements: vehicles and people still there.
    fn stocks(&mut self) {
        let p = self.model.problem;
        let moved: Vec<(Counted, i64)> = self.sums.iter().map(|(&c, &n)| (c, n)).collect();
        let mut here: BTreeMap<(usize, usize), i64> = BTreeMap::new();
        let mut idle: BTreeMap<(usize, usize, usize), i64> = BTreeMap::new();
        let mut owned: BTreeMap<(usize, usize, usize), i64> = BTreeMap::new();
        for (counted, n) in moved {
            let mut change = |depot, kind, night, n| {
                *idle.entry((depot, kind, night)).or_insert(0) += n;
            };
            match counted {
                Counted::Aboard { route, night, .. } => {
                    *here.entry((p.routes[route].origin, night)).or_insert(0) -= n;
                }
                Counted::Vehicles { route, night, kind, .. } => {
                    change(p.home(route), kind, night, -n);
                    change(p.home(route), kind, night + p.routes[route].cycle, n);
                }
                Counted::Driven { night, from, to, kind } => {
                    change(from, kind, night, -n);
                    change(to, kind, night + 1, n);
                    *owned.entry((from, kind, night + 1)).or_insert(0) -= n;
                    *owned.entry((to, kind, night + 1)).or_insert(0) += n;
                }
                _ => {}
            }
        }
        for (o, origin) in p.origins.iter().enumerate() {
            let mut people = p.classes.iter().filter(|c| c.origin == o).map(|c| c.count).sum();
            for night in 0..p.nights {
                people += here.get(&(o, night)).unwrap_or(&0);
                if self.model.at.contains_key(&Counted::Here { origin: o, night }) {
                    self.add(Counted::Here { origin: o, night }, people);
                    self.add(Counted::Over { origin: o, night }, (people - origin.safe).max(0));
                }
            }
        }
        for depot in 0..p.depots.len() {
            for kind in 0..p.vehicle_types.len() {
                let (mut stay, mut own) =
                    (p.depots[depot].fleet[kind], p.depots[depot].fleet[kind]);
                for night in 0..p.nights {
                    stay += idle.get(&(depot, kind, night)).unwrap_or(&0);
                    own += owned.get(&(depot, kind, night)).unwrap_or(&0);
                    self.add(Counted::Idle { depot, kind, night }, stay);
                    self.add(Counted::Owned { depot, kind, night }, own);
                }
            }
        }
    }

    fn values(self) -> Result<Vec<i64>, Unencodable> {
        for (counted, &n) in &self.sums {
            if n != 0 && !self.model.at.contains_key(counted) {
                return Err(Unencodable { what: format!("no column counts {counted:?}") });
            }
        }
        Ok(self.model.columns.iter().map(|c| self.get(c.counted)).collect())
    }
}

/// The first mode that has all of them in it.
fn mode_of(modes: &[u8], riding: u8) -> Result<usize, Unencodable> {
    let found = modes.iter().position(|m| m & riding == riding);
    found.ok_or_else(|| Unencodable { what: "groups that must be apart ride together".to_owned() })
}
