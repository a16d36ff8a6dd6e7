//! R13

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R13",
    text: "every convoy rides under an orbit that is flown that night",
    source: "PROBLEM.md section 2: an orbit for each convoy",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for c in &case.convoys {
        let orbits = case.problem.cover[c.night].orbits;
        if !(0..orbits).contains(&c.orbit) {
            found.add(format!("{}: orbit {}, the night has {orbits}", c.place, c.orbit));
        }
    }
}
