//! The cost of a plan, from the plan alone (PROBLEM.md, section 3).

use super::case::Case;
use crate::plan::Cost;

pub(crate) fn recompute(case: &Case) -> Cost {
    let p = case.problem;
    let mut cost = Cost::default();
    for c in &case.convoys {
        let r = &p.routes[c.route];
        cost.teams += p.team_cost * r.teams;
        for v in &c.vehicles {
            let Some(kind) = v.kind else { continue };
            cost.vehicles += p.vehicle_types[kind].cost;
            cost.road += v.aboard.iter().map(|(_, n)| n * r.road_cost[c.night]).sum::<i64>();
        }
    }
    for s in &case.sorties {
        let r = &p.routes[s.route];
        cost.teams += p.team_cost * r.teams;
        cost.air += p.air.cost;
        cost.road += s.aboard.iter().map(|(_, n)| n * r.road_cost[s.night]).sum::<i64>();
    }
    cost.orbits = case.orbits.iter().map(|used| p.orbit_cost * used.len() as i64).sum();
    for r in &case.plan.repositions {
        if case.known_reposition(r).is_some() {
            cost.repositions += p.reposition_cost * r.count;
        }
    }
    let mut waiting: Vec<i64> = p.classes.iter().map(|c| c.count).collect();
    for (night, left) in case.left_by.iter().enumerate() {
        let mut at = vec![0; p.origins.len()];
        for (k, c) in p.classes.iter().enumerate() {
            waiting[k] -= left[k];
            let n = waiting[k].max(0);
            at[c.origin] += n;
            cost.waiting += n * p.wait(k, night);
        }
        for (o, origin) in p.origins.iter().enumerate() {
            cost.over += origin.over_cost * (at[o] - origin.safe).max(0);
        }
    }
    cost.left = waiting.iter().enumerate().map(|(k, n)| n.max(&0) * p.left(k)).sum();
    cost
}
