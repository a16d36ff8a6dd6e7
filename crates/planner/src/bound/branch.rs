//! Splits the plans in cases until every one of them proves enough, the weakest first.
//!
//! Which column to split on: the one that raises both cases most, tried with a few pivots until its
//! own record can be relied on (reliability branching: Achterberg, Koch and Martin, Operations
//! Research Letters 2005).

mod dive;
mod open;
mod record;
mod solving;

use std::collections::BinaryHeap;

use super::cases::{Boxes, Case};
use super::program::{Program, Row};
use super::simplex::{End, Simplex};
use super::told::Told;
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
    pub told: &'g Told,
    /// The program's number of each of the solver's rows, and what it is multiplied by there.
    pub numbers: Vec<u32>,
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
        branching.keep(Open { bound, at: 0, path: Vec::new(), basis, solved: true, broken });
        branching
    }

    /// What all cases together prove.
    fn bound(&self) -> i64 {
        self.open.peek().map_or(i64::MAX, |o| o.bound).min(self.closed)
    }

    fn keep(&mut self, open: Open) {
        if open.solved && open.broken.is_empty() {
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
            self.enough = enough();
            if !self.split(open, until, dives, company) {
                break;
            }
            tell(self.bound().min(enough()));
        }
        self.enough = i64::MAX;
        self.simplex.stop_above(f64::INFINITY);
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
        let mut told = 0;
        let (end, bound, duals) = loop {
            let ended = self.solve_case(open.bound, until);
            let more = if ended.0 == End::Optimal { self.tell_broken() } else { 0 };
            told += more;
            if more == 0 {
                break ended;
            }
        };
        if open.bound <= bound {
            (open.bound, self.cases[open.at]) = (bound, Case::Proven { duals });
        }
        if !open.solved || told > 0 || end != End::Optimal {
            (open.solved, open.broken) = self.left_open(end, open.bound, company);
        }
        let done = if matches!(end, End::Stopped | End::Paused) {
            false
        } else if open.solved && !open.broken.is_empty() {
            self.dive_when_due(dives, until, company);
            self.split_here(&open, until, company)
        } else {
            self.keep(Open { basis: self.simplex.save(), ..open });
            true
        };
        for step in &path {
            let high = self.ground.program.most[step.column as usize];
            self.narrow(Step { low: 0, high, ..*step });
        }
        done
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
            let (solved, broken) = self.left_open(end, bound, company);
            let (path, basis) = (open.with(step), self.simplex.save());
            halves.push((duals, Open { bound, at: first + side, path, basis, solved, broken }));
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

    /// The column to split on and its value; `before` is what the solver's point costs.
    fn choose(&mut self, open: &Open, before: f64, until: Deadline) -> (u32, f64) {
        let most = self.ceiling(self.enough) - before;
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
        record::merit(rise, self.ceiling(self.enough) - before)
    }
}
