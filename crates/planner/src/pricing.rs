//! What one more of each scarce thing is worth: the relaxation's word, and the search's.
//!
//! A price of the relaxation is about fractions of vehicles and convoys. Each is therefore checked:
//! the problem with one more of the thing is searched from the same plan, with the same seeds and
//! iterations as the problem as it is. Where the two disagree, both are told, with the reason.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::Serialize;

use crate::bound::{self, Certificate, CertificateError, Resource};
use crate::change::{Amount, Change, Thing};
use crate::plan::ClassPlan;
use crate::problem::Problem;
use crate::solve::{Base, Done, Flow, Options, SolveError, solve};

/// A thing there could be one more of, and what the relaxation says that would save.
#[derive(Debug, Clone, PartialEq)]
pub struct Scarce {
    pub change: Change,
    /// Units; 100 are one person-night. `None` when the relaxation has no row for it.
    pub relaxation: Option<f64>,
}

/// A price beside what the search found with one more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Checked {
    /// Units less with one more, best of two seeds on both sides; negative when the search did worse.
    pub saved: i64,
    /// How far two seeds lie apart on the problem as it is: what chance alone makes of it.
    pub spread: i64,
    pub verdict: Verdict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Within a factor of two of each other.
    Agree,
    /// The search is no better off with one more.
    NothingFound,
    /// Saved no more than the search's own spread.
    WithinChance,
    SearchSavesLess,
    SearchSavesMore,
    /// The relaxation has no price for it.
    SearchOnly,
}

impl Verdict {
    pub fn words(self) -> &'static str {
        match self {
            Self::Agree => "both agree",
            Self::NothingFound => "the search finds no use for one alone",
            Self::WithinChance => "no more than chance makes of the search",
            Self::SearchSavesLess => {
                "the search saves less: whole vehicles and convoys cannot use a fraction of it"
            }
            Self::SearchSavesMore => {
                "the search saves more: one more lets a whole convoy go, which fractions do not see"
            }
            Self::SearchOnly => "the relaxation has no price for it",
        }
    }

    fn of(relaxation: Option<f64>, saved: i64, spread: i64) -> Self {
        let found = saved as f64;
        match relaxation {
            _ if saved <= 0 => Self::NothingFound,
            _ if saved <= spread => Self::WithinChance,
            None => Self::SearchOnly,
            Some(said) if found < said / 2.0 => Self::SearchSavesLess,
            Some(said) if found > said * 2.0 => Self::SearchSavesMore,
            Some(_) => Self::Agree,
        }
    }
}

/// How much to search for each price.
#[derive(Debug, Clone)]
pub struct Effort {
    pub iterations: u64,
    pub seed: u64,
    /// Nights of the plan that are carried out.
    pub done: usize,
}

/// Everything scarce from night `from` on, dearest first. Teams and guards are had for the whole
/// time, so their nights are added up; half hours of cover are priced by reading the certificate
/// against the problem that has one more.
///
/// # Errors
/// When the certificate is not one for this problem's relaxation.
pub fn scarce(
    problem: &Problem,
    certificate: &Certificate,
    from: usize,
) -> Result<Vec<Scarce>, CertificateError> {
    let mut sums: BTreeMap<Resource, (Change, f64)> = BTreeMap::new();
    for price in bound::shadow_prices(problem, certificate)? {
        let whole_time = match price.resource {
            Resource::EscortTeam { depot, .. } => Resource::EscortTeam { depot, night: from },
            Resource::Guard { depot, .. } => Resource::Guard { depot, night: from },
            other => other,
        };
        if price.resource.night().is_none_or(|night| night >= from) {
            let one_more = || (Change::of(whole_time), 0.0);
            sums.entry(whole_time).or_insert_with(one_more).1 += price.units;
        }
    }
    let mut all: Vec<Scarce> = (sums.into_values())
        .map(|(change, units)| Scarce { change, relaxation: Some(units) })
        .collect();
    all.extend(half_hours(problem, certificate, from)?);
    all.sort_by(|a, b| b.relaxation.unwrap_or(0.0).total_cmp(&a.relaxation.unwrap_or(0.0)));
    Ok(all)
}

fn half_hours(
    problem: &Problem,
    certificate: &Certificate,
    from: usize,
) -> Result<Vec<Scarce>, CertificateError> {
    let proven = bound::verify(problem, certificate)?;
    let mut out = Vec::new();
    for night in (from..problem.nights).filter(|&t| problem.cover[t].orbits > 0) {
        let thing = Thing::HalfHours { nights: night..=night };
        let change = Change { thing, amount: Amount::By(1) };
        let longer = Change::applied(std::slice::from_ref(&change), problem);
        // Other rows than this certificate's: the longer window lets other convoys fly together.
        let units = bound::verify(&longer, certificate).ok().map(|with| (proven - with) as f64);
        if units.is_none_or(|units| units > 0.5) {
            out.push(Scarce { change, relaxation: units });
        }
    }
    Ok(out)
}

/// The dearest of each kind of thing, then the dearest of all, `most` in all.
pub fn worth_checking(scarce: &[Scarce], most: usize) -> Vec<usize> {
    let kind = |at: &usize| std::mem::discriminant(&scarce[*at].change.thing);
    let mut firsts: Vec<usize> = Vec::new();
    for at in 0..scarce.len() {
        if !firsts.iter().any(|first| kind(first) == kind(&at)) {
            firsts.push(at);
        }
    }
    let rest = (0..scarce.len()).filter(|at| !firsts.contains(at)).collect::<Vec<_>>();
    let mut chosen: Vec<usize> = firsts.into_iter().chain(rest).take(most).collect();
    chosen.sort_unstable();
    chosen
}

/// What the search saves with each change, from `plan`, on two threads. `told` hears how many are
/// done and may stop; what is not checked then is `None`.
///
/// # Errors
/// When `plan` does not fit the problem.
pub fn check_each(
    problem: &Problem,
    plan: &ClassPlan,
    scarce: &[&Scarce],
    effort: &Effort,
    told: &(dyn Fn(usize) -> Flow + Sync),
) -> Result<Vec<Option<Checked>>, SolveError> {
    let cost = |problem: &Problem, seed: u64| {
        let options = Options {
            time_limit: std::time::Duration::MAX,
            seed,
            threads: 1,
            max_iterations: Some(effort.iterations),
            done: (effort.done > 0).then(|| Done { nights: effort.done, plan: plan.clone() }),
            base: Some(Base::new(plan.clone(), 0)),
        };
        Ok(solve(problem, &options, &mut |_| Flow::Continue)?.cost.total())
    };
    let seeds = [effort.seed, effort.seed.wrapping_add(1)];
    let (one, other) = std::thread::scope(|scope| {
        let other = scope.spawn(|| cost(problem, seeds[1]));
        (cost(problem, seeds[0]), other.join())
    });
    let base = [one?, other.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?];
    let (least, spread) = (base[0].min(base[1]), (base[0] - base[1]).abs());
    let answers: Mutex<Vec<Option<Checked>>> = Mutex::new(vec![None; scarce.len()]);
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || -> Result<(), SolveError> {
        loop {
            let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(asked) = scarce.get(at) else { return Ok(()) };
            if told(at) == Flow::Stop {
                return Ok(());
            }
            let with = Change::applied(std::slice::from_ref(&asked.change), problem);
            let saved = least - cost(&with, seeds[0])?.min(cost(&with, seeds[1])?);
            let verdict = Verdict::of(asked.relaxation, saved, spread);
            let mut answers = answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            answers[at] = Some(Checked { saved, spread, verdict });
        }
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let mine = work();
        mine.and(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })?;
    Ok(answers.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}
