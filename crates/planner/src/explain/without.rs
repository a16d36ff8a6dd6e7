//! A plan with one person taken out again, bed and all.

use crate::plan::{ClassPlan, Load};
use crate::problem::Problem;

/// `plan` without one person of `class` who leaves on `night`. A vehicle left empty stays at its
/// depot, a convoy without vehicles and an empty flight do not go.
pub(super) fn without_one(
    problem: &Problem,
    plan: &ClassPlan,
    class: usize,
    night: usize,
) -> Option<ClassPlan> {
    let id = problem.classes[class].id.as_str();
    let mut out = plan.clone();
    let route =
        take_from_road(&mut out, id, night).or_else(|| take_from_air(&mut out, id, night))?;
    let dest = problem.routes.iter().find(|r| r.id == route)?.dest;
    let there = |wing: &str| problem.wings.iter().any(|w| w.id == wing && w.facility == dest);
    let bed = out.housing.iter_mut().find(|h| h.class == id && there(&h.wing))?;
    bed.count -= 1;
    out.housing.retain(|h| h.count > 0);
    Some(out)
}

fn take_from_road(plan: &mut ClassPlan, class: &str, night: usize) -> Option<String> {
    for (n, convoy) in plan.convoys.iter_mut().enumerate() {
        if convoy.night != night as i64 {
            continue;
        }
        // The emptiest vehicle first: that one may stay at home.
        let aboard = |v: &Load| v.values().sum::<i64>();
        let vehicle = (convoy.vehicles.iter().enumerate())
            .filter(|(_, v)| v.load.contains_key(class))
            .min_by_key(|(_, v)| aboard(&v.load))
            .map(|(at, _)| at);
        let Some(at) = vehicle else { continue };
        take(&mut convoy.vehicles[at].load, class);
        convoy.vehicles.retain(|v| !v.load.is_empty());
        let route = convoy.route.clone();
        if convoy.vehicles.is_empty() {
            plan.convoys.remove(n);
        }
        return Some(route);
    }
    None
}

fn take_from_air(plan: &mut ClassPlan, class: &str, night: usize) -> Option<String> {
    let here = |s: &crate::plan::Sortie| s.night == night as i64 && s.load.contains_key(class);
    let at = plan.sorties.iter().position(here)?;
    take(&mut plan.sorties[at].load, class);
    let route = plan.sorties[at].route.clone();
    plan.sorties.retain(|s| !s.load.is_empty());
    Some(route)
}

fn take(load: &mut Load, class: &str) {
    if let Some(n) = load.get_mut(class) {
        *n -= 1;
    }
    load.retain(|_, n| *n > 0);
}
