//! A section that an officer wrote down; and the same once more, after a line that was cut.

use super::keep::in_canonical_form;
use super::rows::{self, SectionRow};
use super::{Particulars, RegisterError};
use crate::backend::Turn;
use crate::error::StoreError;
use crate::node::Node;
use crate::state::State;
use crate::submit::Receipt;
use domain::{Commitment, Event, FactHash, PersonId, Writing};
use jiff::Timestamp;

/// A version of a section as an officer wrote it, and the fact that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// From 1.
    pub version: u32,
    pub commitment: Commitment,
    pub receipt: Receipt,
}

impl Node {
    /// Keeps a section that an officer wrote, sealed, and says in the record who wrote it and why.
    ///
    /// `after` is the newest version that the officer knew, `None` for none: when another was kept
    /// meanwhile nothing is, so that nobody writes over what they have not read. When that other is
    /// this very writing (the same officer wrote the same after the same version, for the same
    /// purpose) the answer is the first one's, whatever was kept since. Who may write is the caller's
    /// to judge.
    pub fn write_particulars(
        &self,
        section: &Particulars,
        after: Option<Commitment>,
        writing: Writing,
        at: Timestamp,
    ) -> Result<Written, RegisterError> {
        if writing.policies.is_empty() {
            return Err(RegisterError::Unjustified);
        }
        in_canonical_form(section)?;
        let mut version = None;
        let mut receipts = self.commit_own(at, |turn, own| {
            let (person, of) = (section.person, section.section);
            let mut versions = rows::sections_about(turn, person)?;
            versions.retain(|row| row.section == of);
            if versions.last().map(|row| row.commitment) == after {
                version = Some((versions.len() as u32 + 1, section.commitment()));
                let kept = self.seal(turn, std::slice::from_ref(section))?;
                let events = vec![Event::ParticularsKept { kept, written: Some(writing.into()) }];
                return self.keeper.say(turn, own, self.operation(), self.origin(), events);
            }
            let next = following(versions, after);
            version = next.as_ref().map(|row| (row.version, row.commitment));
            let fact = next.map(|row| self.wrote(turn, own.state(), row, section, &writing));
            let fact = fact.transpose()?.flatten();
            own.say_again(&fact.ok_or(RegisterError::Changed { person, section: of })?);
            Ok(())
        })?;
        let written = receipts.pop().zip(version);
        let written = written.map(|(receipt, (version, commitment))| Written {
            version,
            commitment,
            receipt,
        });
        Ok(written.ok_or(StoreError::Stopped)?)
    }

    /// The fact of a version, if it says what `section` says and came of the same writing.
    fn wrote(
        &self,
        turn: &dyn Turn,
        state: &State,
        version: SectionRow,
        section: &Particulars,
        writing: &Writing,
    ) -> Result<Option<FactHash>, RegisterError> {
        let Some(fact) = fact_of(state, section.person, version.commitment, writing) else {
            return Ok(None);
        };
        let keyring = self.keeper.keyring()?;
        let opened = self.open_rows(turn, &keyring, section.person, vec![version])?;
        Ok(opened.iter().all(|one| *one.plaintext == section.plaintext).then_some(fact))
    }
}

/// The version that came after the one with that commitment; the first, after none.
fn following(versions: Vec<SectionRow>, after: Option<Commitment>) -> Option<SectionRow> {
    let mut versions = versions.into_iter();
    match after {
        Some(after) => versions.find(|row| row.commitment == after).and_then(|_| versions.next()),
        None => versions.next(),
    }
}

/// The fact that says a version was kept, if that officer wrote it for that purpose.
fn fact_of(
    state: &State,
    person: PersonId,
    commitment: Commitment,
    writing: &Writing,
) -> Option<FactHash> {
    let mut about = state.record.mentions(person).into_iter();
    let fact = about.find(|fact| match &fact.event {
        Event::ParticularsKept { kept, written: Some(written) } => {
            kept.iter().any(|(.., c)| *c == commitment)
                && (&written.by, written.purpose) == (&writing.by, writing.purpose)
        }
        _ => false,
    });
    fact.map(|fact| fact.hash)
}
