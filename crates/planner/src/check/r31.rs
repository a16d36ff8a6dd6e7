//! R31

use super::case::Case;
use super::{Findings, Judge, Rule};
use crate::problem::Health;
pub(super) const RULE: Rule = Rule {
    code: "R31",
    text: "people with a medical need live in a wing with care",
    source: "PROBLEM.md section 2: medical; Nelson Mandela Rules, rule 27 (access to care)",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    let p = case.problem;
    for h in &case.plan.housing {
        let (Some(k), Some(w)) = (case.class(&h.class), case.wing(&h.wing)) else { continue };
        let (class, wing) = (&p.classes[k], &p.wings[w]);
        if h.count > 0 && !wing.medical && class.health != Health::Fit {
            found.add(format!("class {} in wing {}", class.id, wing.id));
        }
    }
}
