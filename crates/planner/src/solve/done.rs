//! Nights that are already carried out: taken exactly as they were, and what they leave behind.

use std::collections::{BTreeMap, HashMap};

use super::SolveError;
use super::filling::depart;
use super::model::{Groups, Model};
use super::settle::Housed;
use crate::plan::{ClassPlan, Cost, Load};

/// The state after the nights done, and what they cost.
pub(super) struct Past {
    pub nights: usize,
    pub state: Vec<i32>,
    /// Movements and repositions of the nights done; housing is apart.
    pub plan: ClassPlan,
    pub housing: Housed,
    /// Beds that nobody has, and groups living there, by wing.
    pub free: Vec<i32>,
    pub housed: Vec<Groups>,
    pub cost: Cost,
}

/// Positions by id.
pub(super) struct Ids<'p> {
    pub routes: HashMap<&'p str, usize>,
    pub classes: HashMap<&'p str, usize>,
    pub wings: HashMap<&'p str, usize>,
    pub depots: HashMap<&'p str, usize>,
    pub types: HashMap<&'p str, usize>,
}

impl<'p> Ids<'p> {
    pub fn new(m: &Model<'p>) -> Self {
        fn by_id<'a>(ids: impl Iterator<Item = &'a String>) -> HashMap<&'a str, usize> {
            ids.enumerate().map(|(n, id)| (id.as_str(), n)).collect()
        }
        let p = m.problem;
        Self {
            routes: by_id(p.routes.iter().map(|x| &x.id)),
            classes: by_id(p.classes.iter().map(|x| &x.id)),
            wings: by_id(p.wings.iter().map(|x| &x.id)),
            depots: by_id(p.depots.iter().map(|x| &x.id)),
            types: by_id(p.vehicle_types.iter().map(|x| &x.id)),
        }
    }
}

fn find(ids: &HashMap<&str, usize>, what: &'static str, id: &str) -> Result<usize, SolveError> {
    ids.get(id).copied().ok_or_else(|| SolveError::Unknown { what, id: id.to_owned() })
}

impl Past {
    pub fn nothing(m: &Model) -> Self {
        Self {
            nights: 0,
            state: m.start(),
            free: m.beds(),
            plan: ClassPlan::default(),
            housing: BTreeMap::new(),
            housed: vec![0; m.problem.wings.len()],
            cost: Cost::default(),
        }
    }

    /// Replays the first `nights` of `plan`.
    pub fn replay(m: &Model, nights: usize, plan: &ClassPlan) -> Result<Self, SolveError> {
        let ids = Ids::new(m);
        let mut past = Self::nothing(m);
        past.nights = nights.min(m.nights);
        let before = |night: i64| usize::try_from(night).is_ok_and(|t| t < past.nights);
        past.plan.convoys = plan.convoys.iter().filter(|c| before(c.night)).cloned().collect();
        past.plan.sorties = plan.sorties.iter().filter(|s| before(s.night)).cloned().collect();
        past.plan.repositions =
            plan.repositions.iter().filter(|r| before(r.night)).cloned().collect();
        let mut arrived: BTreeMap<(usize, usize), i64> = BTreeMap::new();
        for t in 0..past.nights {
            past.night(m, &ids, t, &mut arrived)?;
        }
        past.house(m, &ids, arrived, plan)?;
        match past.state.iter().any(|&n| n < 0) {
            true => Err(SolveError::Impossible { nights: past.nights }),
            false => Ok(past),
        }
    }

    fn night(
        &mut self,
        m: &Model,
        ids: &Ids,
        t: usize,
        arrived: &mut BTreeMap<(usize, usize), i64>,
    ) -> Result<(), SolveError> {
        let (p, l, now) = (m.problem, &m.layout, t as i64);
        let plan = std::mem::take(&mut self.plan);
        for r in plan.repositions.iter().filter(|r| r.night == now) {
            let v = find(&ids.types, "vehicle type", &r.vehicle_type)?;
            let from = find(&ids.depots, "depot", &r.from)? * l.types + v;
            let to = find(&ids.depots, "depot", &r.to)? * l.types + v;
            let n = r.count as i32;
            self.state[l.own + from] -= n;
            self.state[l.own + to] += n;
            self.state[l.stock + from] -= n;
            self.state[l.stock + l.depots * l.types + to] += n;
            self.cost.repositions += p.reposition_cost * r.count;
        }
        let mut orbits = std::collections::BTreeSet::new();
        for c in plan.convoys.iter().filter(|c| c.night == now) {
            let line = &m.lines[find(&ids.routes, "route", &c.route)?];
            orbits.insert(c.orbit);
            self.escort(m, line);
            for v in &c.vehicles {
                let kind = find(&ids.types, "vehicle type", &v.vehicle_type)?;
                let stock = l.stock + line.depot * l.types + kind;
                self.state[stock] -= 1;
                self.state[stock + line.cycle * l.depots * l.types] += 1;
                for ahead in 0..line.team_cycle {
                    self.state[l.guards + ahead * l.depots + line.depot] += m.guards[kind];
                }
                self.cost.vehicles += m.trip_units[kind];
                self.carry(m, ids, t, line, &v.load, arrived)?;
            }
        }
        self.cost.orbits += p.orbit_cost * orbits.len() as i64;
        for s in plan.sorties.iter().filter(|s| s.night == now) {
            let line = &m.lines[find(&ids.routes, "route", &s.route)?];
            self.escort(m, line);
            self.cost.air += p.air.cost;
            self.carry(m, ids, t, line, &s.load, arrived)?;
        }
        self.plan = plan;
        let mut paid = super::record::Record::new(
            p,
            ClassPlan::default(),
            BTreeMap::new(),
            std::mem::take(&mut self.cost),
        );
        super::decode::Decoder::new(m, &vec![0; p.wings.len()], &self.free, None).close(
            t,
            &mut self.state,
            &mut paid,
        );
        self.cost = paid.cost;
        Ok(())
    }

    fn escort(&mut self, m: &Model, line: &super::model::Line) {
        for ahead in 0..line.team_cycle {
            self.state[m.layout.teams + ahead * m.layout.depots + line.depot] += line.teams;
        }
        self.cost.teams += line.team_units;
    }

    fn carry(
        &mut self,
        m: &Model,
        ids: &Ids,
        t: usize,
        line: &super::model::Line,
        load: &Load,
        arrived: &mut BTreeMap<(usize, usize), i64>,
    ) -> Result<(), SolveError> {
        for (id, &n) in load {
            let k = find(&ids.classes, "class", id)?;
            depart(m, k, n as i32, &mut self.state);
            self.cost.road += n * line.road_cost[t];
            *arrived.entry((k, line.dest)).or_insert(0) += n;
        }
        Ok(())
    }

    /// Beds of those who arrived: the plan's housing of that class in that facility, in its order.
    fn house(
        &mut self,
        m: &Model,
        ids: &Ids,
        mut arrived: BTreeMap<(usize, usize), i64>,
        plan: &ClassPlan,
    ) -> Result<(), SolveError> {
        for h in &plan.housing {
            let k = find(&ids.classes, "class", &h.class)?;
            let w = find(&ids.wings, "wing", &h.wing)?;
            let Some(open) = arrived.get_mut(&(k, m.problem.wings[w].facility)) else { continue };
            let n = h.count.min(*open);
            if n > 0 {
                *open -= n;
                *self.housing.entry((k, w)).or_insert(0) += n;
                self.free[w] -= n as i32;
                self.housed[w] |= 1 << m.problem.classes[k].separation;
            }
        }
        match arrived.into_iter().find(|(_, open)| *open > 0) {
            Some(((k, d), people)) => Err(SolveError::Unhoused {
                class: m.problem.classes[k].id.clone(),
                facility: m.problem.facilities[d].id.clone(),
                people,
            }),
            None => {
                // A wing that has shrunk since takes nobody more.
                self.free.iter_mut().for_each(|beds| *beds = (*beds).max(0));
                Ok(())
            }
        }
    }
}
