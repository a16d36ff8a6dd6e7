//! R23

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R23",
    text: "the convoys under one orbit fit its window",
    source: "PROBLEM.md section 2: the orbit's window not overrun",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for (night, used) in case.orbits.iter().enumerate() {
        let slots = case.problem.cover[night].slots;
        for (orbit, n) in used.iter().filter(|(_, n)| **n > slots) {
            found.add(format!("night {night} orbit {orbit}: {n} half hours, window {slots}"));
        }
    }
}
