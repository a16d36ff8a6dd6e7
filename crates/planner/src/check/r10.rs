//! R10

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R10",
    text: "a vehicle suits the need of everyone aboard",
    source: "PROBLEM.md section 2: suitability of each vehicle; Nelson Mandela Rules, rule 73 (transport without hardship)",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    let p = case.problem;
    for v in case.convoys.iter().flat_map(|c| &c.vehicles) {
        let Some(kind) = v.kind else { continue };
        for &(k, _) in &v.aboard {
            if !p.vehicle_types[kind].needs.contains(&p.classes[k].need) {
                found.add(format!("{}: {} for class {}", v.place, v.type_id, p.classes[k].id));
            }
        }
    }
}
