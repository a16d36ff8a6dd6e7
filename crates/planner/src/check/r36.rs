//! R36

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R36",
    text: "nobody boards before the gates are decided: by each night no class moves more than are ready",
    source: "ready, our addition to muster-v1; RECORD.md, no one boards without passing the gates",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    for (k, c) in case.problem.classes.iter().enumerate() {
        let mut gone = 0;
        for (night, left) in case.left_by.iter().enumerate() {
            gone += left[k];
            if gone > c.ready[night] && gone <= c.count {
                let ready = c.ready[night];
                found.add(format!(
                    "class {} night {night}: {gone} moved by then, {ready} ready",
                    c.id
                ));
                break;
            }
        }
    }
}
