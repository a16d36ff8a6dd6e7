//! P10

use super::named::NamedCase;
use super::{Findings, Judge, Rule};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    code: "P10",
    text: "every named vehicle is of its type, at its depot, and used once while it is away",
    source: "DESIGN.md section 5: persons to manifests and seats",
    judge: Judge::Named(judge),
};

fn judge(case: &NamedCase, found: &mut Findings) {
    let p = case.problem;
    // Where each vehicle is from which night on; all start at the depot in their name.
    let mut at: BTreeMap<String, (usize, usize, usize)> = BTreeMap::new();
    for (d, depot) in p.depots.iter().enumerate() {
        for (v, kind) in p.vehicle_types.iter().enumerate() {
            for n in 1..=depot.fleet[v] {
                at.insert(case.vehicle_name(&depot.id, &kind.id, n), (d, v, 0));
            }
        }
    }
    for (night, uses) in case.vehicle_uses().into_iter().enumerate() {
        for u in uses {
            let spot = at.get_mut(u.vehicle);
            match spot {
                Some(spot) if spot.0 == u.depot && spot.1 == u.kind && spot.2 <= night => {
                    *spot = (u.to, u.kind, u.back);
                }
                _ => found.add(format!("night {night}: {} is not at the depot", u.vehicle)),
            }
        }
    }
}
