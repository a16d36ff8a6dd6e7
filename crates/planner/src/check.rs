//! Judges any plan, however it was made. Shares no code with the search.
//!
//! One constraint is one file, named by its code: what it asks, where that comes from, and the
//! function that looks. [`check`] judges a class plan (R rules), [`check_document`] a whole plan
//! document with persons and names (R and P rules). Costs are recomputed from the plan alone.

pub(crate) mod case;
pub(crate) mod cost;
mod named;
mod p01;
mod p02;
mod p03;
mod p04;
mod p05;
mod p06;
mod p07;
mod p08;
mod p09;
mod p10;
mod p11;
mod p12;
mod p13;
mod p14;
mod p15;
mod p16;
mod p17;
mod p18;
mod r01;
mod r02;
mod r03;
mod r04;
mod r05;
mod r06;
mod r07;
mod r08;
mod r09;
mod r10;
mod r11;
mod r12;
mod r13;
mod r14;
mod r15;
mod r16;
mod r17;
mod r18;
mod r19;
mod r20;
mod r21;
mod r22;
mod r23;
mod r24;
mod r25;
mod r26;
mod r27;
mod r28;
mod r29;
mod r30;
mod r31;
mod r32;
mod r33;
mod r34;
mod r35;
mod r36;

use std::fmt;

use case::Case;
use named::NamedCase;

use crate::persons::Traveller;
use crate::plan::{ClassPlan, Cost, PlanDocument};
use crate::problem::Problem;

/// One constraint on plans.
pub struct Rule {
    pub code: &'static str,
    /// What it asks, in the field's words.
    pub text: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    judge: Judge,
}

#[derive(Clone, Copy)]
enum Judge {
    Class(fn(&Case, &mut Findings)),
    Named(fn(&NamedCase, &mut Findings)),
}

/// One place where a plan breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub code: &'static str,
    pub text: &'static str,
    /// Where in the plan, and what was found there.
    pub place: String,
}

/// What the checker found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Rules broken and not owned up to, by code.
    pub broken: Vec<Broken>,
    /// Wishes about persons that are not met and that the document itself says are not.
    pub stated: Vec<Broken>,
    /// Recomputed, units.
    pub cost: Cost,
    pub left_behind: i64,
    pub moved: i64,
    pub convoys: usize,
    pub sorties: usize,
    /// Last night with a movement.
    pub last_night: Option<usize>,
}

impl Report {
    pub fn is_clean(&self) -> bool {
        self.broken.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for b in &self.broken {
            writeln!(f, "{} {}: {}", b.code, b.place, b.text)?;
        }
        for b in &self.stated {
            writeln!(f, "{} {}: {} (the plan says so)", b.code, b.place, b.text)?;
        }
        let verdict = if self.is_clean() { "valid" } else { "broken" };
        writeln!(
            f,
            "{verdict}: cost {} units, {} moved, {} left behind",
            self.cost.total(),
            self.moved,
            self.left_behind
        )
    }
}

/// Collects what one rule finds.
struct Findings {
    places: Vec<String>,
    stated: Vec<String>,
}

impl Findings {
    fn add(&mut self, place: impl Into<String>) {
        self.places.push(place.into());
    }

    /// Found, and the plan says so itself.
    fn add_stated(&mut self, place: impl Into<String>) {
        self.stated.push(place.into());
    }
}

/// Every rule, by code.
pub fn catalogue() -> &'static [Rule] {
    RULES
}

/// Judges a class plan.
pub fn check(problem: &Problem, plan: &ClassPlan) -> Report {
    let case = Case::new(problem, plan);
    let mut report = facts(&case, plan);
    judge(&mut report, |judge, found| {
        if let Judge::Class(look) = judge {
            look(&case, found);
        }
    });
    report
}

/// Judges a plan document: its class plan, and who and what it names.
pub fn check_document(
    problem: &Problem,
    travellers: &[Traveller],
    document: &PlanDocument,
) -> Report {
    judge_document(problem, travellers, document, None)
}

/// Judges a revision beside the plan it replaces.
pub fn check_revision(
    problem: &Problem,
    travellers: &[Traveller],
    parent: &PlanDocument,
    document: &PlanDocument,
) -> Report {
    judge_document(problem, travellers, document, Some(parent))
}

fn judge_document(
    problem: &Problem,
    travellers: &[Traveller],
    document: &PlanDocument,
    parent: Option<&PlanDocument>,
) -> Report {
    let plan = document.class_plan();
    let case = Case::new(problem, &plan);
    let named = NamedCase::new(problem, travellers, document, parent);
    let mut report = facts(&case, &plan);
    judge(&mut report, |judge, found| match judge {
        Judge::Class(look) => look(&case, found),
        Judge::Named(look) => look(&named, found),
    });
    report
}

fn judge(report: &mut Report, look: impl Fn(Judge, &mut Findings)) {
    for rule in RULES {
        let mut found = Findings { places: Vec::new(), stated: Vec::new() };
        look(rule.judge, &mut found);
        let broken = |place| Broken { code: rule.code, text: rule.text, place };
        report.broken.extend(found.places.into_iter().map(broken));
        report.stated.extend(found.stated.into_iter().map(broken));
    }
}

fn facts(case: &Case, plan: &ClassPlan) -> Report {
    let nights = case.convoys.iter().map(|c| c.night).chain(case.sorties.iter().map(|s| s.night));
    Report {
        broken: Vec::new(),
        stated: Vec::new(),
        cost: cost::recompute(case),
        left_behind: case.remaining().iter().sum(),
        moved: case.gone.iter().sum(),
        convoys: plan.convoys.len(),
        sorties: plan.sorties.len(),
        last_night: nights.max(),
    }
}

const RULES: &[Rule] = &[
    r01::RULE,
    r02::RULE,
    r03::RULE,
    r04::RULE,
    r05::RULE,
    r06::RULE,
    r07::RULE,
    r08::RULE,
    r09::RULE,
    r10::RULE,
    r11::RULE,
    r12::RULE,
    r13::RULE,
    r14::RULE,
    r15::RULE,
    r16::RULE,
    r17::RULE,
    r18::RULE,
    r19::RULE,
    r20::RULE,
    r21::RULE,
    r22::RULE,
    r23::RULE,
    r24::RULE,
    r25::RULE,
    r26::RULE,
    r27::RULE,
    r28::RULE,
    r29::RULE,
    r30::RULE,
    r31::RULE,
    r32::RULE,
    r33::RULE,
    r34::RULE,
    r35::RULE,
    r36::RULE,
    p01::RULE,
    p02::RULE,
    p03::RULE,
    p04::RULE,
    p05::RULE,
    p06::RULE,
    p07::RULE,
    p08::RULE,
    p09::RULE,
    p10::RULE,
    p11::RULE,
    p12::RULE,
    p13::RULE,
    p14::RULE,
    p15::RULE,
    p16::RULE,
    p17::RULE,
    p18::RULE,
];
