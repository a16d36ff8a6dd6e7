//! Turns one night's wishes into a valid night.
//!
//! Wishes are taken in order; what the night does not allow is skipped, vehicles are filled by
//! best value. So every wish list decodes to a plan that breaks no rule, and the search never has
//! to repair anything.

use super::filling::{Allowance, Filling};
use super::genome::{ANY, NightWishes, Wish};
use super::model::{Evening, Groups, LaneClass, Line, Model};

/// Hears what the decoder does. The search listens to nothing and pays nothing for it.
pub(super) trait Listener {
    fn convoy(&mut self, _night: usize, _route: usize, _orbit: usize) {}
    fn sortie(&mut self, _night: usize, _route: usize) {}
    fn vehicle(&mut self, _kind: usize) {}
    fn board(&mut self, _class: usize, _people: i32) {}
    fn house(&mut self, _class: usize, _wing: usize, _people: i32) {}
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

/// What is left of the night's limits while it is being filled.
#[derive(Clone, Default)]
pub(super) struct Tonight {
    out: Vec<i32>,
    intake: Vec<i32>,
    bays: Vec<i32>,
    crossings: Vec<i32>,
    orbits: Vec<i32>,
    sorties: i32,
}

impl Tonight {
    pub fn copy_from(&mut self, from: &Self) {
        self.out.clone_from(&from.out);
        self.intake.clone_from(&from.intake);
        self.bays.clone_from(&from.bays);
        self.crossings.clone_from(&from.crossings);
        self.orbits.clone_from(&from.orbits);
        self.sorties = from.sorties;
    }
}

/// Price on each convoy that differs from a base plan: convoys of the base by night and route.
pub(super) struct ChurnPrice {
    pub price: i64,
    pub base: Vec<Vec<(u16, i32)>>,
}

pub(super) struct Decoder<'m> {
    pub model: &'m Model<'m>,
    pub hosts: Vec<Groups>,
    pub churn: Option<&'m ChurnPrice>,
    pub tonight: Tonight,
    limits: Vec<Tonight>,
    /// The night that was opened last.
    now: usize,
    sent: Vec<u16>,
    filling: Filling,
}

impl<'m> Decoder<'m> {
    pub fn new(model: &'m Model<'m>, hosts: Vec<Groups>, churn: Option<&'m ChurnPrice>) -> Self {
        let p = model.problem;
        let limits = (0..model.nights)
            .map(|t| Tonight {
                out: p.origins.iter().map(|o| o.out_limit[t] as i32).collect(),
                intake: p.facilities.iter().map(|f| f.intake[t] as i32).collect(),
                bays: p.origins.iter().map(|o| o.bays[t] as i32).collect(),
                crossings: p.crossings.iter().map(|c| c.slots[t] as i32).collect(),
                orbits: vec![p.cover[t].slots as i32; p.cover[t].orbits as usize],
                sorties: p.air.sorties[t] as i32,
            })
            .collect();
        Self {
            model,
            hosts,
            churn,
            tonight: Tonight::default(),
            limits,
            now: 0,
            sent: Vec::new(),
            filling: Filling::default(),
        }
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
        for wish in &wishes.wishes {
            if let Some(paid) = self.wish(t, wish, state, out) {
                units += paid;
                self.sent.push(wish.route);
            }
        }
        units + self.churned(t) + self.close(t, state, out)
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
        self.now = t;
        let (m, l) = (self.model, &self.model.layout);
        let mut units = 0;
        if t + 1 == m.nights {
            return 0;
        }
        for s in &wishes.shifts {
            let (from, to, v) = (s.from as usize, s.to as usize, s.vehicle as usize);
            let (a, b) = (from * l.types + v, to * l.types + v);
            let parking = m.problem.depots[to].park[v] as i32 - state[l.own + b];
            let n = i32::from(s.count).min(state[l.stock + a]).min(parking);
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
        let room = self.tonight.out[line.origin].min(self.tonight.intake[line.dest]);
        if room <= 0 {
            return None;
        }
        let mode = line.modes[wish.mode as usize % line.modes.len()];
        let (people, units) = if line.air {
            self.sortie(t, wish.route as usize, mode, room, state, out)?
        } else {
            self.convoy(t, wish, mode, room, state, out)?
        };
        self.tonight.out[line.origin] -= people;
        self.tonight.intake[line.dest] -= people;
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
        route: usize,
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
        let lane = &m.lanes[m.lines[route].lane];
        let (mut seats, mut litters) = (room.min(air.places as i32), air.litters as i32);
        let (mut people, mut announced) = (0, false);
        for &g in &lane.cabin_order {
            let group = &lane.groups[g];
            if group.separation & mode == 0 {
                continue;
            }
            let stretcher = group.need == crate::problem::Need::Stretcher;
            let most = if stretcher { litters.min(seats) } else { seats };
            if most > 0 && self.anyone(&lane.classes[group.classes.clone()], state) {
                if !announced {
                    out.sortie(t, route);
                    announced = true;
                }
                let n = self.board(&lane.classes[group.classes.clone()], most, state, out);
                seats -= n;
                people += n;
                litters -= if stretcher { n } else { 0 };
            }
        }
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
        if self.tonight.crossings[line.crossing] == 0 || self.tonight.bays[line.origin] == 0 {
            return None;
        }
        let orbit = self.tightest_orbit(line.exposure)?;
        let lane = &m.lanes[line.lane];
        let stock = l.stock + line.depot * l.types;
        let mut guards = m.problem.depots[line.depot].guards as i32 - state[l.guards + line.depot];
        let mut wanted = wish.vehicles;
        self.filling.start(self.evening(), lane, mode, &self.hosts, state);
        let (mut vehicles, mut people, mut units) = (0, 0, 0);
        while vehicles < m.problem.max_vehicles && room > 0 {
            let stock_here = &state[stock..stock + l.types];
            let allowed = Allowance { room, guards, wanted: &wanted, stock: stock_here };
            let Some((v, g)) = self.filling.best(m, lane, &allowed) else { break };
            if vehicles == 0 {
                out.convoy(t, wish.route as usize, orbit);
            }
            out.vehicle(v);
            let n = self.board_known(line, g, room.min(m.places[v]), state, out);
            debug_assert!(n > 0, "a vehicle was chosen that nobody can board");
            if wanted[v] != ANY {
                wanted[v] -= 1;
            }
            state[stock + v] -= 1;
            state[stock + v + line.cycle * l.depots * l.types] += 1;
            for ahead in 0..line.team_cycle {
                state[l.guards + ahead * l.depots + line.depot] += m.guards[v];
            }
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
        if self.tonight.orbits[orbit] == m.problem.cover[t].slots as i32 {
            out.pay(Part::Orbits, m.problem.orbit_cost);
            units += m.problem.orbit_cost;
        }
        self.tonight.orbits[orbit] -= line.exposure;
        self.tonight.crossings[line.crossing] -= 1;
        self.tonight.bays[line.origin] -= 1;
        Some((people, units))
    }

    /// The orbit with the least window left that still covers `exposure` slots.
    fn tightest_orbit(&self, exposure: i32) -> Option<usize> {
        let fits = self.tonight.orbits.iter().enumerate().filter(|(_, left)| **left >= exposure);
        fits.min_by_key(|(_, left)| **left).map(|(orbit, _)| orbit)
    }

    fn evening(&self) -> Evening<'m, 'm> {
        Evening { model: self.model, night: self.now }
    }

    fn anyone(&self, classes: &[LaneClass], state: &[i32]) -> bool {
        let beds = self.model.layout.beds;
        classes.iter().any(|c| {
            self.evening().able(c.class, state) > 0
                && c.wings.iter().any(|&w| {
                    self.hosts[w as usize] & c.separation != 0 && state[beds + w as usize] > 0
                })
        })
    }

    /// [`Self::board`] that keeps the filling right.
    fn board_known(
        &mut self,
        line: &Line,
        group: usize,
        most: i32,
        state: &mut [i32],
        out: &mut impl Listener,
    ) -> i32 {
        let lane = &self.model.lanes[line.lane];
        let classes = &lane.classes[lane.groups[group].classes.clone()];
        let evening = self.evening();
        let (hosts, filling) = (&self.hosts, &mut self.filling);
        let n = board(evening, hosts, classes, most, state, out, |wing, n| {
            filling.took_beds(lane, hosts[wing], wing, n);
        });
        filling.boarded(evening, lane, group, state);
        n
    }

    fn board(
        &self,
        classes: &[LaneClass],
        most: i32,
        state: &mut [i32],
        out: &mut impl Listener,
    ) -> i32 {
        board(self.evening(), &self.hosts, classes, most, state, out, |_, _| {})
    }

    fn churned(&self, t: usize) -> i64 {
        let Some(churn) = self.churn else { return 0 };
        let mut kept = 0;
        let mut planned = 0;
        for &(route, n) in &churn.base[t] {
            planned += n;
            kept += n.min(self.sent.iter().filter(|&&r| r == route).count() as i32);
        }
        churn.price * i64::from(planned + self.sent.len() as i32 - 2 * kept)
    }

    /// Charges for everyone still waiting and turns the calendar by one night.
    pub fn close(&mut self, t: usize, state: &mut [i32], out: &mut impl Listener) -> i64 {
        let (m, l) = (self.model, &self.model.layout);
        let (mut waiting, mut left, mut over) = (0, 0, 0);
        let last = t + 1 == m.nights;
        for (k, &n) in state[..l.classes].iter().enumerate() {
            let n = i64::from(n);
            if n > 0 {
                waiting += n * m.wait[k][t];
                left += if last { n * m.left[k] } else { 0 };
            }
        }
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

/// Seats up to `most` people of the classes, worst off first, and gives each a bed.
fn board(
    evening: Evening,
    hosts: &[Groups],
    classes: &[LaneClass],
    most: i32,
    state: &mut [i32],
    out: &mut impl Listener,
    mut taken: impl FnMut(usize, i32),
) -> i32 {
    let m = evening.model;
    let l = &m.layout;
    let mut left = most;
    for c in classes {
        let wanted = left.min(evening.able(c.class, state));
        let mut open = wanted;
        for &w in &c.wings {
            let w = w as usize;
            if open == 0 {
                break;
            }
            let n = open.min(state[l.beds + w]);
            if n > 0 && hosts[w] & c.separation != 0 {
                state[l.beds + w] -= n;
                open -= n;
                out.house(c.class, w, n);
                taken(w, n);
            }
        }
        let n = wanted - open;
        if n > 0 {
            state[c.class] -= n;
            state[l.at + m.class_origin[c.class]] -= n;
            left -= n;
            out.board(c.class, n);
        }
        if left == 0 {
            break;
        }
    }
    most - left
}
