//! R09

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R09",
    text: "no vehicle carries more people than it has places",
    source: "PROBLEM.md section 2: load of each vehicle; Nelson Mandela Rules, rule 73 (transport without hardship)",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for v in case.convoys.iter().flat_map(|c| &c.vehicles) {
        let Some(kind) = v.kind else { continue };
        let (people, places) =
            (v.load.values().sum::<i64>(), case.problem.vehicle_types[kind].places);
        if people > places {
            found.add(format!("{}: {people} people, {places} places", v.place));
        }
    }
}
