//! Cuts in rounds: solve, cut off the point, solve again from where it stood.

use super::branch::{Branching, Company, Dives, Ground};
use super::cases::Case;
use super::cut::CutProof;
use super::halves;
use super::horizon;
use super::interior::Suggestion;
use super::paths::{Paths, Structure};
use super::program::{DUAL_SCALE, Program, Row};
use super::separate::{Scene, Work, alike, fraction};
use super::simplex::{End, Simplex};
use super::told::Told;
use super::watch::Deadline;

/// Cuts added in a round, at most this many.
const PER_ROUND: usize = 100;
/// With fewer cuts from paths of rows than this, rows of the tableau are rounded too.
const FEW: usize = 10;
/// Tableau rows looked at in a round.
const LOOKED_AT: usize = 200;
/// Two cuts of one round may be this much alike.
const ALIKE: f64 = 0.6;
/// What the relaxation proves is told after so many pivots.
const TELL_EVERY: usize = 2000;
/// When rounds end: after so many without this much progress, relative. Where cases follow they give
/// more in the same time, and sooner.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    progress: f64,
    rounds: usize,
    /// Rounds at all, at most.
    most: usize,
}

impl Patience {
    pub const LONG: Self = Self { progress: 1e-4, rounds: 6, most: usize::MAX };
    pub const SHORT: Self = Self { progress: 6e-3, rounds: 3, most: usize::MAX };

    pub fn at_most(self, rounds: usize) -> Self {
        Self { most: rounds, ..self }
    }
}

/// Rounds without progress after which everything is tried that may give a cut.
const DEEP: usize = 2;
/// Two cuts of one round may then be this much alike.
const ALIKE_DEEP: f64 = 0.9;

/// The relaxation in the solver, and the cuts found.
pub(super) struct Rounds<'p> {
    program: &'p Program,
    told: Told,
    structure: Structure,
    simplex: Simplex,
    /// Every cut ever found; those in the solver are in `numbers`.
    cuts: Vec<Row>,
    proofs: Vec<CutProof>,
    /// The number of each of the solver's rows.
    numbers: Vec<u32>,
    /// Rows in the solver from the beginning.
    often: usize,
    /// The most that any basis proved, and its duals by row number.
    best: Option<(i64, Vec<i64>)>,
    cases: Vec<Case>,
    dives: Dives,
}

impl<'p> Rounds<'p> {
    /// Of the nights until `last`.
    pub fn new(program: &'p Program, last: usize) -> Self {
        let told = Told::until(program, last);
        let cost = program.cost.iter().map(|&c| c as f64).collect();
        let often = |i: &u32| told.row(*i as usize) && program.seldom.binary_search(i).is_err();
        let numbers: Vec<u32> = (0..program.rows.len() as u32).filter(often).collect();
        let rows = numbers.iter().map(|&i| told.new_row(&program.rows[i as usize], 1.0));
        let simplex = Simplex::new(cost, told.most(program), rows);
        let structure = Structure::new(program, &told);
        Self {
            often: numbers.len(),
            program,
            told,
            structure,
            simplex,
            cuts: Vec::new(),
            proofs: Vec::new(),
            numbers,
            best: None,
            cases: Vec::new(),
            dives: Dives::new(),
        }
    }

    /// What a cut's row is multiplied by in the solver.
    fn scale(row: &Row) -> f64 {
        let largest = row.terms.iter().map(|t| t.1.abs()).max().unwrap_or(1);
        1.0 / largest as f64
    }

    fn value(&self) -> f64 {
        let point = self.simplex.point();
        let cost: f64 = point.iter().zip(&self.program.cost).map(|(x, &c)| x * c as f64).sum();
        self.program.constant as f64 + cost
    }

    /// What the solver's present basis suggests.
    fn note(&mut self) -> i64 {
        let first_cut = self.program.rows.len();
        let mut duals = vec![0; first_cut + self.cuts.len()];
        let scales = self.scales();
        for ((y, &i), scale) in self.simplex.duals().into_iter().zip(&self.numbers).zip(scales) {
            duals[i as usize] = (y * scale * DUAL_SCALE as f64).round().clamp(-4e18, 4e18) as i64;
        }
        let bound = self.program.dual_bound(&self.cuts, &duals);
        if self.best.as_ref().is_none_or(|(most, _)| bound > *most) {
            self.best = Some((bound, duals));
        }
        bound
    }

    /// Splits the plans in cases until all of them prove what is enough, or `until`.
    pub fn branch(&mut self, until: Deadline, company: &Company) {
        if self.simplex.solve(until) != End::Optimal {
            return;
        }
        self.note();
        // Each case carries what holds something back, and no more.
        self.forget();
        if self.simplex.solve(until) != End::Optimal {
            return;
        }
        let Some((mut branching, dives)) = self.branching() else { return };
        branching.run(until, dives, company);
        self.cases = branching.cases;
    }

    /// A dive from where the solver stands, optimal.
    fn dive(&mut self, until: Deadline, company: &Company) {
        if self.dives.due_for(company).is_none() {
            return;
        }
        let Some((mut branching, dives)) = self.branching() else { return };
        branching.dive_when_due(dives, until, company);
    }

    /// Every plan as one case, which the solver has solved, and the time for dives; `None` before
    /// anything is proven.
    fn branching(&mut self) -> Option<(Branching<'_>, &mut Dives)> {
        let scales = self.scales();
        let (bound, duals) = self.best.as_ref()?;
        let (program, cuts, told) = (self.program, &self.cuts[..], &self.told);
        let ground = Ground { program, cuts, told, numbers: self.numbers.clone(), scales };
        Some((Branching::new(ground, &mut self.simplex, *bound, duals), &mut self.dives))
    }

    /// What each of the solver's rows is multiplied by there.
    fn scales(&self) -> Vec<f64> {
        let first_cut = self.program.rows.len();
        let scale = |i: &u32| {
            (*i as usize).checked_sub(first_cut).map_or(1.0, |n| Self::scale(&self.cuts[n]))
        };
        self.numbers.iter().map(scale).collect()
    }

    /// The cuts that the best duals and the cases need, with those that they follow from, the duals
    /// and the cases.
    pub fn proof(self) -> Option<Suggestion> {
        let (_, mut duals) = self.best?;
        let first_cut = self.program.rows.len();
        let known = self.cuts.len();
        duals.resize(first_cut + known, 0);
        let mut needed: Vec<bool> = duals[first_cut..].iter().map(|y| *y > 0).collect();
        let of_cases = self.cases.iter().flat_map(Case::duals);
        for n in of_cases.filter_map(|d| (d.0 as usize).checked_sub(first_cut)) {
            needed[n] = true;
        }
        for n in (0..known).rev() {
            if needed[n] {
                for &(i, _) in &self.proofs[n].weights {
                    if let Some(before) = (i as usize).checked_sub(first_cut) {
                        needed[before] = true;
                    }
                }
            }
        }
        let mut number = vec![0u32; known];
        let mut cuts = Vec::new();
        let mut kept = duals[..first_cut].to_vec();
        for n in (0..known).filter(|&n| needed[n]) {
            number[n] = (first_cut + cuts.len()) as u32;
            let mut proof = self.proofs[n].clone();
            for (i, _) in &mut proof.weights {
                if let Some(before) = (*i as usize).checked_sub(first_cut) {
                    *i = number[before];
                }
            }
            cuts.push(proof);
            kept.push(duals[first_cut + n]);
        }
        let mut cases = self.cases;
        for (i, _) in cases.iter_mut().flat_map(Case::duals_mut) {
            if let Some(n) = (*i as usize).checked_sub(first_cut) {
                *i = number[n];
            }
        }
        Some(Suggestion { cuts, duals: kept, cases, finished: true })
    }

    /// At most so many rounds. Whether the relaxation without cuts was solved to its end.
    pub fn run(&mut self, until: Deadline, patience: Patience, company: &Company) -> bool {
        let tell = company.tell;
        loop {
            let end = self.simplex.solve_within(until, TELL_EVERY);
            tell(self.note());
            match end {
                End::Paused => continue,
                End::Infeasible | End::Stopped | End::Above => return false,
                End::Optimal => {}
            }
            if self.told.is_short(&self.simplex.point()) {
                *self = Self::new(self.program, usize::MAX);
                continue;
            }
            if self.add_broken() == 0 {
                break;
            }
        }
        self.dive(until, company);
        let (mut anchor, mut stuck) = (self.value(), 0);
        let mut rounds = 0;
        while !until.passed() && stuck < patience.rounds && rounds < patience.most {
            rounds += 1;
            let deep = stuck >= DEEP && patience.rounds > DEEP + 1;
            if self.round(until, deep) == 0 {
                if stuck >= DEEP {
                    break;
                }
                stuck = DEEP;
                continue;
            }
            let end = self.simplex.solve(until);
            tell(self.note());
            if end != End::Optimal {
                break;
            }
            self.dive(until, company);
            let value = self.value();
            stuck += 1;
            if value > anchor + anchor.abs() * patience.progress {
                anchor = value;
                stuck = 0;
            }
        }
        true
    }

    /// Tells the solver of the seldom rows that the point breaks; how many.
    fn add_broken(&mut self) -> usize {
        self.told.tell_missed(self.program, &mut self.numbers, &mut self.simplex)
    }

    /// Takes the cuts that hold nothing back out of the solver.
    fn forget(&mut self) {
        let often = self.often;
        let kept = self.simplex.retain_rows(|i| i < often);
        let mut flags = kept.iter();
        self.numbers.retain(|_| *flags.next().unwrap_or(&true));
    }

    /// Adds cuts; how many.
    fn round(&mut self, until: Deadline, deep: bool) -> usize {
        let point = self.simplex.point();
        let mut candidates: Vec<(f64, usize)> = (self.simplex.basic_columns())
            .map(|(r, j)| (fraction(point[j]) * self.weight(j), r))
            .filter(|(f, _)| *f > 0.0)
            .collect();
        candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        candidates.truncate(LOOKED_AT);
        let first_cut = self.program.rows.len();
        let scales = self.scales();
        let scene = Scene {
            program: self.program,
            cuts: &self.cuts,
            numbers: &self.numbers,
            scales: &scales,
            point: &point,
            longest: 1000 + self.program.cost.len() / 10,
        };
        let mut paths = Paths::new(&scene, &self.structure);
        let enough = || until.passed();
        let mut found = horizon::search(&scene, &mut paths, self.told.last, deep, &enough);
        found.extend(paths.search(false, false, &enough));
        found.extend(halves::search(&scene, &enough));
        if deep || found.len() < FEW {
            for (whole, second) in [(true, false), (false, true), (true, true)] {
                found.extend(paths.search(whole, second, &enough));
            }
        }
        if deep || found.len() < FEW {
            let mut work = Work::new(point.len());
            for (_, position) in candidates {
                if until.passed() {
                    break;
                }
                found.extend(scene.round_tableau_row(&mut self.simplex, position, &mut work));
            }
        }
        found.sort_by(|a, b| b.depth.total_cmp(&a.depth));
        let mut chosen: Vec<super::separate::Found> = Vec::new();
        for cut in found {
            if chosen.len() >= PER_ROUND {
                break;
            }
            let alike_at_most = if deep { ALIKE_DEEP } else { ALIKE };
            if chosen.iter().all(|c| alike(&c.row, &cut.row) < alike_at_most) {
                chosen.push(cut);
            }
        }
        if chosen.is_empty() {
            // The solver stays as it is solved: the next look needs its factors.
            return 0;
        }
        self.forget();
        self.add_broken();
        let count = chosen.len();
        for cut in chosen {
            let number = first_cut + self.cuts.len();
            self.simplex.add(std::iter::once(self.told.new_row(&cut.row, Self::scale(&cut.row))));
            self.numbers.push(number as u32);
            self.cuts.push(cut.row);
            self.proofs.push(cut.proof);
        }
        count
    }

    /// How much a column's being whole matters: things that are sent more than people.
    fn weight(&self, column: usize) -> f64 {
        1.0 / (1.0 + self.program.most[column] as f64).ln_1p()
    }
}
