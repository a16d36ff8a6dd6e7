//! One decision, asked of Cedar.

use crate::ask::{Ask, Asker};
use crate::policies::Policies;
use cedar_policy::{
    Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, Request, RestrictedExpression,
};
use domain::{PolicyId, Relation};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::str::FromStr;

/// Allowed or refused, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub allowed: bool,
    /// Those that let it; or, when refused, those that forbid it. None when nothing lets it.
    pub policies: Vec<PolicyId>,
}

impl Decision {
    const REFUSED: Decision = Decision { allowed: false, policies: Vec::new() };
}

/// Asks Cedar. Whatever cannot be asked or fails while being decided is refused: Cedar leaves a policy
/// that fails out, and one left out could have forbidden it.
pub(crate) fn decide(policies: &Policies, asker: &Asker, ask: &Ask) -> Decision {
    let Some((request, entities)) = question(policies, asker, ask) else {
        return Decision::REFUSED;
    };
    let answer = policies.authorizer.is_authorized(&request, &policies.set, &entities);
    if answer.diagnostics().errors().next().is_some() {
        return Decision::REFUSED;
    }
    let reason = answer.diagnostics().reason();
    let mut policies: Vec<PolicyId> =
        reason.filter_map(|id| PolicyId::new(id.as_ref()).ok()).collect();
    policies.sort();
    let allowed = answer.decision() == cedar_policy::Decision::Allow && !policies.is_empty();
    Decision { allowed, policies }
}

fn question(policies: &Policies, asker: &Asker, ask: &Ask) -> Option<(Request, Entities)> {
    let (kind, word) = ask.resource();
    let officer = uid("Officer", &format!("{}/{}", asker.authority, asker.officer.number))?;
    let context = Context::from_pairs(context(ask)?).ok()?;
    let action = uid("Action", ask.action())?;
    let schema = Some(&policies.schema);
    let request = Request::new(officer.clone(), action, uid(kind, word)?, context, schema).ok()?;
    let attributes = HashMap::from([
        ("part".to_owned(), entity("Part", asker.part.code())?),
        ("role".to_owned(), entity("Role", asker.officer.role.code())?),
    ]);
    let officer = Entity::new(officer, attributes, HashSet::new()).ok()?;
    // The officer is made here and nowhere else; the request is checked against the schema.
    Some((request, Entities::from_entities([officer], None).ok()?))
}

fn context(ask: &Ask) -> Option<Vec<(String, RestrictedExpression)>> {
    let told = |relations: &BTreeSet<Relation>| {
        let words: Option<Vec<_>> =
            relations.iter().map(|r| entity("Relation", r.code())).collect();
        Some(("relations".to_owned(), RestrictedExpression::new_set(words?)))
    };
    Some(match ask {
        Ask::See(_) | Ask::Export(_) | Ask::Do(_) => Vec::new(),
        Ask::Person { relations } | Ask::Looks { relations, .. } => vec![told(relations)?],
        Ask::Write { relations, purpose, .. } => {
            vec![told(relations)?, ("purpose".to_owned(), entity("Purpose", purpose.code())?)]
        }
        Ask::Read { relations, purpose, glass, .. } => vec![
            told(relations)?,
            ("purpose".to_owned(), entity("Purpose", purpose.code())?),
            ("glass".to_owned(), RestrictedExpression::new_bool(*glass)),
        ],
    })
}

fn entity(kind: &str, word: &str) -> Option<RestrictedExpression> {
    Some(RestrictedExpression::new_entity_uid(uid(kind, word)?))
}

fn uid(kind: &str, word: &str) -> Option<EntityUid> {
    let kind = EntityTypeName::from_str(kind).ok()?;
    Some(EntityUid::from_type_name_and_id(kind, EntityId::new(word)))
}
