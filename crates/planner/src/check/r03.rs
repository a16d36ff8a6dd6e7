//! R03

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R03",
    text: "people board where they are held",
    source: "PROBLEM.md section 1: a class has one origin",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    let p = case.problem;
    for (place, route, load) in case.loads() {
        for k in load.keys().filter_map(|k| case.class(k)) {
            if p.classes[k].origin != p.routes[route].origin {
                found.add(format!("{place}: class {} is not held there", p.classes[k].id));
            }
        }
    }
}
