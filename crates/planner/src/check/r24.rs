//! R24

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R24",
    text: "no more sorties are flown in a night than there are",
    source: "PROBLEM.md section 2: sorties",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for (night, (n, most)) in case.flown.iter().zip(&case.problem.air.sorties).enumerate() {
        if n > most {
            found.add(format!("night {night}: {n} sorties, {most} available"));
        }
    }
}
