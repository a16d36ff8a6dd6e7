//! Sections coming into the register.

use super::keeper::drawn;
use super::rows::{self, KeyRow, SectionRow};
use super::{Particulars, RegisterError};
use crate::backend::Turn;
use crate::node::Node;
use domain::{Commitment, Event, OperationId, PersonId, Section};
use jiff::Timestamp;
use register::{Fresh, Keyring, Label, PersonKey};
use std::collections::{BTreeMap, BTreeSet};

/// Sections that one fact commits to: what fits into an entry twice over.
const FACT_SECTIONS: usize = 500;

impl Node {
    /// Keeps sections, sealed, each as the newest version of its kind, and says so in the record: all
    /// or nothing. What is kept already, by its commitment, is left as it is.
    pub fn keep_particulars(
        &self,
        sections: &[Particulars],
        at: Timestamp,
    ) -> Result<(), RegisterError> {
        sections.iter().try_for_each(in_canonical_form)?;
        self.commit_own(at, |turn, own| {
            let kept = self.seal(turn, sections)?;
            if kept.is_empty() {
                return Ok(());
            }
            let events = facts(kept);
            self.keeper.say(turn, own, self.operation(), self.origin(), events)
        })?;
        Ok(())
    }

    /// Seals sections into their tables. Gives what is new, in order.
    pub(super) fn seal(
        &self,
        turn: &dyn Turn,
        sections: &[Particulars],
    ) -> Result<Vec<(PersonId, Section, Commitment)>, RegisterError> {
        let keyring = self.keeper.sealing(turn)?;
        let mut about: BTreeMap<PersonId, Vec<&Particulars>> = BTreeMap::new();
        for section in sections {
            about.entry(section.person).or_default().push(section);
        }
        let mut kept = Vec::with_capacity(sections.len());
        for (person, sections) in about {
            let mut there: BTreeMap<Section, Vec<Commitment>> = BTreeMap::new();
            for row in rows::sections_about(turn, person)? {
                there.entry(row.section).or_default().push(row.commitment);
            }
            let key = person_key(turn, &keyring, self.operation(), person)?;
            for new in sections {
                let commitment = new.commitment();
                let versions = there.entry(new.section).or_default();
                if versions.contains(&commitment) {
                    continue;
                }
                // Of a section that was destroyed the number may come again: the box is another, its
                // label holds the commitment.
                let version = versions.len() as u32 + 1;
                let (operation, section) = (self.operation(), new.section);
                let label = Label { operation, person, section, version, commitment };
                let fresh = Fresh(drawn()?);
                let sealed = register::seal(&key, &label, &new.salt, &new.plaintext, &fresh);
                let row = SectionRow { person, section, version, commitment, sealed };
                rows::insert_section(turn, &row)?;
                versions.push(commitment);
                kept.push((person, section, commitment));
            }
        }
        if !kept.is_empty() {
            rows::count_change(turn)?;
        }
        Ok(kept)
    }
}

pub(super) fn in_canonical_form(kept: &Particulars) -> Result<(), RegisterError> {
    match register::is_canonical(&kept.plaintext) {
        true => Ok(()),
        false => Err(RegisterError::NotCanonical(kept.person, kept.section)),
    }
}

/// The person's key: the one there is, or a new one.
fn person_key(
    turn: &dyn Turn,
    keyring: &Keyring,
    operation: &OperationId,
    person: PersonId,
) -> Result<PersonKey, RegisterError> {
    if let Some(row) = rows::key(turn, person)? {
        return unwrapped(keyring, operation, &row);
    }
    let (key, wrapped) = keyring.newest().new_person(operation, person, &Fresh(drawn()?));
    let register_key = keyring.newest().id().as_str().to_owned();
    rows::insert_key(turn, &KeyRow { person, register_key, wrapped })?;
    Ok(key)
}

/// A person's key, with whichever register key wraps it.
pub(super) fn unwrapped(
    keyring: &Keyring,
    operation: &OperationId,
    row: &KeyRow,
) -> Result<PersonKey, RegisterError> {
    let by = keyring.named(&row.register_key);
    let by = by.ok_or_else(|| RegisterError::UnknownKey(row.register_key.clone()))?;
    let person = row.person;
    by.unwrap(operation, person, &row.wrapped)
        .map_err(|source| RegisterError::PersonKey { person, source })
}

/// As few facts as can hold them; of one person's section only one version in each.
pub(super) fn facts(kept: Vec<(PersonId, Section, Commitment)>) -> Vec<Event> {
    let mut events = Vec::new();
    let (mut fact, mut named) = (Vec::new(), BTreeSet::new());
    for (person, section, commitment) in kept {
        if fact.len() == FACT_SECTIONS || !named.insert((person, section)) {
            let kept = std::mem::take(&mut fact);
            events.push(Event::ParticularsKept { kept, written: None });
            named = BTreeSet::from([(person, section)]);
        }
        fact.push((person, section, commitment));
    }
    events.push(Event::ParticularsKept { kept: fact, written: None });
    events
}
