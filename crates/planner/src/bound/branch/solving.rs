//! What a case proves, and what is not whole in it.

use super::super::cases::bound_within;
use super::super::program::{Counted, DUAL_SCALE};
use super::super::simplex::End;
use super::super::watch::Deadline;
use super::{Branching, Company, Ground, WHOLE};

/// Columns remembered of a case's point, at most.
const BROKEN: usize = 60;
/// A case is left when it costs this share more than is enough: the solver's costs are a little off.
const MARGIN: f64 = 2e-4;

/// A case is solved until it proves this share more than the next weakest.
const AHEAD: f64 = 5e-4;

impl Branching<'_> {
    /// What the solver's point may cost for a case to prove this much.
    pub(super) fn ceiling(&self, enough: i64) -> f64 {
        match enough {
            i64::MAX => f64::INFINITY,
            enough => enough as f64 * (1.0 + MARGIN) - self.ground.program.constant as f64,
        }
    }

    /// Cases that prove this much are not solved any further for now: another is weaker then.
    fn target(&self) -> i64 {
        let next = self.open.peek().map_or(i64::MAX, |o| o.bound);
        next.saturating_add((next as f64 * AHEAD) as i64).min(self.enough)
    }

    /// Solves the present case: what it proves, and the duals for it. `Above` when that is enough, or
    /// more than another case.
    pub(super) fn solve_case(
        &mut self,
        known: i64,
        until: Deadline,
    ) -> (End, i64, Vec<(u32, i64)>) {
        let target = self.target();
        self.simplex.stop_above(self.ceiling(target));
        let mut end = self.simplex.solve(until);
        let (mut bound, mut duals) = self.proven(end, known);
        if end == End::Above && bound < target {
            self.simplex.stop_above(f64::INFINITY);
            end = self.simplex.solve(until);
            (bound, duals) = self.proven(end, known);
        }
        self.simplex.stop_above(self.ceiling(self.enough));
        (end, bound, duals)
    }

    /// Whether the present case, which ended so and proves so much, is solved to its end, and what is
    /// not whole in it then. A point where everything is whole is as good as a plan where the relaxation
    /// tells all that the problem does: whoever listens hears it.
    pub(super) fn left_open(
        &self,
        end: End,
        bound: i64,
        company: &Company,
    ) -> (bool, Vec<(u32, f64)>) {
        match end {
            End::Infeasible => (true, Vec::new()),
            End::Above => (bound >= self.enough, Vec::new()),
            End::Stopped | End::Paused => (true, self.broken()),
            End::Optimal => {
                let broken = self.broken();
                if !broken.is_empty() {
                    return (true, broken);
                }
                let point = self.simplex.point();
                let Ground { program, told, numbers, .. } = &self.ground;
                let solved = told.missed(program, numbers, &point).is_empty();
                if let (true, Some(hear)) = (solved, company.hear) {
                    hear(&point);
                }
                (solved, broken)
            }
        }
    }

    /// Tells the solver of the seldom rows that its point breaks; how many. Bases saved before stay good.
    pub(super) fn tell_broken(&mut self) -> usize {
        let Ground { program, told, numbers, scales, .. } = &mut self.ground;
        let more = told.tell_missed(program, numbers, self.simplex);
        scales.extend(std::iter::repeat_n(1.0, more));
        more
    }

    /// What the solver's basis proves in the present boxes, and its duals.
    fn proven(&mut self, end: End, known: i64) -> (i64, Vec<(u32, i64)>) {
        let duals = self.simplex.duals();
        let plain = self.valued(&duals);
        let ray = if end == End::Infeasible { self.simplex.ray() } else { None };
        let Some((ray, excess)) = ray else { return plain };
        // Along the ray the duals prove as much as is wanted; the sign is the row's.
        let far = 4.0 * (known.abs() as f64 + 1.0) / excess.abs().max(1e-9);
        let along = [far, -far].map(|far| {
            let moved: Vec<f64> = duals.iter().zip(&ray).map(|(y, r)| y + far * r).collect();
            self.valued(&moved)
        });
        along.into_iter().chain([plain]).max_by_key(|p| p.0).unwrap_or_default()
    }

    /// Duals of the solver's rows as the proof takes them, and what they prove.
    fn valued(&self, duals: &[f64]) -> (i64, Vec<(u32, i64)>) {
        let Ground { program, cuts, numbers, scales, .. } = &self.ground;
        let whole = |y: f64| (y * DUAL_SCALE as f64).round().clamp(-4e18, 4e18) as i64;
        let mut all: Vec<(u32, i64)> = (duals.iter().zip(numbers).zip(scales))
            .map(|((y, &i), scale)| (i, whole(y * scale)))
            .filter(|(_, y)| *y != 0)
            .collect();
        all.sort_unstable_by_key(|d| d.0);
        (bound_within(program, cuts, &all, &self.boxes).unwrap_or(i64::MIN), all)
    }

    /// The columns of the point that are not whole: those that settle most first.
    pub(super) fn broken(&self) -> Vec<(u32, f64)> {
        let settles = |counted: &Counted| match counted {
            Counted::Departing { .. } | Counted::Arriving { .. } => 0,
            Counted::Convoys { .. } | Counted::Sorties { .. } => 1,
            Counted::Orbits { .. } | Counted::Hosts { .. } => 1,
            Counted::Vehicles { .. } => 2,
            Counted::Driven { .. } => 3,
            _ => 4,
        };
        let point = self.simplex.point();
        let mut all: Vec<(u8, f64, u32)> = (point.iter().enumerate())
            .map(|(j, x)| ((x - x.round()).abs(), j))
            .filter(|(far, _)| *far > WHOLE)
            .map(|(far, j)| (settles(&self.ground.program.counted[j]), far, j as u32))
            .collect();
        all.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
        all.into_iter().take(BROKEN).map(|(.., j)| (j, point[j as usize])).collect()
    }
}
