//! A linear program in whole numbers, and the value no feasible point can beat.

use super::cases::Boxes;
use crate::problem::{Need, Security};

/// Which limit a row states. Nights count from 0; the others are positions in the problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Tag {
    /// Part of how the program is written; nobody can buy more of it.
    Form,
    Orbits {
        night: usize,
    },
    OutProcessing {
        origin: usize,
        night: usize,
    },
    Intake {
        facility: usize,
        night: usize,
    },
    Bays {
        origin: usize,
        night: usize,
    },
    Crossing {
        crossing: usize,
        night: usize,
    },
    Sorties {
        night: usize,
    },
    Teams {
        depot: usize,
        night: usize,
    },
    Guards {
        depot: usize,
        night: usize,
    },
    /// Vehicles at the start.
    Fleet {
        depot: usize,
        kind: usize,
    },
    Wing {
        wing: usize,
    },
}

/// What a column counts, in a plan. Nights count from 0; the others are positions in the problem.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Counted {
    /// People who are alike, by position in the relaxation's list, on a route; those of a flight by
    /// its mode, 0 on the road.
    People {
        route: usize,
        night: usize,
        alike: usize,
        mode: u8,
    },
    /// Convoys and sorties in which only these separation groups ride, as bits.
    Convoys {
        route: usize,
        night: usize,
        mode: u8,
    },
    Sorties {
        route: usize,
        night: usize,
        mode: u8,
    },
    Vehicles {
        route: usize,
        night: usize,
        group: Group,
        kind: usize,
    },
    /// Orbits with room for so many convoys of each length, longest first.
    Orbits {
        night: usize,
        room: Vec<i64>,
    },
    /// Convoys of all routes that leave an origin, or that go to a facility, in a night.
    Departing {
        origin: usize,
        night: usize,
    },
    Arriving {
        facility: usize,
        night: usize,
    },
    /// People of a class who live in a facility at the end.
    Received {
        class: usize,
        facility: usize,
    },
    /// People at an origin after the night's departures; of them, above the safe number.
    Here {
        origin: usize,
        night: usize,
    },
    Over {
        origin: usize,
        night: usize,
    },
    Driven {
        night: usize,
        from: usize,
        to: usize,
        kind: usize,
    },
    Idle {
        depot: usize,
        kind: usize,
        night: usize,
    },
    Owned {
        depot: usize,
        kind: usize,
        night: usize,
    },
    /// People of a kind in a wing: security, whether they need care, separation group.
    Beds {
        wing: usize,
        security: Security,
        care: bool,
        group: usize,
    },
    /// 1 when the wing takes the group.
    Hosts {
        wing: usize,
        group: usize,
    },
}

impl Counted {
    /// `None` for what is counted over the whole time.
    pub fn night(&self) -> Option<usize> {
        match *self {
            Self::People { night, .. }
            | Self::Convoys { night, .. }
            | Self::Sorties { night, .. }
            | Self::Vehicles { night, .. }
            | Self::Orbits { night, .. }
            | Self::Departing { night, .. }
            | Self::Arriving { night, .. }
            | Self::Here { night, .. }
            | Self::Over { night, .. }
            | Self::Driven { night, .. }
            | Self::Idle { night, .. }
            | Self::Owned { night, .. } => Some(night),
            Self::Received { .. } | Self::Beds { .. } | Self::Hosts { .. } => None,
        }
    }
}

/// Need and separation group: who may share a vehicle.
pub(super) type Group = (Need, usize);

/// `terms · x <= limit`, or `=` when `equal`.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub tag: Tag,
    pub equal: bool,
    pub limit: i64,
    /// Column and coefficient, each column once.
    pub terms: Vec<(u32, i64)>,
}

impl Row {
    /// How far a point is from the limit; below zero beyond it.
    pub fn slack(&self, point: &[f64]) -> f64 {
        let sum: f64 = self.terms.iter().map(|&(j, a)| a as f64 * point[j as usize]).sum();
        self.limit as f64 - sum
    }
}

/// Minimise `constant + cost · x` for `0 <= x <= most`, under the rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Program {
    pub constant: i64,
    pub cost: Vec<i64>,
    pub most: Vec<i64>,
    pub counted: Vec<Counted>,
    /// Columns whose `most` no row implies: the solver has to be told.
    pub boxed: Vec<u32>,
    pub rows: Vec<Row>,
    pub gatherings: Vec<Gathering>,
    /// Rows that seldom hold anything back: the solver is told of them when they do. In order.
    pub seldom: Vec<u32>,
}

/// The rows about some people of one origin over the whole time, from waiting to received.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathering {
    /// How many they are, and whether they are all of theirs or only those with few places to go.
    pub people: i64,
    pub partial: bool,
    /// Night and row: no more of them aboard than there are places.
    pub rides: Vec<(usize, u32)>,
    /// Rows: taken from those of the rides, they leave how many have to be carried.
    pub links: Vec<u32>,
}

pub(super) fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

/// Dual values are whole multiples of one part in this many, so that the proof is exact.
pub const DUAL_SCALE: i64 = 1 << 32;

impl Program {
    pub fn column(&mut self, counted: Counted, most: i64, cost: i64) -> u32 {
        self.counted.push(counted);
        self.cost.push(cost);
        self.most.push(most.max(0));
        self.cost.len() as u32 - 1
    }

    /// Whether the column counts things that are sent or decided, rather than what flows in them.
    pub fn is_sent(&self, column: u32) -> bool {
        use Counted::{Arriving, Convoys, Departing, Hosts, Orbits, Sorties};
        let counted = &self.counted[column as usize];
        matches!(counted, Convoys { .. } | Sorties { .. } | Orbits { .. } | Hosts { .. })
            || matches!(counted, Departing { .. } | Arriving { .. })
    }

    pub fn is_vehicle(&self, column: u32) -> bool {
        matches!(self.counted[column as usize], Counted::Vehicles { .. })
    }

    /// The row's number; `None` when it says nothing.
    pub fn at_most(&mut self, tag: Tag, terms: Vec<(u32, i64)>, limit: i64) -> Option<u32> {
        self.row(tag, terms, limit, false)
    }

    pub fn equal(&mut self, tag: Tag, terms: Vec<(u32, i64)>, limit: i64) -> Option<u32> {
        self.row(tag, terms, limit, true)
    }

    fn row(
        &mut self,
        tag: Tag,
        mut terms: Vec<(u32, i64)>,
        limit: i64,
        equal: bool,
    ) -> Option<u32> {
        terms.sort_unstable_by_key(|t| t.0);
        terms.dedup_by(|b, a| {
            let same = a.0 == b.0;
            a.1 += if same { b.1 } else { 0 };
            same
        });
        terms.retain(|t| t.1 != 0);
        if terms.is_empty() {
            return None;
        }
        self.rows.push(Row { tag, equal, limit, terms });
        Some(self.rows.len() as u32 - 1)
    }

    /// A lower bound on the program from one dual value for each row and then each cut, in parts of
    /// [`DUAL_SCALE`].
    ///
    /// Weak duality: for any `y >= 0` on the `<=` rows and any `y` on the `=` rows,
    /// `constant - y·limit + Σ min over 0 <= x_j <= most_j of (cost_j + y·A_j) x_j` is at most the
    /// value of every feasible `x`. All in whole numbers, so no rounding can hide in it; a negative
    /// dual on a `<=` row counts as 0. Rounded up at the end, because every plan costs whole units.
    pub fn dual_bound(&self, cuts: &[Row], duals: &[i64]) -> i64 {
        self.dual_bound_within(cuts, duals, &Boxes::of(self))
    }

    /// [`Program::dual_bound`] for the points of which every column is in its box; `i64::MAX` when a
    /// box is empty.
    pub fn dual_bound_within(&self, cuts: &[Row], duals: &[i64], boxes: &Boxes) -> i64 {
        let scale = i128::from(DUAL_SCALE);
        let mut reduced: Vec<i128> = self.cost.iter().map(|&c| i128::from(c) * scale).collect();
        let mut sum = i128::from(self.constant) * scale;
        for (row, &y) in self.rows.iter().chain(cuts).zip(duals) {
            let y = i128::from(if row.equal { y } else { y.max(0) });
            if y == 0 {
                continue;
            }
            sum -= y * i128::from(row.limit);
            for &(j, a) in &row.terms {
                reduced[j as usize] += y * i128::from(a);
            }
        }
        for (j, r) in reduced.into_iter().enumerate() {
            let (low, high) = (boxes.low[j], boxes.high[j]);
            if low > high {
                return i64::MAX;
            }
            sum += r * i128::from(if r < 0 { high } else { low });
        }
        i64::try_from(-(-sum).div_euclid(scale)).unwrap_or(i64::MIN)
    }
}
