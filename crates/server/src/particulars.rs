//! What figures and relations need of the register: counted, and shown to nobody.

use domain::{PersonId, Section};
use ledger::Nationalities;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use store::{Node, RegisterError};

/// Everybody's nationalities as the register last had them, so that it is not opened for each request
/// of a consulate. Good as long as the register has not changed; an erasure is a change.
#[derive(Default)]
pub struct NationalitiesKept(Mutex<Option<(u64, Arc<Known>)>>);

/// Everybody's nationalities, at one state of the register.
pub struct Known {
    pub of: BTreeMap<PersonId, Nationalities>,
    /// People by the best nationality known: verified, else documented, else claimed.
    nationals: BTreeMap<String, Arc<BTreeSet<PersonId>>>,
}

impl Known {
    fn of(known: BTreeMap<PersonId, Nationalities>) -> Self {
        let mut nationals: BTreeMap<String, BTreeSet<PersonId>> = BTreeMap::new();
        for (person, n) in &known {
            let best = n.verified.as_ref().or(n.documented.as_ref()).or(n.claimed.as_ref());
            if let Some(country) = best {
                nationals.entry(country.clone()).or_default().insert(*person);
            }
        }
        let nationals = nationals.into_iter().map(|(code, people)| (code, Arc::new(people)));
        Self { of: known, nationals: nationals.collect() }
    }

    /// People of a state.
    pub fn nationals(&self, country: &str) -> Arc<BTreeSet<PersonId>> {
        self.nationals.get(country).cloned().unwrap_or_default()
    }
}

impl NationalitiesKept {
    /// As the register is now, whoever changed it. Blocking.
    pub fn now(&self, node: &Node) -> Result<Arc<Known>, RegisterError> {
        // Read before the register is: what changes meanwhile makes this out of date, never stale.
        let changes = node.particulars_changes()?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = kept.as_ref().filter(|(of, _)| *of == changes) {
            return Ok(known.clone());
        }
        // What was destroyed goes even if the rest cannot be read now.
        *kept = None;
        let known = Arc::new(Known::of(nationalities(node)?));
        *kept = Some((changes, known.clone()));
        Ok(known)
    }

    /// Forgets what the register no longer says, before anybody asks.
    pub fn keep_up(&self, node: &Node) -> Result<(), RegisterError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, _)) = &*kept
            && *of != node.particulars_changes()?
        {
            *kept = None;
        }
        Ok(())
    }
}

/// Everybody's nationalities, for figures: nobody is shown anything about anyone.
pub fn nationalities(
    node: &store::Node,
) -> Result<BTreeMap<PersonId, Nationalities>, RegisterError> {
    let mut known = BTreeMap::new();
    node.count_particulars(Section::Identity, &mut |person, bytes| {
        known.extend(nationalities_in(bytes).map(|of| (person, of)));
    })?;
    Ok(known)
}

/// What a section of identity says; `None` when it is not one.
pub fn nationalities_in(identity: &[u8]) -> Option<Nationalities> {
    let read: register::Identity = serde_json::from_slice(identity).ok()?;
    Some(Nationalities {
        claimed: Some(read.nationality_claimed),
        documented: read.nationality_documented,
        verified: read.nationality_verified,
    })
}
