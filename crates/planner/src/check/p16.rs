//! P16

use std::collections::BTreeMap;

use crate::plan::{MovementKind, PlanVehicle, UnmetKind};

use super::named::NamedCase;
use super::{Findings, Judge, Rule};

pub(super) const RULE: Rule = Rule {
    code: "P16",
    text: "no vehicle has more than half again its share of its group's highest risk in the movement",
    source: "PROBLEM.md section 4: the highest risk spread",
    judge: Judge::Named(judge),
};

fn judge(case: &NamedCase, found: &mut Findings) {
    let most = case.travellers.values().map(|t| t.risk).max().unwrap_or(0);
    if most == 0 {
        return;
    }
    let risk = |v: &PlanVehicle| -> Vec<String> {
        let high = |p: &&String| case.travellers.get(p.as_str()).is_some_and(|t| t.risk == most);
        v.persons.iter().filter(high).cloned().collect()
    };
    for m in case.document.movements.iter().filter(|m| m.kind == MovementKind::Convoy) {
        if case.gone_by(m.night) {
            continue;
        }
        let mut groups: BTreeMap<_, Vec<&PlanVehicle>> = BTreeMap::new();
        for v in &m.vehicles {
            let Some(class) = v.load.keys().next().and_then(|k| case.class(k)) else { continue };
            groups.entry((class.need, class.separation)).or_default().push(v);
        }
        for vehicles in groups.values() {
            let people: usize = vehicles.iter().map(|v| v.persons.len()).sum();
            let risky: usize = vehicles.iter().map(|v| risk(v).len()).sum();
            for v in vehicles {
                let here = risk(v);
                if here.len() > (3 * risky * v.persons.len()).div_ceil((2 * people).max(1)) {
                    let place = format!("night {} movement {} {}", m.night, m.number, v.id);
                    let named: Vec<&str> = here.iter().map(String::as_str).collect();
                    case.report(found, UnmetKind::RiskGathered, &named, &place);
                }
            }
        }
    }
}
