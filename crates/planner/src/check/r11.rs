//! R11

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R11",
    text: "everyone in one vehicle has the same need and separation group",
    source: "PROBLEM.md section 2: one need and one separation group",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    let p = case.problem;
    for v in case.convoys.iter().flat_map(|c| &c.vehicles).filter(|v| v.kind.is_some()) {
        let key = |k: usize| (p.classes[k].need, p.classes[k].separation);
        let Some(&(first, _)) = v.aboard.first() else { continue };
        if let Some((other, _)) = v.aboard.iter().find(|(k, _)| key(*k) != key(first)) {
            let (a, b) = (&p.classes[first].id, &p.classes[*other].id);
            found.add(format!("{}: {a} with {b}", v.place));
        }
    }
}
