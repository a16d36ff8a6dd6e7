//! The problem laid out for the search: flat, in small numbers, with everything that does not
//! change from plan to plan worked out once.

use super::genome::Favoured;
use crate::problem::{Need, Problem, Way};

/// A set of separation groups, one bit each.
pub(super) type Groups = u8;

/// Classes of one origin with the same need and separation group, worst off first.
pub(super) struct LoadGroup {
    pub need: Need,
    pub separation: Groups,
    /// The bits of its classes.
    pub bits: Favoured,
    /// Range in [`Lane::classes`].
    pub classes: std::ops::Range<usize>,
    /// How much a place for this need is worth, against a seat, in halves.
    pub scarcity: i32,
    /// Vehicle types that suit the need.
    pub suited: Vec<usize>,
}

impl LoadGroup {
    /// Whether anybody of the group was promised the night (people by class of the lane).
    pub fn is_told(&self, promised: &[i32]) -> bool {
        promised.get(self.classes.clone()).is_some_and(|people| people.iter().any(|&n| n > 0))
    }
}

pub(super) struct LaneClass {
    pub class: usize,
    /// Its bit in a wish's favoured classes; none from the 65th class of an origin on.
    pub bit: Favoured,
    pub vulnerability: i64,
    pub separation: Groups,
    /// Wings of the lane's facility that suit.
    pub wings: Vec<u16>,
}

/// Who can go from one origin to one facility, and by what.
pub(super) struct Lane {
    pub facility: usize,
    /// People of the largest class.
    pub largest: i32,
    /// How many lane classes the lanes before this one have.
    pub before: usize,
    pub classes: Vec<LaneClass>,
    pub groups: Vec<LoadGroup>,
    /// Positions in `groups` in the order an aircraft is filled.
    pub cabin_order: Vec<usize>,
}

pub(super) struct Line {
    pub air: bool,
    pub origin: usize,
    pub dest: usize,
    pub depot: usize,
    pub crossing: usize,
    pub lane: usize,
    pub exposure: i32,
    pub cycle: usize,
    pub team_cycle: usize,
    pub teams: i32,
    pub team_units: i64,
    pub road_cost: Vec<i64>,
    /// Largest sets of groups that may share a convoy (or an aircraft).
    pub modes: Vec<Groups>,
}

pub(super) struct Model<'p> {
    pub problem: &'p Problem,
    pub nights: usize,
    pub lines: Vec<Line>,
    pub lanes: Vec<Lane>,
    /// A bit for each wing, its own within its facility, which has at most 64.
    pub wing_bit: Vec<u64>,
    /// Routes usable in each night.
    pub open: Vec<Vec<u16>>,
    /// Nights with an open route.
    pub open_nights: Vec<usize>,
    /// Largest sets of groups that may share a wing.
    pub hostings: Vec<Groups>,
    /// Units saved if one of the class does not wait through the night: `[class][night]`.
    pub wait: Vec<Vec<i64>>,
    pub left: Vec<i64>,
    /// Where in the state each class is counted with those of its origin who wait at one price.
    pub class_crowd: Vec<usize>,
    /// Units for one person of each crowd: `[night][crowd]`, then for being left behind.
    pub crowd_wait: Vec<Vec<i64>>,
    pub crowd_left: Vec<i64>,
    /// By night and class: people who may not board yet; empty when everybody may.
    unready: Vec<Vec<i32>>,
    pub class_origin: Vec<usize>,
    pub scarcity: Vec<i32>,
    pub places: Vec<i32>,
    pub max_places: i32,
    pub guards: Vec<i32>,
    pub trip_units: Vec<i64>,
    pub layout: Layout,
}

/// Where each part of the state lies in one flat list of numbers.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    pub classes: usize,
    pub origins: usize,
    pub depots: usize,
    pub types: usize,
    pub crowds: usize,
    /// First position of: people waiting by origin, by crowd, vehicles owned, vehicles arriving
    /// (nights ahead × depot × type), teams away, guards away (nights ahead × depot).
    pub at: usize,
    pub crowd: usize,
    pub own: usize,
    pub stock: usize,
    pub teams: usize,
    pub guards: usize,
    pub len: usize,
    /// Nights ahead that vehicles and escorts are looked at.
    pub ahead: usize,
    pub escort_ahead: usize,
}

/// The largest sets of `all` with none of `pairs` inside.
pub(crate) fn largest_sets(groups: usize, pairs: &[[usize; 2]]) -> Vec<Groups> {
    let apart: Vec<u16> = pairs.iter().map(|[a, b]| 1 << a | 1 << b).collect();
    let fine: Vec<u16> =
        (1..1u16 << groups).filter(|m| apart.iter().all(|p| m & p != *p)).collect();
    let largest = |m: &&u16| !fine.iter().any(|n| n != *m && n & **m == **m);
    fine.iter().filter(largest).map(|&m| m as Groups).collect()
}

/// One night of a model: who may board depends on it.
#[derive(Clone, Copy)]
pub(super) struct Evening<'m, 'p> {
    pub model: &'m Model<'p>,
    pub night: usize,
}

impl Evening<'_, '_> {
    /// People of a class who are there and may board tonight.
    pub fn able(&self, class: usize, state: &[i32]) -> i32 {
        let unready = self.model.unready[self.night].get(class).copied().unwrap_or(0);
        (state[class] - unready).max(0)
    }
}

impl<'p> Model<'p> {
    pub fn new(p: &'p Problem) -> Self {
        let nights = p.nights;
        let groups = p.separation_groups.len();
        let (apart_road, apart_air) =
            (largest_sets(groups, &p.convoy_apart), largest_sets(groups, &p.conflicts));
        let facilities = p.facilities.len();
        let mut before = 0;
        let lanes: Vec<Lane> = (0..p.origins.len() * facilities)
            .map(|n| {
                let lane = Lane { before, ..lane(p, n / facilities, n % facilities) };
                before += lane.classes.len();
                lane
            })
            .collect();
        let lines: Vec<Line> = (p.routes.iter())
            .map(|r| Line {
                air: r.is_air(),
                origin: r.origin,
                dest: r.dest,
                depot: p.origins[r.origin].depot,
                crossing: if let Way::Road { crossing } = r.way { crossing } else { 0 },
                lane: r.origin * facilities + r.dest,
                exposure: r.exposure as i32,
                cycle: r.cycle,
                team_cycle: r.team_cycle,
                teams: r.teams as i32,
                team_units: r.teams * p.team_cost,
                road_cost: r.road_cost.clone(),
                modes: if r.is_air() { &apart_air } else { &apart_road }.clone(),
            })
            .collect();
        let usable = |r: usize, t: usize| p.open(r, t) && !lanes[lines[r].lane].classes.is_empty();
        let open: Vec<Vec<u16>> = (0..nights)
            .map(|t| (0..lines.len()).filter(|&r| usable(r, t)).map(|r| r as u16).collect())
            .collect();
        let ahead = p.routes.iter().map(|r| r.cycle).max().unwrap_or(1) + 1;
        let escort_ahead = p.routes.iter().map(|r| r.team_cycle).max().unwrap_or(1);
        let (k, o) = (p.classes.len(), p.origins.len());
        let (d, v) = (p.depots.len(), p.vehicle_types.len());
        let prices = crowds(p);
        let at = k;
        let crowd = at + o;
        let own = crowd + prices.len();
        let stock = own + d * v;
        let teams = stock + ahead * d * v;
        let guards = teams + escort_ahead * d;
        let len = guards + escort_ahead * d;
        let layout = Layout {
            classes: k,
            origins: o,
            depots: d,
            types: v,
            crowds: prices.len(),
            at,
            crowd,
            own,
            stock,
            teams,
            guards,
            len,
            ahead,
            escort_ahead,
        };
        Self {
            problem: p,
            nights,
            open_nights: (0..nights).filter(|&t| !open[t].is_empty()).collect(),
            lines,
            lanes,
            wing_bit: wing_bits(p),
            open,
            hostings: match largest_sets(groups, &p.conflicts) {
                sets if sets.is_empty() => vec![0],
                sets => sets,
            },
            wait: (0..k).map(|c| (0..nights).map(|t| p.wait(c, t)).collect()).collect(),
            left: (0..k).map(|c| p.left(c)).collect(),
            class_crowd: (p.classes.iter())
                .map(|c| {
                    let of = (c.origin, c.vulnerability);
                    crowd + prices.iter().position(|&(price, _)| price == of).unwrap_or_default()
                })
                .collect(),
            crowd_wait: (0..nights)
                .map(|t| prices.iter().map(|&(_, class)| p.wait(class, t)).collect())
                .collect(),
            crowd_left: prices.iter().map(|&(_, class)| p.left(class)).collect(),
            unready: (0..nights).map(|t| unready(p, t)).collect(),
            class_origin: p.classes.iter().map(|c| c.origin).collect(),
            scarcity: p.classes.iter().map(|c| scarcity(c.need)).collect(),
            places: p.vehicle_types.iter().map(|v| v.places as i32).collect(),
            max_places: p.vehicle_types.iter().map(|v| v.places as i32).max().unwrap_or(0),
            guards: p.vehicle_types.iter().map(|v| v.guards as i32).collect(),
            trip_units: p.vehicle_types.iter().map(|v| v.cost).collect(),
            layout,
        }
    }

    /// Beds by wing, before anybody has one.
    pub fn beds(&self) -> Vec<i32> {
        self.problem.wings.iter().map(|w| w.capacity as i32).collect()
    }

    /// The state before night 0, without beds.
    pub fn start(&self) -> Vec<i32> {
        let (p, l) = (self.problem, &self.layout);
        let mut state = vec![0; l.len];
        for (k, c) in p.classes.iter().enumerate() {
            state[k] = c.count as i32;
            state[l.at + c.origin] += c.count as i32;
            state[self.class_crowd[k]] += c.count as i32;
        }
        for (d, depot) in p.depots.iter().enumerate() {
            for (v, &n) in depot.fleet.iter().enumerate() {
                state[l.own + d * l.types + v] = n as i32;
                state[l.stock + d * l.types + v] = n as i32;
            }
        }
        state
    }
}

/// Origins and vulnerabilities that occur together, each with a class of that kind.
fn crowds(p: &Problem) -> Vec<((usize, i64), usize)> {
    let mut crowds: Vec<((usize, i64), usize)> = Vec::new();
    for (k, c) in p.classes.iter().enumerate() {
        let of = (c.origin, c.vulnerability);
        if crowds.iter().all(|&(known, _)| known != of) {
            crowds.push((of, k));
        }
    }
    crowds
}

fn unready(p: &Problem, night: usize) -> Vec<i32> {
    let list: Vec<i32> = p.classes.iter().map(|c| (c.count - c.ready[night]) as i32).collect();
    if list.iter().all(|&n| n == 0) { Vec::new() } else { list }
}

fn wing_bits(p: &Problem) -> Vec<u64> {
    let mut wings = vec![0; p.facilities.len()];
    let mut bit = |facility: usize| {
        wings[facility] += 1;
        1 << (wings[facility] - 1)
    };
    p.wings.iter().map(|w| bit(w.facility)).collect()
}

/// Vans and ambulances are few, so those who need them come before a seat of equal weight.
fn scarcity(need: Need) -> i32 {
    match need {
        Need::Seat => 2,
        Need::Secure => 3,
        Need::Stretcher => 4,
    }
}

fn lane(p: &Problem, origin: usize, facility: usize) -> Lane {
    let mut classes: Vec<LaneClass> = Vec::new();
    let of_origin = p.classes.iter().enumerate().filter(|(_, c)| c.origin == origin);
    for (number, (k, c)) in of_origin.enumerate() {
        let wings: Vec<u16> = (0..p.wings.len())
            .filter(|&w| p.wings[w].facility == facility && p.suits(k, w))
            .map(|w| w as u16)
            .collect();
        if !wings.is_empty() {
            classes.push(LaneClass {
                class: k,
                bit: u32::try_from(number).ok().and_then(|n| 1u64.checked_shl(n)).unwrap_or(0),
                vulnerability: c.vulnerability,
                separation: 1 << c.separation,
                wings,
            });
        }
    }
    let key = |c: &LaneClass| (p.classes[c.class].need, p.classes[c.class].separation);
    classes.sort_by_key(|c| (key(c), -c.vulnerability));
    let mut groups: Vec<LoadGroup> = Vec::new();
    let mut from = 0;
    while from < classes.len() {
        let (need, separation) = key(&classes[from]);
        let to = from + classes[from..].iter().take_while(|c| key(c) == (need, separation)).count();
        groups.push(LoadGroup {
            need,
            separation: 1 << separation,
            bits: classes[from..to].iter().fold(0, |bits, c| bits | c.bit),
            classes: from..to,
            scarcity: scarcity(need),
            suited: (0..p.vehicle_types.len())
                .filter(|&v| p.vehicle_types[v].needs.contains(&need))
                .collect(),
        });
        from = to;
    }
    let largest = classes.iter().map(|c| p.classes[c.class].count as i32).max().unwrap_or(0);
    let mut cabin_order: Vec<usize> = (0..groups.len()).collect();
    cabin_order.sort_by_key(|&g| (std::cmp::Reverse(groups[g].need), groups[g].separation));
    Lane { facility, largest, before: 0, classes, groups, cabin_order }
}
