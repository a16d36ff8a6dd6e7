//! What figures and relations need of the register: counted, and shown to nobody.

use crate::api::Problem;
use crate::app::App;
use domain::{PersonId, Section};
use ledger::Nationalities;
use std::collections::{BTreeMap, BTreeSet};
use store::RegisterError;

/// People of a state, by the best nationality known: verified, else documented, else claimed.
pub fn nationals(app: &App, country: &str) -> Result<BTreeSet<PersonId>, Problem> {
    fn best(n: &Nationalities) -> Option<&String> {
        n.verified.as_ref().or(n.documented.as_ref()).or(n.claimed.as_ref())
    }
    let known = nationalities(&app.node)?.into_iter();
    let theirs = known.filter(|(_, n)| best(n).is_some_and(|code| code == country));
    Ok(theirs.map(|(person, _)| person).collect())
}

/// Everybody's nationalities, for figures: nobody is shown anything about anyone.
pub fn nationalities(
    node: &store::Node,
) -> Result<BTreeMap<PersonId, Nationalities>, RegisterError> {
    let mut known = BTreeMap::new();
    node.count_particulars(Section::Identity, &mut |person, bytes| {
        let Ok(read) = serde_json::from_slice::<register::Identity>(bytes) else { return };
        let of = Nationalities {
            claimed: Some(read.nationality_claimed),
            documented: read.nationality_documented,
            verified: read.nationality_verified,
        };
        known.insert(person, of);
    })?;
    Ok(known)
}
