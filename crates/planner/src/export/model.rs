//! The class-level problem as a mixed-integer program, for solvers that are not ours.
//!
//! Exact: every plan that keeps the rules is a point of it at its own cost
//! ([`Model::encode`]), and every point is such a plan ([`Model::decode`]). Plain: it says what the
//! rules say, with none of what our own bound knows on top. Separation groups that may share a
//! convoy or a cabin are a *mode* (a largest such set); each convoy and sortie has one.

mod build;
mod decode;
mod encode;
mod mps;

use std::collections::BTreeMap;

pub use encode::Unencodable;
pub use mps::AnswerError;

use crate::problem::{Need, Problem};

/// What a column counts. Nights count from 0; the others are positions in the problem, a mode a
/// position among the modes of roads or of flights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counted {
    /// People of a class who board; `mode` is 0 on the road, where vehicles have it.
    Aboard {
        class: usize,
        route: usize,
        night: usize,
        mode: usize,
    },
    Convoys {
        route: usize,
        night: usize,
        mode: usize,
    },
    /// Vehicles that carry one need and one separation group.
    Vehicles {
        route: usize,
        night: usize,
        mode: usize,
        kind: usize,
        need: Need,
        group: usize,
    },
    Sorties {
        route: usize,
        night: usize,
        mode: usize,
    },
    /// 1 when the orbit flies; orbits of a night are used in their order.
    Orbit {
        night: usize,
        orbit: usize,
    },
    /// Convoys of one length, in half-hour slots, under one orbit.
    Under {
        night: usize,
        orbit: usize,
        exposure: i64,
    },
    /// Vehicles driven empty to another depot.
    Driven {
        night: usize,
        from: usize,
        to: usize,
        kind: usize,
    },
    /// Vehicles that stay in the depot that night; that it owns.
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
    /// People at an origin after the night's departures; of them, above the safe number.
    Here {
        origin: usize,
        night: usize,
    },
    Over {
        origin: usize,
        night: usize,
    },
    Beds {
        class: usize,
        wing: usize,
    },
    /// 1 when the wing may take the group.
    Hosts {
        wing: usize,
        group: usize,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub counted: Counted,
    /// From 0 to this, whole.
    pub most: i64,
    /// Units for each.
    pub cost: i64,
}

/// `terms · x <= limit`, or `=` when `equal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// Which rule it states, as in `check.rs`.
    pub rule: &'static str,
    pub equal: bool,
    pub limit: i64,
    /// Column and coefficient, each column once.
    pub terms: Vec<(u32, i64)>,
}

/// Minimise `constant + cost · x`.
#[derive(Debug, Clone)]
pub struct Model<'p> {
    problem: &'p Problem,
    /// Units of moving nobody.
    pub constant: i64,
    pub columns: Vec<Column>,
    pub rows: Vec<Constraint>,
    at: BTreeMap<Counted, u32>,
    /// Sets of separation groups, as bits, that may share a convoy; a cabin.
    road_modes: Vec<u8>,
    air_modes: Vec<u8>,
}

impl Model<'_> {
    /// Units of a point.
    pub fn cost(&self, values: &[i64]) -> i64 {
        let each = self.columns.iter().zip(values).map(|(c, x)| c.cost * x);
        self.constant + each.sum::<i64>()
    }

    /// What the point breaks: a bound or a row, in words. Empty when it breaks nothing.
    pub fn broken(&self, values: &[i64]) -> Vec<String> {
        let outside = (self.columns.iter().zip(values))
            .filter(|(c, x)| !(0..=c.most).contains(*x))
            .map(|(c, x)| format!("{:?} is {x}, at most {}", c.counted, c.most));
        let rows = self.rows.iter().enumerate().filter_map(|(i, row)| {
            let sum: i64 = row.terms.iter().map(|&(j, a)| a * values[j as usize]).sum();
            let holds = if row.equal { sum == row.limit } else { sum <= row.limit };
            (!holds).then(|| format!("row {i} ({}): {sum} against {}", row.rule, row.limit))
        });
        outside.chain(rows).collect()
    }
}
