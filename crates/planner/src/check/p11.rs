//! P11

use super::named::NamedCase;
use super::{Findings, Judge, Rule};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    code: "P11",
    text: "every movement has its escort teams by name, of its own depot, none of them away",
    source: "DESIGN.md section 5: persons to manifests and seats",
    judge: Judge::Named(judge),
};

fn judge(case: &NamedCase, found: &mut Findings) {
    let p = case.problem;
    let mut back: BTreeMap<String, usize> = BTreeMap::new();
    for m in &case.document.movements {
        let Some(route) = p.routes.iter().find(|r| r.id == m.route) else { continue };
        let depot = &p.depots[p.origins[route.origin].depot];
        let place = format!("night {} movement {}", m.night, m.number);
        if m.teams.len() as i64 != route.teams {
            found.add(format!("{place}: {} teams, {} needed", m.teams.len(), route.teams));
        }
        let own: Vec<String> = (1..=depot.teams).map(|n| case.team_name(&depot.id, n)).collect();
        for team in &m.teams {
            let free = back.get(team).is_none_or(|&night| night <= m.night);
            if !free || !own.contains(team) {
                found.add(format!("{place}: {team} cannot go"));
            }
            back.insert(team.clone(), m.night + route.team_cycle);
        }
    }
}
