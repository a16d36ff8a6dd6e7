//! A solver that went from basis to basis says what one that starts anew says.

use super::super::watch::{Deadline, Watch};
use super::{End, NewRow, Simplex};
use crate::solve::chance::Chance;
use std::time::Duration;

const COLUMNS: usize = 24;
const ROWS: usize = 16;

struct Drawn {
    cost: Vec<f64>,
    most: Vec<f64>,
    rows: Vec<(Vec<(u32, f64)>, f64)>,
}

impl Drawn {
    /// Columns to cover demands, as convoys cover people, with limits that couple them.
    fn new(chance: &mut Chance) -> Self {
        let cost = (0..COLUMNS).map(|_| chance.below(200) as f64 - 60.0).collect();
        let most = (0..COLUMNS).map(|_| 1.0 + chance.below(9) as f64).collect();
        let rows = (0..ROWS)
            .map(|_| {
                let mut terms: Vec<(u32, f64)> = Vec::new();
                for j in 0..COLUMNS as u32 {
                    if chance.below(3) == 0 {
                        let size = [1.0, 2.0, 35.0, 0.01][chance.below(4)];
                        terms.push((j, if chance.below(2) == 0 { size } else { -size }));
                    }
                }
                (terms, chance.below(40) as f64 - 4.0)
            })
            .collect();
        Self { cost, most, rows }
    }

    /// Demands to be covered by columns that each cover some: more pivots than there are between looks.
    fn covering(chance: &mut Chance) -> Self {
        let columns = 300;
        let cost = (0..columns).map(|_| 10.0 + chance.below(90) as f64).collect();
        let rows = (0..120)
            .map(|_| {
                let covers = (0..8).map(|_| (chance.below(columns) as u32, -1.0));
                let covers: std::collections::BTreeMap<u32, f64> = covers.collect();
                (covers.into_iter().collect(), -1.0 - chance.below(5) as f64)
            })
            .collect();
        Self { cost, most: vec![9.0; columns], rows }
    }

    fn simplex(&self, bounds: &[(u32, f64, f64)]) -> Simplex {
        let row = |(terms, limit): &(Vec<(u32, f64)>, f64)| NewRow {
            terms: terms.clone(),
            limit: *limit,
            equal: false,
        };
        let mut simplex =
            Simplex::new(self.cost.clone(), self.most.clone(), self.rows.iter().map(row));
        bounds.iter().for_each(|&(j, low, high)| simplex.bound(j, low, high));
        simplex
    }
}

#[test]
fn bases_come_back_to_prove_the_same() {
    let watch = Watch::default();
    let until = Deadline::new(Duration::from_secs(600), &watch);
    let mut chance = Chance::new(7);
    let (mut optimal, mut infeasible) = (0, 0);
    for _ in 0..200 {
        let drawn = Drawn::new(&mut chance);
        let mut simplex = drawn.simplex(&[]);
        if simplex.solve(until) != End::Optimal {
            continue;
        }
        let root = simplex.save();
        for _ in 0..8 {
            simplex.restore(&root);
            let mut bounds: Vec<(u32, f64, f64)> = Vec::new();
            for _ in 0..1 + chance.below(4) {
                let j = chance.below(COLUMNS);
                let at = chance.below(drawn.most[j] as usize + 1) as f64;
                let (low, high) =
                    if chance.below(2) == 0 { (0.0, at) } else { (at, drawn.most[j]) };
                simplex.bound(j as u32, low, high);
                bounds.retain(|&(column, ..)| column != j as u32);
                bounds.push((j as u32, low, high));
                if chance.below(3) == 0 {
                    simplex.solve_within(until, 1 + chance.below(6));
                }
            }
            let mut anew = drawn.simplex(&bounds);
            let (end, expected) = (simplex.solve(until), anew.solve(until));
            assert_eq!(end, expected);
            if end == End::Optimal {
                let (value, expected) = (simplex.value(), anew.value());
                let close = 1e-4 * (1.0 + expected.abs());
                assert!((value - expected).abs() < close, "{value} is not {expected}");
                optimal += 1;
            } else {
                infeasible += 1;
            }
            for (j, _, _) in bounds {
                simplex.bound(j, 0.0, drawn.most[j as usize]);
            }
        }
    }
    assert!(optimal > 300 && infeasible > 30, "{optimal} optimal, {infeasible} infeasible");
}

/// A logical has no upper bound, so one whose reduced cost is negative is made to cost as much; once.
#[test]
fn what_a_logical_was_made_to_cost_is_kept() {
    let watch = Watch::default();
    let until = Deadline::new(Duration::from_secs(600), &watch);
    let mut chance = Chance::new(7);
    let mut paid = 0;
    for _ in 0..50 {
        let drawn = Drawn::new(&mut chance);
        let mut simplex = drawn.simplex(&[]);
        if simplex.solve(until) != End::Optimal {
            continue;
        }
        for cost in &mut simplex.shaken[..COLUMNS] {
            *cost = -*cost;
        }
        assert!(simplex.refactor());
        let once = simplex.shaken.clone();
        paid += once[COLUMNS..].iter().filter(|cost| **cost != 0.0).count();
        assert!(simplex.refactor());
        for (once, twice) in once.iter().zip(&simplex.shaken) {
            assert!((once - twice).abs() < 1e-6, "{once} became {twice}");
        }
    }
    assert!(paid > 50, "{paid} paid");
}

/// What costs more than is asked about is left there, and solved to its end when asked again.
#[test]
fn a_solve_ends_above_the_ceiling_and_goes_on() {
    let watch = Watch::default();
    let until = Deadline::new(Duration::from_secs(600), &watch);
    let mut chance = Chance::new(11);
    let mut above = 0;
    for _ in 0..50 {
        let drawn = Drawn::covering(&mut chance);
        let (mut simplex, mut plain) = (drawn.simplex(&[]), drawn.simplex(&[]));
        assert_eq!(plain.solve(until), End::Optimal);
        simplex.stop_above(plain.value() / 2.0);
        if simplex.solve(until) == End::Above {
            let value = simplex.value();
            assert!(value > plain.value() / 2.0 && value <= plain.value() + 1e-6, "{value}");
            above += 1;
        }
        simplex.stop_above(f64::INFINITY);
        assert_eq!(simplex.solve(until), End::Optimal);
        assert!((simplex.value() - plain.value()).abs() < 1e-4 * plain.value());
    }
    assert!(above > 30, "{above} above");
}
