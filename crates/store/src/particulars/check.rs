//! What became of each section that a fact commits to: `amana verify` holds the register against the
//! record.

use super::keeper::Keeper;
use super::rows::{self, KeyRow, SectionRow};
use super::{DEVICES, RegisterError, plain};
use crate::backend::Look;
use crate::documents::setting;
use crate::error::StoreError;
use crate::replay::Finding;
use crate::state::State;
use domain::{Commitment, Event, Fact, OperationId, PersonId, Role, Section, erasure, kind};
use register::{Keyring, Label};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// A version of a section, as facts name it.
pub type Named = (PersonId, Section, Commitment);

/// What is true of a section that a fact commits to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// It was opened here and is what the fact commits to.
    Matches,
    /// It is here, sealed, and its key is not.
    Withheld,
    /// It was destroyed lawfully, by the fact at that position.
    Shredded { by: u64 },
    /// It should be here, is not, and no fact says why.
    Missing,
    /// It is here and is not what the fact commits to.
    Changed,
}

impl fmt::Display for Disposition {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Matches => f.write_str("disclosed and matches"),
            Self::Withheld => f.write_str("withheld"),
            Self::Shredded { by } => write!(f, "shredded by fact {by}"),
            Self::Missing => f.write_str("missing with no fact"),
            Self::Changed => f.write_str("changed"),
        }
    }
}

/// One section that a fact commits to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionVerdict {
    pub person: PersonId,
    pub section: Section,
    pub commitment: Commitment,
    /// The position of the first fact that commits to it.
    pub fact: u64,
    pub disposition: Disposition,
}

/// A commitment in the record.
struct Promise {
    fact: u64,
    /// This register said that it keeps it.
    owed: bool,
}

/// Holds the register against the record. Adds what does not hold to `findings`.
pub(crate) fn check(
    look: &dyn Look,
    state: &State,
    operation: &OperationId,
    keeper: &Keeper,
    findings: &mut Vec<Finding>,
    notes: &mut Vec<Finding>,
) -> Result<Vec<SectionVerdict>, StoreError> {
    let keyring = match keeper.keyring() {
        Ok(keyring) => Some(keyring),
        Err(RegisterError::NoKey(_)) => None,
        Err(error) => {
            notes.push(Finding::new("particulars-closed", None, error.to_string()));
            None
        }
    };
    let promised = promised(look, state, keyring.as_deref())?;
    let shredded = shredded(state, findings);
    let mut here = here(look, operation, keyring.as_deref(), findings)?;
    let plain = plain(look, &mut here, notes)?;
    for (named, _) in here.iter().filter(|(named, _)| !promised.contains_key(named)) {
        // What an earlier version kept came before its fact.
        if !plain.contains(named) {
            let what = format!("{} of {} is here, and no fact commits to it", named.1, named.0);
            findings.push(Finding::new("particulars-uncommitted", None, what));
        }
    }
    let keeps = !here.is_empty() || promised.values().any(|promise| promise.owed);
    let has: BTreeSet<_> = here.keys().map(|(person, section, _)| (*person, *section)).collect();
    let mut elsewhere = 0;
    let mut verdicts = Vec::new();
    for (named, promise) in promised {
        let (person, section, commitment) = named;
        let fact = promise.fact;
        let disposition = match (here.get(&named), shredded.get(&named)) {
            (Some(_), Some(by)) => {
                let what = format!("{section} of {person} was destroyed by fact {by}, and is here");
                findings.push(Finding::new("erasure-undone", Some(fact), what));
                Disposition::Changed
            }
            (Some(disposition), None) => *disposition,
            (None, Some(by)) => Disposition::Shredded { by: *by },
            (None, None) if promise.owed => {
                let what = format!("{section} of {person} is not here, and no fact says why");
                findings.push(Finding::new("particulars-missing", Some(fact), what));
                Disposition::Missing
            }
            (None, None) if has.contains(&(person, section)) => {
                let what = format!("none of those of {person} are the ones registered");
                findings.push(Finding::new("particulars-changed", Some(fact), what));
                Disposition::Changed
            }
            (None, None) => {
                elsewhere += 1;
                continue;
            }
        };
        verdicts.push(SectionVerdict { person, section, commitment, fact, disposition });
    }
    verdicts.sort_by_key(|v| (v.fact, v.person, v.section));
    if keeps && elsewhere > 0 {
        let what = format!("{elsewhere} sections are kept elsewhere, or nowhere");
        notes.push(Finding::new("particulars-elsewhere", None, what));
    }
    let sealed = verdicts.iter().filter(|v| v.disposition == Disposition::Withheld).count();
    if sealed > 0 {
        let what = format!("{sealed} sections are withheld: their key is not here");
        notes.push(Finding::new("particulars-sealed", None, what));
    }
    Ok(verdicts)
}

impl State {
    /// Every section that a fact commits to, with the position of the first one that does.
    pub fn committed(&self) -> BTreeMap<Named, u64> {
        let mut committed = BTreeMap::new();
        for (position, fact) in commits(self) {
            for named in named(fact) {
                let first = committed.entry(named).or_insert(position);
                *first = position.min(*first);
            }
        }
        committed
    }

    /// Every section that was destroyed lawfully, with the position of the fact that says so.
    pub fn shredded(&self) -> BTreeMap<Named, u64> {
        shredded(self, &mut Vec::new())
    }
}

/// The facts that commit to sections: of one kind after the other, each with its position.
fn commits(state: &State) -> impl Iterator<Item = (u64, &Arc<Fact>)> {
    state.of_kind(kind::REGISTERED).chain(state.of_kind(kind::PARTICULARS_KEPT))
}

/// The sections that such a fact commits to.
fn named(fact: &Fact) -> Vec<Named> {
    match &fact.event {
        Event::Registered { people, .. } => {
            people.iter().map(|(person, c)| (*person, Section::Identity, *c)).collect()
        }
        Event::ParticularsKept { kept, .. } => kept.clone(),
        _ => Vec::new(),
    }
}

/// Every commitment in the record, by the first fact that names it.
fn promised(
    look: &dyn Look,
    state: &State,
    keyring: Option<&Keyring>,
) -> Result<BTreeMap<Named, Promise>, StoreError> {
    let noted = setting(look, DEVICES)?.unwrap_or_default();
    let own = keyring.map(|k| log::device_id(&log::public_key(&k.device)).to_string());
    let ours: BTreeSet<&str> = noted.split(' ').chain(own.as_deref()).collect();
    let mut promised: BTreeMap<Named, Promise> = BTreeMap::new();
    for (position, fact) in commits(state) {
        let kept = matches!(fact.event, Event::ParticularsKept { .. });
        let owed = kept && ours.contains(fact.device.to_string().as_str());
        for named in named(fact) {
            let promise = promised.entry(named).or_insert(Promise { fact: position, owed: false });
            promise.fact = position.min(promise.fact);
            promise.owed |= owed;
        }
    }
    Ok(promised)
}

/// What was destroyed lawfully, by the fact that says so. One that nobody approved counts for nothing.
fn shredded(state: &State, findings: &mut Vec<Finding>) -> BTreeMap<Named, u64> {
    let mut shredded = BTreeMap::new();
    for (position, fact) in state.of_kind(kind::SECTIONS_SHREDDED) {
        let Event::SectionsShredded { person, sections, .. } = &fact.event else { continue };
        let lawful = match erasure::was_approved(&state.record, fact) {
            Ok(()) if by_a_register(state, fact) => true,
            Ok(()) => {
                let what = format!("no register's device says that sections of {person} are gone");
                findings.push(Finding::new("erasure-unapproved", Some(position), what));
                false
            }
            Err(why) => {
                let what = format!("sections of {person} were destroyed without leave: {why}");
                findings.push(Finding::new("erasure-unapproved", Some(position), what));
                false
            }
        };
        if lawful {
            let each =
                sections.iter().map(|(section, commitment)| (*person, *section, *commitment));
            shredded.extend(each.map(|named| (named, position)));
        }
    }
    shredded
}

fn by_a_register(state: &State, fact: &Fact) -> bool {
    let mut enrolled = state.record.keys().enrolments(&fact.device);
    enrolled.any(|e| e.role == Role::Register && e.authority == fact.authority)
}

/// What is here, sealed, and whether it opens.
fn here(
    look: &dyn Look,
    operation: &OperationId,
    keyring: Option<&Keyring>,
    findings: &mut Vec<Finding>,
) -> Result<BTreeMap<Named, Disposition>, StoreError> {
    let keys = rows::all_keys(look)?.into_iter().map(|row| (row.person, row));
    let keys: BTreeMap<PersonId, KeyRow> = keys.collect();
    let mut here = BTreeMap::new();
    rows::each_section(look, &mut |row| {
        let named = (row.person, row.section, row.commitment);
        let Some(key) = keys.get(&row.person) else {
            // Sealed for ever: as good as gone, and reported as such.
            return Ok(());
        };
        let disposition = match opens(operation, keyring, key, row) {
            Ok(disposition) => disposition,
            Err(why) => {
                let what = format!("{} of {}: {why}", named.1, named.0);
                findings.push(Finding::new("particulars-changed", None, what));
                Disposition::Changed
            }
        };
        here.insert(named, disposition);
        Ok(())
    })?;
    Ok(here)
}

fn opens(
    operation: &OperationId,
    keyring: Option<&Keyring>,
    key: &KeyRow,
    row: SectionRow,
) -> Result<Disposition, register::OpenError> {
    let Some(register_key) = keyring.and_then(|k| k.named(&key.register_key)) else {
        return Ok(Disposition::Withheld);
    };
    let key = register_key.unwrap(operation, row.person, &key.wrapped)?;
    let SectionRow { person, section, version, commitment, sealed } = row;
    let label = Label { operation, person, section, version, commitment };
    register::open(&key, &label, &sealed).map(|_| Disposition::Matches)
}

/// What an earlier version kept plain counts as here.
fn plain(
    look: &dyn Look,
    here: &mut BTreeMap<Named, Disposition>,
    notes: &mut Vec<Finding>,
) -> Result<BTreeSet<Named>, StoreError> {
    let plain = plain::all(look)?;
    if !plain.is_empty() {
        let what = format!("{} sections are kept plain: run `amana register seal`", plain.len());
        notes.push(Finding::new("particulars-plain", None, what));
    }
    // The row's own commitment is not trusted: it is made again from what is there.
    let named: BTreeSet<Named> =
        plain.iter().map(|p| (p.person, p.section, p.commitment())).collect();
    here.extend(named.iter().map(|named| (*named, Disposition::Matches)));
    Ok(named)
}
