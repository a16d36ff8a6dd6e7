//! Down from a case to a point that sends whole convoys, for the search to begin from (Berthold,
//! Primal heuristics for mixed integer programs, 2006).

use std::time::{Duration, Instant};

use super::super::program::Counted;
use super::super::simplex::End;
use super::super::watch::Deadline;
use super::{Branching, Company, Hear, Step, WHOLE};

/// Share of the time for dives.
const SHARE: f64 = 0.1;
/// The time of one dive, at most, as a share of the time before it.
const LONGEST: f64 = 0.25;
/// A column at least this far on its way up goes up together with the farthest.
const NEARLY: f64 = 0.9;

/// Time spent in dives since the proof began.
pub struct Dives {
    start: Instant,
    spent: Duration,
}

impl Dives {
    pub fn new() -> Self {
        Self { start: Instant::now(), spent: Duration::ZERO }
    }

    /// Whoever hears of the next dive, unless dives have had their share of the time.
    pub fn due_for<'c>(&self, company: &Company<'c>) -> Option<&'c Hear<'c>> {
        company.hear.filter(|_| self.spent <= self.start.elapsed().mul_f64(SHARE))
    }
}

impl Branching<'_> {
    /// Dives from where the solver stands, which has solved a case, unless dives have had their share of
    /// the time; whoever listens hears what was found.
    pub fn dive_when_due(&mut self, dives: &mut Dives, until: Deadline, company: &Company) {
        let Some(hear) = dives.due_for(company) else { return };
        let begun = Instant::now();
        let longest = dives.start.elapsed().mul_f64(LONGEST);
        if let Some(point) = self.dive((company.enough)(), until.within(longest)) {
            hear(&point);
        }
        // The factors are of another basis now.
        self.simplex.solve(until);
        dives.spent += begun.elapsed();
    }

    /// Who lives where, then convoys and sorties, are rounded one after the other, those nearest to the
    /// whole number above first, until all are whole or it costs more than `enough`: the last point
    /// before that. `None` when there is none, or not by `until`. The solver must have solved a case;
    /// its basis and bounds are as they were afterwards, its factors may not be.
    fn dive(&mut self, enough: i64, until: Deadline) -> Option<Vec<f64>> {
        let mark = self.simplex.mark();
        let mut path: Vec<Step> = Vec::new();
        let found = self.down(&mut path, enough, until);
        self.retreat(&mut path, 0);
        self.simplex.back(&mark);
        found
    }

    /// `path` is what every step narrowed, as it was before.
    fn down(&mut self, path: &mut Vec<Step>, enough: i64, until: Deadline) -> Option<Vec<f64>> {
        let constant = self.ground.program.constant as f64;
        for steps in 0.. {
            let point = self.simplex.point();
            let Some(up) = self.nearest(&point) else { return Some(point) };
            let before = path.len();
            for &column in &up {
                let low = point[column as usize].ceil() as i64;
                self.follow(path, Step { low, ..self.step(column) });
            }
            let mut end = self.simplex.solve(until);
            if end == End::Infeasible {
                // Then not the nearest of them.
                self.retreat(path, before);
                let high = point[up[0] as usize].floor() as i64;
                self.follow(path, Step { high, ..self.step(up[0]) });
                end = self.simplex.solve(until);
            }
            if until.passed() {
                return None;
            }
            if end != End::Optimal || constant + self.simplex.value() > enough as f64 {
                return (steps > 0).then_some(point);
            }
        }
        None
    }

    fn follow(&mut self, path: &mut Vec<Step>, step: Step) {
        path.push(self.step(step.column));
        self.narrow(step);
    }

    fn retreat(&mut self, path: &mut Vec<Step>, to: usize) {
        for step in path.drain(to..).rev() {
            self.narrow(step);
        }
    }

    /// What is sent in parts and nearest to the whole number above, with all that are nearly there.
    fn nearest(&self, point: &[f64]) -> Option<Vec<u32>> {
        let counted = &self.ground.program.counted;
        let hosts = |j: usize| matches!(counted[j], Counted::Hosts { .. });
        let sent =
            |j: usize| matches!(counted[j], Counted::Convoys { .. } | Counted::Sorties { .. });
        let first = |of: &dyn Fn(usize) -> bool| {
            let mut broken: Vec<(f64, u32)> = (0..point.len())
                .filter(|&j| (point[j] - point[j].round()).abs() > WHOLE && of(j))
                .map(|j| (point[j].fract(), j as u32))
                .collect();
            broken.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let most = broken.first()?.0.min(NEARLY);
            Some(broken.into_iter().take_while(|b| b.0 >= most).map(|b| b.1).collect())
        };
        first(&hosts).or_else(|| first(&sent))
    }
}
