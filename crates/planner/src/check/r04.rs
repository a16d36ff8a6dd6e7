//! R04

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R04",
    text: "a facility receives only nationality groups it accepts",
    source: "PROBLEM.md section 2: eligibility of facility",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    let p = case.problem;
    for (place, route, load) in case.loads() {
        let facility = &p.facilities[p.routes[route].dest];
        for k in load.keys().filter_map(|k| case.class(k)) {
            if !facility.accepts.contains(&p.classes[k].nationality) {
                found.add(format!("{place}: {} does not accept {}", facility.id, p.classes[k].id));
            }
        }
    }
}
