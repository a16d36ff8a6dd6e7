//! R15

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R15",
    text: "an aircraft carries somebody, and no more people than it has places",
    source: "PROBLEM.md section 2: sorties",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for s in &case.sorties {
        let people: i64 = s.load.values().sum();
        if s.load.is_empty() || people > case.problem.air.places {
            found.add(format!("{}: {people} people, {} places", s.place, case.problem.air.places));
        }
    }
}
