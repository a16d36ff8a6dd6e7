//! R30

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R30",
    text: "a wing is rated for the security level of everyone in it",
    source: "PROBLEM.md section 2: rating of the wing",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    let p = case.problem;
    for h in &case.plan.housing {
        let (Some(k), Some(w)) = (case.class(&h.class), case.wing(&h.wing)) else { continue };
        let (class, wing) = (&p.classes[k], &p.wings[w]);
        if h.count > 0 && wing.rating < class.security {
            found.add(format!("class {} in wing {}", class.id, wing.id));
        }
    }
}
