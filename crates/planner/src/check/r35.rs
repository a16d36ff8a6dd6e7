//! R35

use super::case::Case;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "R35",
    text: "no depot owns more vehicles than it can park securely",
    source: "PROBLEM.md section 2: parking",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    let p = case.problem;
    for (d, depot) in p.depots.iter().enumerate() {
        for (v, kind) in p.vehicle_types.iter().enumerate() {
            let (mut owned, most) = (depot.fleet[v], depot.park[v]);
            for night in 0..p.nights {
                owned += case.owned[d][v][night];
                if owned > most {
                    found.add(format!(
                        "{} night {night}: {owned} {}, room for {most}",
                        depot.id, kind.id
                    ));
                    break;
                }
            }
        }
    }
}
