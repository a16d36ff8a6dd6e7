//! A class plan that can be carried out by persons: seat, and where that fails, cut and solve again.

use std::collections::BTreeSet;

use super::cut::Cuts;
use super::pain::pains;
use super::{Before, Effort, Seating, SeatingError, Traveller, reason, risk, settled_hall, unseat};
use crate::check::check;
use crate::plan::ClassPlan;
use crate::problem::Problem;
use crate::solve::{Base, Flow, Options, Progress, solve};

/// Rounds of cutting and solving again.
const ROUNDS: usize = 6;

/// Everyone seated by every rule, or staying with a reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Realised {
    pub seating: Seating,
    /// Cuts that the plan was solved again under, in words.
    pub cuts: Vec<String>,
    /// People who stay although the class plan had a place for them, because a rule would break.
    pub unseated: usize,
}

/// Seats everyone `plan` moves. What exchanges cannot meet is cut from the class-level problem, and
/// that is solved again from `plan` on (`again` says how long); whoever even that has no place for
/// stays, named with the rule. No rule is dropped. Of all plans met the cheapest is taken.
///
/// Seats in `before` are positions in `again.done`'s plan: its movements come first.
///
/// # Errors
/// As [`super::seat`]; and when `again.done` does not fit.
pub fn realise(
    problem: &Problem,
    plan: &ClassPlan,
    travellers: &[Traveller],
    before: &Before,
    effort: &Effort,
    again: &Options,
) -> Result<Realised, SeatingError> {
    let mut cuts = Cuts::none(problem);
    let mut best: Option<(i64, Realised)> = None;
    let mut plan = after_done(again, plan.clone());
    let (mut round, mut groups) = (0, 0);
    loop {
        let cut = cuts.apply(problem, travellers);
        let (told, why) = (cuts.told(problem), cuts.clone());
        if round > 0 {
            let near = again.base.as_ref();
            let (churn_price, churn_halves_every) =
                near.map_or((0, 0), |base| (base.churn_price, base.churn_halves_every));
            // A group that is new has no wing in the plan so far: a first plan starts afresh.
            let afresh = again.base.is_none() && cuts.groups() > groups;
            groups = cuts.groups();
            let base =
                (!afresh).then(|| Base { plan: plan.clone(), churn_price, churn_halves_every });
            let options = Options { base, ..again.clone() };
            let solved = solve(&cut.problem, &options, &mut |_: &Progress| Flow::Continue)?;
            plan = after_done(again, solved.plan);
        }
        let (mut hall, exchanges) =
            settled_hall(&cut.problem, &plan, &cut.travellers, before, effort)?;
        let broken = pains(&hall);
        // One cut for a pair at a time: with a bed elsewhere they may be apart already.
        let mut helped: BTreeSet<&[usize]> = BTreeSet::new();
        for pain in &broken {
            if !helped.contains(&pain.people[..]) && cuts.add(&hall, pain) {
                helped.insert(&pain.people);
            }
        }
        let more = !helped.is_empty();
        let stay = unseat::unseat(&mut hall);
        let mut unplaced = reason::unplaced(&cut.problem, &plan, &hall);
        for u in &mut unplaced {
            match stay.iter().find(|s| s.person == u.person) {
                Some(why) => u.reason.clone_from(&why.reason),
                None => {
                    let reason = cut.mend_words(&u.reason);
                    let because = why.why(&u.person);
                    u.reason = because.map_or(reason.clone(), |b| format!("{b}: {reason}"));
                }
            }
        }
        let gathered = risk::gathered(&hall).iter().map(|pain| pain.unmet(&hall)).collect();
        let mut seating = hall.into_seating(&plan, unplaced, gathered, exchanges);
        unseat::drop_empty(&mut seating);
        cut.mend(&mut seating.plan);
        let report = check(problem, &seating.plan);
        if let Some(b) = report.broken.into_iter().next() {
            return Err(SeatingError::Plan { code: b.code, place: b.place });
        }
        let realised = Realised { seating, cuts: told, unseated: stay.len() };
        let cost = report.cost.total();
        let done = broken.is_empty() || !more || round == ROUNDS;
        best = match best {
            Some((least, cheaper)) if least <= cost => Some((least, cheaper)),
            _ => Some((cost, realised)),
        };
        if done && let Some((_, realised)) = best.take() {
            return Ok(realised);
        }
        round += 1;
    }
}

/// The plan with the movements carried out first, in the order in which they were told.
fn after_done(again: &Options, plan: ClassPlan) -> ClassPlan {
    let Some(done) = &again.done else { return plan };
    let later = |night: i64| night >= done.nights as i64;
    let mut whole = ClassPlan { housing: plan.housing, ..ClassPlan::default() };
    whole.convoys = done.plan.convoys.iter().filter(|c| !later(c.night)).cloned().collect();
    whole.convoys.extend(plan.convoys.into_iter().filter(|c| later(c.night)));
    whole.sorties = done.plan.sorties.iter().filter(|s| !later(s.night)).cloned().collect();
    whole.sorties.extend(plan.sorties.into_iter().filter(|s| later(s.night)));
    whole.repositions = plan.repositions;
    whole
}
