//! Turns one night's wishes into a valid night.
//!
//! Wishes are taken in order; what the night does not allow is skipped, vehicles are filled by
//! best value. So every wish list decodes to a plan that breaks no rule, and the search never has
//! to repair anything.

use super::beds::Beds;
use super::filling::{Allowance, Asked, Filling, Way};
use super::genome::{ANY, NightWishes, Wish};
use super::model::{Evening, Groups, Model};
use super::promises::{Open, Promises};
use super::tonight::Tonight;

/// Hears what the decoder does. The search listens to nothing and pays nothing for it.
pub(super) trait Listener {
    fn convoy(&mut self, _night: usize, _route: usize, _orbit: usize) {}
    fn sortie(&mut self, _night: usize, _route: usize) {}
    fn vehicle(&mut self, _kind: usize) {}
    fn board(&mut self, _class: usize, _people: i32) {}
    fn reposition(&mut self, _night: usize, _from: usize, _to: usize, _kind: usize, _count: i32) {}
    fn pay(&mut self, _part: Part, _units: i64) {}
}

/// Parts of the cost, as in [`crate::plan::Cost`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Left,
    Waiting,
    Over,
    Road,
    Vehicles,
    Teams,
    Orbits,
    Air,
    Repositions,
}

pub(super) struct Silent;
impl Listener for Silent {}

/// Price on each convoy that differs from a base plan: convoys of the base by night and route, and
/// who was told to go with them.
pub(super) struct ChurnPrice {
    /// Units for each difference, by night.
    pub price: Vec<i64>,
    /// Units for each person told a night who does not go then, by night.
    pub person: Vec<i64>,
    pub base: Vec<Vec<(u16, i32)>>,
    /// The base plan's wishes, by night.
    pub wishes: Vec<NightWishes>,
    pub promises: Promises,
}

pub(super) struct Decoder<'m> {
    pub model: &'m Model<'m>,
    pub churn: Option<&'m ChurnPrice>,
    pub tonight: Tonight,
    beds: Beds,
    limits: Vec<Tonight>,
    /// The night that was opened last.
    now: usize,
    sent: Vec<u16>,
    /// Which wishes of the night played last were carried out.
    granted: Vec<bool>,
    /// Which moves of empty vehicles came to anything.
    moved: Vec<bool>,
    filling: Filling,
    promised: Open,
    /// Groups in the order in which the aircraft is filled.
    cabin: Vec<usize>,
}

impl<'m> Decoder<'m> {
    /// `free` are the beds that nobody has, by wing.
    pub fn new(
        model: &'m Model<'m>,
        hosts: &[Groups],
        free: &[i32],
        churn: Option<&'m ChurnPrice>,
    ) -> Self {
        Self {
            model,
            churn,
            tonight: Tonight::default(),
            beds: Beds::new(model, hosts, free),
            limits: (0..model.nights).map(|t| Tonight::new(model, t)).collect(),
            now: 0,
            sent: Vec::new(),
            granted: Vec::new(),
            moved: Vec::new(),
            filling: Filling::default(),
            promised: Open::default(),
            cabin: Vec::new(),
        }
    }

    /// Takes another choice of which groups each wing takes.
    pub fn set_hosts(&mut self, hosts: &[Groups]) {
        if self.beds.hosts != hosts {
            self.beds.set(self.model, hosts);
        }
    }

    /// Writes the beds there are under the present hosts into a state from before the search.
    pub fn begin(&self, state: &mut Vec<i32>) {
        self.beds.begin(self.model, state);
    }

    /// Plays night `t` on `state` (as it is before the night) and leaves the state after it.
    /// Returns the night's cost in units.
    pub fn night(
        &mut self,
        t: usize,
        wishes: &NightWishes,
        state: &mut [i32],
        out: &mut impl Listener,
    ) -> i64 {
        let mut units = self.open(t, wishes, state, out);
        self.sent.clear();
        self.granted.clear();
        for wish in &wishes.wishes {
            let paid = self.wish(t, wish, state, out);
            self.granted.push(paid.is_some());
            if let Some(paid) = paid {
                units += paid;
                self.sent.push(wish.route);
            }
        }
        units + self.churned(t) + self.close(t, state, out)
    }

    /// Drops what came to nothing in the night played last: moves of empty vehicles, and all wishes but the
    /// first `spare`.
    pub fn prune(&self, wishes: &mut NightWishes, spare: usize) {
        let mut moved = self.moved.iter();
        wishes.shifts.retain(|_| moved.next().is_some_and(|moved| *moved));
        let mut granted = self.granted.iter();
        let mut spare = spare;
        wishes.wishes.retain(|_| {
            let granted = granted.next().is_none_or(|granted| *granted);
            let keep = granted || spare > 0;
            spare -= usize::from(keep && !granted);
            keep
        });
    }

    /// Sets tonight's limits and moves empty vehicles.
    pub fn open(
        &mut self,
        t: usize,
        wishes: &NightWishes,
        state: &mut [i32],
        out: &mut impl Listener,
    ) -> i64 {
        self.tonight.copy_from(&self.limits[t]);
        if let Some(churn) = self.churn {
            self.promised.begin(&churn.promises, t);
        }
        self.now = t;
        let (m, l) = (self.model, &self.model.layout);
        let mut units = 0;
        let gone = || state[l.at..l.at + l.origins].iter().all(|&n| n == 0);
        self.moved.clear();
        // Nobody needs a vehicle elsewhere after everyone has left.
        if wishes.shifts.is_empty() || t + 1 == m.nights || gone() {
            return 0;
        }
        for s in &wishes.shifts {
            let (from, to, v) = (s.from as usize, s.to as usize, s.vehicle as usize);
            let (a, b) = (from * l.types + v, to * l.types + v);
            let parking = m.problem.depots[to].park[v] as i32 - state[l.own + b];
            let n = i32::from(s.count).min(state[l.stock + a]).min(parking);
            self.moved.push(n > 0);
            if n <= 0 {
                continue;
            }
            state[l.own + a] -= n;
            state[l.own + b] += n;
            state[l.stock + a] -= n;
            state[l.stock + l.depots * l.types + b] += n;
            let paid = m.problem.reposition_cost * i64::from(n);
            out.pay(Part::Repositions, paid);
            out.reposition(t, from, to, v, n);
            units += paid;
        }
        units
    }

    /// Sends one wished convoy or sortie if the night allows it; the units it costs, or nothing.
    pub fn wish(
        &mut self,
        t: usize,
        wish: &Wish,
        state: &mut [i32],
        out: &mut impl Listener,
    ) -> Option<i64> {
        let (m, l) = (self.model, &self.model.layout);
        let line = &m.lines[wish.route as usize];
        let depot = &m.problem.depots[line.depot];
        if state[l.teams + line.depot] + line.teams > depot.teams as i32 {
            return None;
        }
        let room = (*self.tonight.out(line.origin)).min(*self.tonight.intake(line.dest));
        if room <= 0 {
            return None;
        }
        let mode = line.modes[wish.mode as usize % line.modes.len()];
        let (people, units) = if line.air {
            self.sortie(t, wish, mode, room, state, out)?
        } else {
            self.convoy(t, wish, mode, room, state, out)?
        };
        *self.tonight.out(line.origin) -= people;
        *self.tonight.intake(line.dest) -= people;
        for ahead in 0..line.team_cycle {
            state[l.teams + ahead * l.depots + line.depot] += line.teams;
        }
        let road = i64::from(people) * line.road_cost[t];
        out.pay(Part::Teams, line.team_units);
        out.pay(Part::Road, road);
        Some(units + line.team_units + road)
    }

    fn sortie(
        &mut self,
        t: usize,
        wish: &Wish,
        mode: Groups,
        room: i32,
        state: &mut [i32],
        out: &mut impl Listener,
    ) -> Option<(i32, i64)> {
        if self.tonight.sorties == 0 {
            return None;
        }
        let m = self.model;
        let air = &m.problem.air;
        let route = wish.route as usize;
        let lane = &m.lanes[m.lines[route].lane];
        let (mut seats, mut litters) = (room.min(air.places as i32), air.litters as i32);
        let evening = Evening { model: m, night: self.now };
        let asked = Asked { mode, wish, room };
        if seats <= 0 || !self.filling.start(evening, lane, asked, &self.beds, state) {
            return None;
        }
        let promised = match self.churn {
            Some(churn) => self.promised.on(&churn.promises, route),
            None => &mut [],
        };
        let mut order = std::mem::take(&mut self.cabin);
        order.clear();
        order.extend_from_slice(&lane.cabin_order);
        // Sorting is stable: among equals the lane's order stays.
        order.sort_by_key(|&group| lane.groups[group].bits & wish.favoured == 0);
        let (mut people, mut announced) = (0, false);
        // Those who were told the night have their seats before anybody else is looked at.
        for only_told in [true, false] {
            if only_told && promised.is_empty() {
                continue;
            }
            for &group in &order {
                let stretcher = lane.groups[group].need == crate::problem::Need::Stretcher;
                let most = if stretcher { litters.min(seats) } else { seats };
                let told = !only_told || lane.groups[group].is_told(promised);
                let Some(riders) = self.filling.riders_of(group).filter(|_| most > 0 && told)
                else {
                    continue;
                };
                if !announced {
                    out.sortie(t, route);
                    announced = true;
                }
                let way = Way { model: m, lane };
                let to = (&mut *state, &mut *out);
                let n = match only_told {
                    true => self.filling.board_told(way, riders, most, promised, to),
                    false => self.filling.board(way, riders, most, promised, to),
                };
                seats -= n;
                people += n;
                litters -= if stretcher { n } else { 0 };
            }
        }
        self.cabin = order;
        if people == 0 {
            return None;
        }
        self.tonight.sorties -= 1;
        out.pay(Part::Air, air.cost);
        Some((people, air.cost))
    }

    fn convoy(
        &mut self,
        t: usize,
        wish: &Wish,
        mode: Groups,
        mut room: i32,
        state: &mut [i32],
        out: &mut impl Listener,
    ) -> Option<(i32, i64)> {
        let (m, l) = (self.model, &self.model.layout);
        let line = &m.lines[wish.route as usize];
        if *self.tonight.crossing(line.crossing) == 0 || *self.tonight.bays(line.origin) == 0 {
            return None;
        }
        let stock = l.stock + line.depot * l.types;
        let mut guards = m.problem.depots[line.depot].guards as i32 - state[l.guards + line.depot];
        let idle =
            |v: usize| wish.vehicles[v] != 0 && state[stock + v] > 0 && guards >= m.guards[v];
        if !(0..l.types).any(idle) {
            return None;
        }
        let orbit = self.tonight.tightest_orbit(line.exposure)?;
        let lane = &m.lanes[line.lane];
        let evening = Evening { model: m, night: self.now };
        let asked = Asked { mode, wish, room };
        if !self.filling.start(evening, lane, asked, &self.beds, state) {
            return None;
        }
        let promised = match self.churn {
            Some(churn) => self.promised.on(&churn.promises, wish.route as usize),
            None => &mut [],
        };
        let guards_before = guards;
        let mut wanted = wish.vehicles;
        let (mut vehicles, mut people, mut units) = (0, 0, 0);
        while vehicles < m.problem.max_vehicles && room > 0 {
            let stock_here = &state[stock..stock + l.types];
            let allowed = Allowance { room, guards, wanted: &wanted, stock: stock_here };
            let Some(choice) = self.filling.best(m, lane, &allowed, promised) else { break };
            let v = choice.vehicle;
            if vehicles == 0 {
                out.convoy(t, wish.route as usize, orbit);
            }
            out.vehicle(v);
            let places = room.min(m.places[v]);
            let way = Way { model: m, lane };
            let to = (&mut *state, &mut *out);
            let n = self.filling.board(way, choice.riders, places, promised, to);
            debug_assert!(n > 0, "a vehicle was chosen that nobody can board");
            if wanted[v] != ANY {
                wanted[v] -= 1;
            }
            state[stock + v] -= 1;
            state[stock + v + line.cycle * l.depots * l.types] += 1;
            guards -= m.guards[v];
            room -= n;
            people += n;
            vehicles += 1;
            out.pay(Part::Vehicles, m.trip_units[v]);
            units += m.trip_units[v];
        }
        if people == 0 {
            return None;
        }
        for ahead in 0..line.team_cycle {
            state[l.guards + ahead * l.depots + line.depot] += guards_before - guards;
        }
        let window = self.tonight.orbit(orbit);
        if *window == m.problem.cover[t].slots as i32 {
            out.pay(Part::Orbits, m.problem.orbit_cost);
            units += m.problem.orbit_cost;
        }
        *window -= line.exposure;
        *self.tonight.crossing(line.crossing) -= 1;
        *self.tonight.bays(line.origin) -= 1;
        Some((people, units))
    }

    fn churned(&self, t: usize) -> i64 {
        let Some(churn) = self.churn else { return 0 };
        let mut kept = 0;
        let mut planned = 0;
        for &(route, n) in &churn.base[t] {
            planned += n;
            kept += n.min(self.sent.iter().filter(|&&r| r == route).count() as i32);
        }
        churn.price[t] * i64::from(planned + self.sent.len() as i32 - 2 * kept)
            + churn.person[t] * self.promised.missed()
    }

    /// Charges for everyone still waiting and turns the calendar by one night.
    pub fn close(&mut self, t: usize, state: &mut [i32], out: &mut impl Listener) -> i64 {
        let (m, l) = (self.model, &self.model.layout);
        let crowds = &state[l.crowd..l.crowd + l.crowds];
        let price = |units: &[i64]| -> i64 {
            crowds.iter().zip(units).map(|(&n, units)| i64::from(n) * units).sum()
        };
        let waiting = price(&m.crowd_wait[t]);
        let left = if t + 1 == m.nights { price(&m.crowd_left) } else { 0 };
        let mut over = 0;
        for (o, origin) in m.problem.origins.iter().enumerate() {
            over += origin.over_cost * (i64::from(state[l.at + o]) - origin.safe).max(0);
        }
        out.pay(Part::Waiting, waiting);
        out.pay(Part::Left, left);
        out.pay(Part::Over, over);
        let row = l.depots * l.types;
        let stock = &mut state[l.stock..l.stock + l.ahead * row];
        for i in 0..row {
            stock[i + row] += stock[i];
        }
        stock.copy_within(row.., 0);
        stock[(l.ahead - 1) * row..].fill(0);
        for first in [l.teams, l.guards] {
            let away = &mut state[first..first + l.escort_ahead * l.depots];
            away.copy_within(l.depots.., 0);
            away[(l.escort_ahead - 1) * l.depots..].fill(0);
        }
        waiting + left + over
    }
}
