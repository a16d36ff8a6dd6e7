//! R34

use super::case::Case;
use super::{Findings, Judge, Rule};
use std::collections::{BTreeMap, BTreeSet};
pub(super) const RULE: Rule = Rule {
    code: "R34",
    text: "everybody who arrives has a bed, and nobody else",
    source: "PROBLEM.md section 2: everybody housed who arrived",
    judge: Judge::Class(judge),
};

fn judge(case: &Case, found: &mut Findings) {
    let keys: BTreeSet<_> = case.came.keys().chain(case.housed.keys()).collect();
    for key in keys {
        let count = |of: &BTreeMap<(usize, usize), i64>| of.get(key).copied().unwrap_or(0);
        let (came, housed) = (count(&case.came), count(&case.housed));
        if came != housed {
            let (d, k) = (&case.problem.facilities[key.0].id, &case.problem.classes[key.1].id);
            found.add(format!("class {k} in {d}: {came} arrived, {housed} housed"));
        }
    }
}
