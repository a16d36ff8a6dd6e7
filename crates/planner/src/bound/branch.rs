//! Splits the plans in cases until every one of them proves enough, the weakest first.
//!
//! Which column to split on: the one that raises both cases most, tried with a few pivots until its
//! own record can be relied on (reliability branching: Achterberg, Koch and Martin, Operations
//! Research Letters 2005).

mod dive;
mod open;
mod record;

use std::collections::BinaryHeap;

use super::cases::{Boxes, Case, bound_within};
use super::program::{Counted, DUAL_SCALE, Program, Row};
use super::simplex::{End, Simplex};
use super::watch::Deadline;
pub(super) use dive::Dives;
use open::{Open, Step};
use record::Record;

/// A value is whole when it is this close.
const WHOLE: f64 = 1e-5;
/// Columns tried in a case, at most, and pivots of a try.
const TRIES: usize = 16;
const PIVOTS: usize = 20;
/// Tries without a better one, after which no more are made.
const LOOK_AHEAD: usize = 8;
/// Columns remembered of a case's point, at most.
const BROKEN: usize = 60;
/// A case is left when it costs this share more than is enough: the solver's costs are a little off.
const MARGIN: f64 = 2e-4;

/// Hears values of all columns.
type Hear<'c> = dyn Fn(&[f64]) + 'c;

/// Whoever searches beside the proof.
pub(super) struct Company<'c> {
    /// What the best known plan costs.
    pub enough: &'c dyn Fn() -> i64,
    /// Hears what is proven.
    pub tell: &'c dyn Fn(i64),
    /// Hears of a point that sends whole convoys.
    pub hear: Option<&'c Hear<'c>>,
}

/// What branching needs of the rounds before it.
pub(super) struct Ground<'g> {
    pub program: &'g Program,
    pub cuts: &'g [Row],
    /// The program's number of each of the solver's rows, and what it is multiplied by there.
    pub numbers: &'g [u32],
    pub scales: Vec<f64>,
}

pub(super) struct Branching<'g> {
    ground: Ground<'g>,
    simplex: &'g mut Simplex,
    pub cases: Vec<Case>,
    open: BinaryHeap<Open>,
    /// The least that a case proves which cannot be split.
    closed: i64,
    boxes: Boxes,
    record: Record,
    /// A case that proves this much need not be split.
    enough: i64,
}

impl<'g> Branching<'g> {
    /// The solver must have solved the whole, of which `duals` prove `bound`.
    pub fn new(ground: Ground<'g>, simplex: &'g mut Simplex, bound: i64, duals: &[i64]) -> Self {
        let duals = duals.iter().enumerate().map(|(i, &y)| (i as u32, y));
        let mut branching = Self {
            boxes: Boxes::of(ground.program),
            cases: vec![Case::Proven { duals: duals.filter(|d| d.1 != 0).collect() }],
            open: BinaryHeap::new(),
            closed: i64::MAX,
            record: Record::new(ground.program.most.len()),
            enough: i64::MAX,
            simplex,
            ground,
        };
        let (broken, basis) = (branching.broken(), branching.simplex.save());
        branching.keep(Open { bound, at: 0, path: Vec::new(), basis, broken });
        branching
    }

    /// What all cases together prove.
    fn bound(&self) -> i64 {
        self.open.peek().map_or(i64::MAX, |o| o.bound).min(self.closed)
    }

    fn keep(&mut self, open: Open) {
        if open.broken.is_empty() {
            self.closed = self.closed.min(open.bound);
        } else {
            self.open.push(open);
        }
    }

    /// Splits until what is proven is enough, nothing can be split, or `until`; dives now and then.
    pub fn run(&mut self, until: Deadline, dives: &mut Dives, company: &Company) {
        let Company { enough, tell, .. } = company;
        while !until.passed() {
            let weakest = self.open.peek().map_or(i64::MAX, |o| o.bound);
            if weakest >= enough().min(self.closed) {
                break;
            }
            let Some(open) = self.open.pop() else { break };
            self.ask_below(enough());
            if !self.split(open, until, dives, company) {
                break;
            }
            tell(self.bound().min(enough()));
        }
        self.ask_below(i64::MAX);
    }

    /// Cases that prove this much need not be solved any further.
    fn ask_below(&mut self, enough: i64) {
        self.enough = enough;
        self.simplex.stop_above(self.ceiling());
    }

    /// What the solver's point may cost.
    fn ceiling(&self) -> f64 {
        match self.enough {
            i64::MAX => f64::INFINITY,
            enough => enough as f64 * (1.0 + MARGIN) - self.ground.program.constant as f64,
        }
    }

    /// False when there was no time to; then the case stays as it was proven.
    fn split(
        &mut self,
        mut open: Open,
        until: Deadline,
        dives: &mut Dives,
        company: &Company,
    ) -> bool {
        let path = open.path.clone();
        for step in &path {
            self.narrow(*step);
        }
        self.simplex.restore(&open.basis);
        let (end, bound, duals) = self.solve_case(open.bound, until);
        let done = match end {
            End::Optimal => {
                self.dive_when_due(dives, until, company);
                self.split_here(&open, until, company)
            }
            // A cheaper plan was found since the case was kept.
            End::Above => {
                self.cases[open.at] = Case::Proven { duals };
                open.broken.clear();
                self.keep(Open { bound, ..open });
                true
            }
            End::Infeasible | End::Stopped | End::Paused => false,
        };
        for step in &path {
            let high = self.ground.program.most[step.column as usize];
            self.narrow(Step { low: 0, high, ..*step });
        }
        done
    }

    /// Solves the present case: what it proves, and the duals for it. `Above` when that is enough.
    fn solve_case(&mut self, known: i64, until: Deadline) -> (End, i64, Vec<(u32, i64)>) {
        let mut end = self.simplex.solve(until);
        let (mut bound, mut duals) = self.proven(end, known);
        if end == End::Above && bound < self.enough {
            self.simplex.stop_above(f64::INFINITY);
            end = self.simplex.solve(until);
            (bound, duals) = self.proven(end, known);
            self.simplex.stop_above(self.ceiling());
        }
        (end, bound, duals)
    }

    /// The column as it may be now.
    fn step(&self, column: u32) -> Step {
        let j = column as usize;
        Step { column, low: self.boxes.low[j], high: self.boxes.high[j] }
    }

    fn narrow(&mut self, Step { column, low, high }: Step) {
        self.boxes.low[column as usize] = low;
        self.boxes.high[column as usize] = high;
        self.simplex.bound(column, low as f64, high as f64);
    }

    /// The two sides of a split of the column at its value.
    fn sides(&self, column: u32, value: f64) -> [Step; 2] {
        let at = value.floor() as i64;
        let now = self.step(column);
        [Step { high: at, ..now }, Step { low: at + 1, ..now }]
    }

    fn split_here(&mut self, open: &Open, until: Deadline, company: &Company) -> bool {
        let before = self.simplex.value();
        let (column, value) = self.choose(open, before, until);
        let mark = self.simplex.mark();
        let as_it_was = self.step(column);
        let first = self.cases.len();
        let mut halves = Vec::new();
        for (side, step) in self.sides(column, value).into_iter().enumerate() {
            self.narrow(step);
            let (end, bound, duals) = self.solve_case(open.bound, until);
            if matches!(end, End::Optimal | End::Above) {
                self.record.note(column, side, value, self.simplex.value() - before);
            }
            // What proved the whole proves its half.
            let (bound, duals) = match bound < open.bound {
                true => (open.bound, self.cases[open.at].duals().to_vec()),
                false => (bound, duals),
            };
            let broken = match end {
                End::Infeasible | End::Above => Vec::new(),
                End::Optimal | End::Stopped | End::Paused => self.broken(),
            };
            // As good as a plan, where the relaxation tells all that the problem does.
            if let (End::Optimal, true, Some(hear)) = (end, broken.is_empty(), company.hear) {
                hear(&self.simplex.point());
            }
            let (path, basis) = (open.with(step), self.simplex.save());
            halves.push((duals, Open { bound, at: first + side, path, basis, broken }));
            self.narrow(as_it_was);
            self.simplex.back(&mark);
            if end == End::Stopped && until.passed() {
                return false;
            }
        }
        let at = value.floor() as i64;
        self.cases[open.at] = Case::Split { column, at, low: first as u32, high: first as u32 + 1 };
        for (duals, half) in halves {
            self.cases.push(Case::Proven { duals });
            self.keep(half);
        }
        true
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
        let Ground { program, cuts, numbers, scales } = &self.ground;
        let whole = |y: f64| (y * DUAL_SCALE as f64).round().clamp(-4e18, 4e18) as i64;
        let mut all: Vec<(u32, i64)> = (duals.iter().zip(*numbers).zip(scales))
            .map(|((y, &i), scale)| (i, whole(y * scale)))
            .filter(|(_, y)| *y != 0)
            .collect();
        all.sort_unstable_by_key(|d| d.0);
        (bound_within(program, cuts, &all, &self.boxes).unwrap_or(i64::MIN), all)
    }

    /// The columns of the point that are not whole: those that settle most first.
    fn broken(&self) -> Vec<(u32, f64)> {
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

    /// The column to split on and its value; `before` is what the solver's point costs.
    fn choose(&mut self, open: &Open, before: f64, until: Deadline) -> (u32, f64) {
        let most = self.ceiling() - before;
        let mut order: Vec<(f64, u32, f64)> =
            open.broken.iter().map(|&(j, x)| (self.record.guess(j, x, most), j, x)).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut best = (f64::NEG_INFINITY, order[0].1, order[0].2);
        let (mut tried, mut worse) = (0, 0);
        for (guess, j, x) in order {
            let relied = self.record.is_reliable(j);
            let done = tried >= TRIES || worse >= LOOK_AHEAD || until.passed();
            let score = match (relied, done) {
                (true, _) => guess,
                (false, true) => continue,
                (false, false) => {
                    tried += 1;
                    self.attempt(j, x, before, until)
                }
            };
            worse += 1;
            if score > best.0 {
                best = (score, j, x);
                worse = 0;
            }
        }
        (best.1, best.2)
    }

    /// How much both cases would rise, after a few pivots each.
    fn attempt(&mut self, column: u32, value: f64, before: f64, until: Deadline) -> f64 {
        let mark = self.simplex.mark();
        let as_it_was = self.step(column);
        let mut rise = [0.0; 2];
        for (side, step) in self.sides(column, value).into_iter().enumerate() {
            self.narrow(step);
            rise[side] = match self.simplex.solve_within(until, PIVOTS) {
                End::Infeasible => before.abs(),
                End::Optimal | End::Paused | End::Stopped | End::Above => {
                    let rise = self.simplex.value() - before;
                    self.record.note(column, side, value, rise);
                    rise
                }
            };
            self.narrow(as_it_was);
            self.simplex.back(&mark);
        }
        record::merit(rise, self.ceiling() - before)
    }
}
