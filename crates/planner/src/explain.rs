//! Why somebody is not moved earlier, or at all: by asking the rules, one person at a time.
//!
//! A person is taken out of a valid plan (or from those it leaves behind) and put back on each
//! earlier night by every way there is: a seat in a vehicle that has one, a vehicle more in a
//! convoy, a convoy more, a seat on a flight, a flight more. Each attempt is refused by rules of
//! the checker, all of which are told, or by none, and then the seat was there and its price is
//! told. A full vehicle is no reason by itself: what keeps another one from going is.

mod attempt;
mod refusal;
mod ways;
mod without;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use attempt::{Attempt, Way};
pub use refusal::Refusal;

use crate::check::case::Case;
use crate::check::{check, cost};
use crate::plan::ClassPlan;
use crate::problem::Problem;
use without::without_one;

/// Why a plan cannot be explained.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    #[error(
        "the plan breaks rule {code} ({place}): only a plan that keeps every rule is explained"
    )]
    Broken { code: &'static str, place: String },
    #[error("the plan moves nobody of class {class} on night {night}")]
    NobodyThen { class: String, night: usize },
}

/// A plan that keeps every rule of its problem.
pub struct Explained<'a> {
    problem: &'a Problem,
    plan: &'a ClassPlan,
    cost: i64,
    /// People who leave, by class and night.
    left_by: Vec<Vec<i64>>,
}

/// What becomes of one class: when its people leave, and what refused them earlier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassStory {
    pub class: String,
    pub origin: String,
    pub people: i64,
    pub left_behind: i64,
    /// Nights after their first possible one, summed over those who move.
    pub late_nights: i64,
    /// People by the night they leave.
    pub leaving: BTreeMap<usize, i64>,
    /// For the one who waits longest, each night they wait through.
    pub nights: Vec<NightStory>,
}

/// What one night answers to one more person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NightStory {
    pub night: usize,
    /// Each way's refusals, fewest first; ways refused alike are told once.
    pub refused: Vec<Vec<Refusal>>,
    /// A way that no rule refuses, if there is one: the cheapest of them.
    pub open: Option<Open>,
}

/// A seat that was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Open {
    pub way: String,
    /// Units the plan would cost more (less, when negative) with this one person moved here.
    pub cost_change: i64,
}

/// Person-nights that one cause holds people back: people whose gates are passed and who are still
/// at their origin after the night.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holding {
    #[serde(flatten)]
    pub cause: Cause,
    pub person_nights: i64,
    pub nights: usize,
}

/// What stood in the way on some nights, without their numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Cause {
    pub words: String,
    /// The checker's rule; none where a seat could be had.
    pub rule: Option<&'static str>,
    /// A refusal's code; `missed` for a seat the search did not take, `dear` for one that costs more
    /// than it saves.
    pub what: &'static str,
    /// Site, depot or crossing; may be empty.
    pub place: String,
    /// Vehicle type; may be empty.
    pub vehicle: String,
}

impl Cause {
    fn of(refusal: &Refusal) -> Self {
        let (what, place, vehicle) = refusal.named();
        Self {
            words: refusal.cause(),
            rule: Some(refusal.rule()),
            what,
            place: place.to_owned(),
            vehicle: vehicle.to_owned(),
        }
    }

    fn open(cost_change: i64) -> Self {
        let (what, words) = match cost_change {
            ..0 => ("missed", "a seat is left that the search did not take"),
            _ => ("dear", "a seat could be had, but costs more than it saves"),
        };
        let (place, vehicle) = (String::new(), String::new());
        Self { words: words.to_owned(), rule: None, what, place, vehicle }
    }
}

impl<'a> Explained<'a> {
    /// # Errors
    /// When the plan breaks a rule.
    pub fn new(problem: &'a Problem, plan: &'a ClassPlan) -> Result<Self, ExplainError> {
        let report = check(problem, plan);
        if let Some(b) = report.broken.into_iter().next() {
            return Err(ExplainError::Broken { code: b.code, place: b.place });
        }
        let by_night = Case::new(problem, plan).left_by;
        let of = |k: usize| by_night.iter().map(|night| night[k]).collect();
        let left_by = (0..problem.classes.len()).map(of).collect();
        Ok(Self { problem, plan, cost: report.cost.total(), left_by })
    }

    /// Every class with somebody left behind or late, the most person-nights first.
    pub fn stories(&self) -> Vec<ClassStory> {
        let mut stories: Vec<ClassStory> =
            (0..self.problem.classes.len()).filter_map(|k| self.story(k)).collect();
        stories.sort_by_key(|s| {
            std::cmp::Reverse((s.left_behind, s.late_nights, std::cmp::Reverse(s.class.clone())))
        });
        stories
    }

    /// The story of one class; `None` when everybody leaves on their first possible night.
    pub fn story(&self, class: usize) -> Option<ClassStory> {
        let p = self.problem;
        let c = &p.classes[class];
        let leaving = &self.left_by[class];
        let moved: i64 = leaving.iter().sum();
        let (mut late_nights, mut nth) = (0, 0);
        for (night, &n) in leaving.iter().enumerate() {
            for _ in 0..n {
                nth += 1;
                let first = c.ready.iter().position(|&ready| ready >= nth).unwrap_or(night);
                late_nights += night.saturating_sub(first) as i64;
            }
        }
        let left_behind = c.count - moved;
        if left_behind == 0 && late_nights == 0 {
            return None;
        }
        let last = if left_behind > 0 { None } else { leaving.iter().rposition(|&n| n > 0) };
        let nights = self.nights(class, last).unwrap_or_default();
        Some(ClassStory {
            class: c.id.clone(),
            origin: p.origins[c.origin].id.clone(),
            people: c.count,
            left_behind,
            late_nights,
            leaving: leaving.iter().copied().enumerate().filter(|(_, n)| *n > 0).collect(),
            nights,
        })
    }

    /// What each night before `leaving` answers to one person of the class who leaves then; with
    /// `None`, what every night answers to one who is left behind.
    ///
    /// # Errors
    /// When the plan moves nobody of the class on that night, or leaves nobody behind.
    pub fn nights(
        &self,
        class: usize,
        leaving: Option<usize>,
    ) -> Result<Vec<NightStory>, ExplainError> {
        let base = self.base(class, leaving)?;
        let case = Case::new(self.problem, &base);
        let until = leaving.unwrap_or(self.problem.nights);
        Ok((0..until).map(|night| self.night(&case, &base, class, night)).collect())
    }

    /// Every attempt on one night, with all rules that refuse it; for those who want to see each.
    ///
    /// # Errors
    /// As [`Self::nights`].
    pub fn attempts(
        &self,
        class: usize,
        leaving: Option<usize>,
        night: usize,
    ) -> Result<(ClassPlan, Vec<Attempt>), ExplainError> {
        let base = self.base(class, leaving)?;
        let attempts = ways::attempts(&Case::new(self.problem, &base), class, night);
        Ok((base, attempts))
    }

    fn base(&self, class: usize, leaving: Option<usize>) -> Result<ClassPlan, ExplainError> {
        let nobody = |night| ExplainError::NobodyThen {
            class: self.problem.classes[class].id.clone(),
            night,
        };
        match leaving {
            None => Ok(self.plan.clone()),
            Some(night) => {
                without_one(self.problem, self.plan, class, night).ok_or_else(|| nobody(night))
            }
        }
    }

    fn night(&self, case: &Case, base: &ClassPlan, class: usize, night: usize) -> NightStory {
        let attempts = ways::attempts(case, class, night);
        let price = |a: &&Attempt| {
            let with = a.apply(self.problem, base, class);
            cost::recompute(&Case::new(self.problem, &with)).total() - self.cost
        };
        // Ways come cheapest kind first: a seat before a vehicle before a convoy.
        let open = attempts
            .iter()
            .find(|a| a.refusals.is_empty())
            .map(|a| Open { way: a.words(self.problem, base), cost_change: price(&a) });
        let mut refused: Vec<Vec<Refusal>> =
            attempts.into_iter().map(|a| a.refusals).filter(|r| !r.is_empty()).collect();
        refused.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        refused.dedup();
        NightStory { night, refused, open }
    }

    /// What holds people back from night `from` on, the most person-nights first. A night counts for
    /// each of the causes that alone, or fewest together, refused it.
    pub fn holding(&self, stories: &[ClassStory], from: usize) -> Vec<Holding> {
        let mut sums: BTreeMap<Cause, (i64, BTreeSet<usize>)> = BTreeMap::new();
        for story in stories {
            let Some(k) = self.problem.class_at(&story.class) else {
                continue;
            };
            let mut gone = 0;
            for (t, &n) in self.left_by[k].iter().enumerate() {
                gone += n;
                let waiting = self.problem.classes[k].ready[t] - gone;
                let Some(night) =
                    story.nights.iter().find(|s| s.night == t && t >= from && waiting > 0)
                else {
                    continue;
                };
                for cause in night.causes() {
                    let sum = sums.entry(cause).or_default();
                    sum.0 += waiting;
                    sum.1.insert(t);
                }
            }
        }
        let holding = |(cause, (person_nights, nights)): (Cause, (i64, BTreeSet<usize>))| Holding {
            cause,
            person_nights,
            nights: nights.len(),
        };
        let mut all: Vec<Holding> = sums.into_iter().map(holding).collect();
        all.sort_by(|a, b| b.person_nights.cmp(&a.person_nights).then(a.cause.cmp(&b.cause)));
        all
    }
}

impl NightStory {
    /// The refusals of the ways refused by fewest rules.
    pub fn fewest(&self) -> impl Iterator<Item = &Vec<Refusal>> {
        let fewest = self.refused.first().map_or(0, Vec::len);
        self.refused.iter().filter(move |r| r.len() == fewest)
    }

    /// What stood in the way, without this night's numbers; for sums.
    pub fn causes(&self) -> Vec<Cause> {
        if let Some(open) = &self.open {
            return vec![Cause::open(open.cost_change)];
        }
        let mut causes: Vec<Cause> = self.fewest().flatten().map(Cause::of).collect();
        causes.sort();
        causes.dedup();
        causes
    }
}
