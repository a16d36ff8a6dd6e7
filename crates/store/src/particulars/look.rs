//! Sections shown to somebody: never before the record says so.

use super::RegisterError;
use super::keep::unwrapped;
use super::rows::{self, SectionRow};
use crate::backend::Turn;
use crate::node::Node;
use crate::submit::Receipt;
use domain::{Commitment, Event, Look, PersonId, Section};
use jiff::Timestamp;
use register::{Keyring, Label, PersonKey};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use zeroize::Zeroizing;

/// People that one fact tells of: what fits into an entry many times over.
const FACT_PEOPLE: usize = 1_000;

/// A section in the clear. With salt and plaintext anyone can check the commitment.
#[derive(Clone, PartialEq, Eq)]
pub struct Disclosed {
    pub person: PersonId,
    pub section: Section,
    /// From 1.
    pub version: u32,
    pub commitment: Commitment,
    pub salt: [u8; 32],
    /// In canonical form; overwritten in memory when it goes.
    pub plaintext: Zeroizing<Vec<u8>>,
}

/// What was shown, and the facts that say so: one for so many people as one fact tells of.
#[derive(Debug)]
pub struct Shown {
    pub sections: Vec<Disclosed>,
    /// Empty when there was nothing to show, so that nobody looked.
    pub looks: Vec<Receipt>,
}

impl std::ops::Deref for Shown {
    type Target = [Disclosed];

    fn deref(&self) -> &[Disclosed] {
        &self.sections
    }
}

impl fmt::Debug for Disclosed {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {} of {} (***)", self.section, self.version, self.person)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Versions {
    Newest,
    All,
}

impl Node {
    /// The newest version of each section of `look` about these people, as far as there is one, in
    /// order of person.
    ///
    /// That somebody looks is durable in the record before this returns; when it cannot be, nothing
    /// is shown. Where there is nothing to show, nobody looked. Who may look is the caller's to judge.
    pub fn open_particulars(
        &self,
        people: &[PersonId],
        look: &Look,
        at: Timestamp,
    ) -> Result<Shown, RegisterError> {
        self.show_to(people, look, Versions::Newest, at)
    }

    /// As [`Node::open_particulars`], with every version: to hand over to a court.
    pub fn disclose_particulars(
        &self,
        people: &[PersonId],
        look: &Look,
        at: Timestamp,
    ) -> Result<Shown, RegisterError> {
        self.show_to(people, look, Versions::All, at)
    }

    fn show_to(
        &self,
        people: &[PersonId],
        look: &Look,
        versions: Versions,
        at: Timestamp,
    ) -> Result<Shown, RegisterError> {
        if look.policies.is_empty() && look.break_glass.is_none() {
            return Err(RegisterError::Unjustified);
        }
        let people: BTreeSet<_> = people.iter().copied().collect();
        let mut opened = Vec::new();
        let looks = self.commit_own(at, |turn, own| {
            let keyring = self.keeper.keyring()?;
            for person in people {
                let mut found = rows::sections_about(turn, person)?;
                found.retain(|row| look.sections.contains(&row.section));
                if versions == Versions::Newest {
                    found = newest(found);
                }
                opened.extend(self.open_rows(turn, &keyring, person, found)?);
            }
            if opened.is_empty() {
                return Ok(());
            }
            let seen: BTreeSet<_> = opened.iter().map(|o: &Disclosed| o.person).collect();
            let sections: BTreeSet<_> = opened.iter().map(|o| o.section).collect();
            let look = Look { sections: sections.into_iter().collect(), ..look.clone() };
            let seen: Vec<_> = seen.into_iter().collect();
            let looked = |people: &[PersonId]| Event::ParticularsLookedAt {
                people: people.to_vec(),
                look: Box::new(look.clone()),
            };
            let events = seen.chunks(FACT_PEOPLE).map(looked).collect();
            self.keeper.say(turn, own, self.operation(), self.origin(), events)
        })?;
        Ok(Shown { sections: opened, looks })
    }

    /// Hands the newest version of one section of everybody to `each`, for figures and nothing else:
    /// nobody is shown anything about anyone, so nobody looked.
    pub fn count_particulars(
        &self,
        section: Section,
        each: &mut dyn FnMut(PersonId, &[u8]),
    ) -> Result<(), RegisterError> {
        let look = self.store.look()?;
        let found = rows::newest_of(&*look, section)?;
        if found.is_empty() {
            return Ok(());
        }
        let keyring = self.keeper.keyring()?;
        let keys = rows::all_keys(&*look)?.into_iter().map(|row| (row.person, row));
        let keys: BTreeMap<_, _> = keys.collect();
        for row in found {
            let key = keys.get(&row.person).ok_or(RegisterError::Nothing(row.person))?;
            let key = unwrapped(&keyring, self.operation(), key)?;
            let opened = self.open_row(&key, row)?;
            each(opened.person, &opened.plaintext);
        }
        Ok(())
    }

    /// A number that grows with each change of the register: what was counted is good as long as it
    /// stays.
    pub fn particulars_changes(&self) -> Result<u64, RegisterError> {
        Ok(rows::changes(&*self.store.glance())?)
    }

    /// What is kept about a person, by section, version and commitment. Needs no key and shows
    /// nothing that is not in the record.
    pub fn sections_kept(
        &self,
        person: PersonId,
    ) -> Result<Vec<(Section, u32, Commitment)>, RegisterError> {
        let found = rows::sections_about(&*self.store.glance(), person)?;
        Ok(found.into_iter().map(|row| (row.section, row.version, row.commitment)).collect())
    }

    /// Whether sections could be opened here: the register's keys are at hand.
    pub fn particulars_open(&self) -> Result<(), RegisterError> {
        self.keeper.keyring().map(|_| ())
    }

    pub(super) fn open_rows(
        &self,
        look: &dyn Turn,
        keyring: &Keyring,
        person: PersonId,
        found: Vec<SectionRow>,
    ) -> Result<Vec<Disclosed>, RegisterError> {
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let row = rows::key(look, person)?.ok_or(RegisterError::Nothing(person))?;
        let key = match unwrapped(keyring, self.operation(), &row) {
            // Another process may have changed the keys since they were read.
            Err(RegisterError::UnknownKey(_)) => {
                unwrapped(&*self.keeper.read_again()?, self.operation(), &row)?
            }
            key => key?,
        };
        found.into_iter().map(|row| self.open_row(&key, row)).collect()
    }

    pub(super) fn open_row(
        &self,
        key: &PersonKey,
        row: SectionRow,
    ) -> Result<Disclosed, RegisterError> {
        let SectionRow { person, section, version, commitment, sealed } = row;
        let label = Label { operation: self.operation(), person, section, version, commitment };
        let opened = register::open(key, &label, &sealed)
            .map_err(|source| RegisterError::Sealed { person, section, version, source })?;
        let register::Opened { salt, plaintext } = opened;
        Ok(Disclosed { person, section, version, commitment, salt, plaintext })
    }
}

/// Of each section the last version; rows come oldest first.
fn newest(found: Vec<SectionRow>) -> Vec<SectionRow> {
    let found = found.into_iter().map(|row| (row.section, row));
    found.collect::<BTreeMap<_, _>>().into_values().collect()
}
