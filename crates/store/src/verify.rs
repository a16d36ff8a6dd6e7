//! Checks a whole record offline: nothing is trusted but the bytes of the entries.

mod postings;

use crate::append;
use crate::backend::{self, Location, Look};
use crate::documents::{each_document, setting};
use crate::error::{OpenError, StoreError};
use crate::heads::{KeptHead, heads};
use crate::node::{LOG_KEY, identity};
use crate::particulars::{self, Keeper, SectionVerdict};
use crate::replay::{Each, Finding, replay_from};
use crate::signed::{Signed, SignedHead};
use crate::state::State;
use domain::{Fact, FactHash, OperationId, PersonId, PolicyTexts, kind};
use log::{NoteVerifier, Tree, merkle::Hash};
use postings::Postings;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;

/// How far a verification has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Entries folded, their signatures on the way.
    pub entries: u64,
    /// As the head says.
    pub of: u64,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyReport {
    pub origin: String,
    /// Entries checked.
    pub entries: u64,
    /// The root they fold to.
    pub root: Hash,
    /// Each thing that does not hold; empty when all holds.
    pub findings: Vec<Finding>,
    /// What the record shows about devices and the register that is no fault of the store: gaps and
    /// forks in device chains, particulars withheld or not there.
    pub notes: Vec<Finding>,
    /// Published heads that the store keeps, for the caller to check against `tree`.
    pub heads: Vec<KeptHead>,
    /// Of the entries, as they fold.
    pub tree: Tree,
    /// Devices that signed or may sign.
    pub devices: usize,
    /// By which texts of the policies looks at particulars, and writings, were decided.
    pub policies: PolicyTexts,
    /// Statements that facts say were issued.
    pub statements: usize,
    /// The log's key, as the store itself names it.
    pub vkey: Option<String>,
    /// Every section that a fact commits to and this register keeps, kept or destroys, in order of
    /// the facts.
    pub sections: Vec<SectionVerdict>,
}

impl VerifyReport {
    pub fn holds(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Every how many entries `progress` is told.
const PROGRESS_EVERY: u64 = 1_000;

/// Checks signatures, device chains, the tree against the head, the balance at every position, the
/// read models against the refold, documents and particulars against their hashes.
///
/// Reads one snapshot; writers go on meanwhile. Fails only when the file cannot be read at all.
pub fn verify(url: &str, progress: &mut dyn FnMut(Progress)) -> Result<VerifyReport, OpenError> {
    let at = Location::parse(url)?;
    let store = backend::open_read_only(&at)?;
    // Read before the snapshot is taken: what is signed later may be ahead of it.
    let signed = last_signed(&*store.look()?, &at);
    let look = store.look()?;
    let look = &*look;
    let (origin, operation) = identity(look, &at)?;
    let head = append::head(look)
        .and_then(|head| head.ok_or_else(|| StoreError::Damaged("there is none".to_owned())));
    let of = head.as_ref().map_or(0, |(edge, _)| edge.size);
    let mut state = State::default();
    let mut findings = Vec::new();
    let damaged = |line| Finding::new("file-damaged", None, line);
    thread::scope(|scope| -> Result<(), StoreError> {
        let damage = scope.spawn(|| store.look()?.damage());
        let folded = refold(look, (&origin, &operation), &mut state, &mut |entries| {
            if entries % PROGRESS_EVERY == 0 || entries == of {
                progress(Progress { entries, of });
            }
        });
        let damage = damage.join().map_err(|_| StoreError::Stopped)??;
        findings.extend(damage.into_iter().map(damaged));
        findings.extend(folded?);
        Ok(())
    })?;
    match head {
        Ok((edge, root)) => {
            if edge.size != state.position() {
                let what = format!("it says {} entries, {} are there", edge.size, state.position());
                findings.push(Finding::new("head-size", None, what));
            }
            if root != state.root() || edge.hashes != state.tree.edge().hashes {
                let what = "the entries fold to another root or edge than it says";
                findings.push(Finding::new("head-root", None, what));
            }
        }
        Err(error) => findings.push(Finding::new("head-unreadable", None, error.to_string())),
    }
    match signed {
        Ok(Some(signed)) => {
            if let Err(error) = signed.holds_for(&state) {
                findings.push(Finding::new("signed-head", None, error.to_string()));
            }
        }
        Ok(None) => {}
        Err(error) => findings.push(Finding::new("signed-head", None, error.to_string())),
    }
    if let Err(error) = state.books.check() {
        findings.push(Finding::new("books-off", None, error.to_string()));
    }
    findings.extend(compare_custody(look, &state)?);
    findings.extend(documents(look)?);
    let mut notes = device_chains(&state);
    let vkey = setting(look, LOG_KEY)?;
    let keeper = Keeper::at(at.register_file(vkey.as_deref().unwrap_or_default()));
    let sections =
        particulars::check(look, &state, &operation, &keeper, &mut findings, &mut notes)?;
    Ok(VerifyReport {
        origin,
        entries: state.position(),
        root: state.root(),
        findings,
        notes,
        heads: heads(look)?,
        devices: state.record.devices().len(),
        policies: PolicyTexts::of(&state.record),
        statements: state.record.of_kind(kind::STATEMENT_ISSUED).count(),
        tree: state.tree,
        vkey,
        sections,
    })
}

/// Folds every entry, checks its signature, and holds its postings against the database's.
fn refold(
    look: &dyn Look,
    (origin, operation): (&str, &OperationId),
    state: &mut State,
    progress: &mut dyn FnMut(u64),
) -> Result<Vec<Finding>, StoreError> {
    let postings = RefCell::new(Postings::default());
    let mut feed = |each: &mut Each| {
        append::each_page(look, 0, each, &mut || postings.borrow_mut().compare(look))
    };
    let mut findings = replay_from(&mut feed, operation, Some(origin), state, &mut |entry| {
        postings.borrow_mut().expect(entry.position, &entry.folded.postings);
        progress(entry.position + 1);
    })?;
    findings.extend(postings.into_inner().finish(look)?);
    Ok(findings)
}

/// The last head signed on this machine, if one was.
fn last_signed(look: &dyn Look, at: &Location) -> Result<Option<Signed>, StoreError> {
    let Some(vkey) = setting(look, LOG_KEY)? else { return Ok(None) };
    let key = NoteVerifier::parse(&vkey).map_err(|e| StoreError::Damaged(e.to_string()))?;
    SignedHead::beside(&at.key_file(&vkey)).read(&key)
}

fn compare_custody(look: &dyn Look, state: &State) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    let mut there = BTreeSet::new();
    append::each_custody(look, &mut |row| {
        let person = PersonId::parse(&row.0).ok();
        let refolded = person.and_then(|person| Some((person, state.record.standing(person)?)));
        match refolded {
            Some((person, standing)) if there.insert(person) => {
                if row != append::custody_row(person, standing) {
                    let what = format!("the row of {person} differs from the refold");
                    findings.push(Finding::new("custody-differs", None, what));
                }
            }
            _ => {
                let what = format!("no fact is about {}", row.0);
                findings.push(Finding::new("custody-extra", None, what));
            }
        }
        Ok(())
    })?;
    // Somebody whom facts only mention has no row until custody changes.
    let nobody = domain::Standing::default();
    let missing = state.record.people().filter(|(p, s)| !there.contains(p) && **s != nobody);
    findings.extend(missing.map(|(person, _)| {
        Finding::new("custody-missing", None, format!("the row of {person} is not there"))
    }));
    Ok(findings)
}

/// Each fact names the one before it on its device. A device that did otherwise is shown; it is not
/// the store's doing.
pub fn device_chains(state: &State) -> Vec<Finding> {
    let mut notes = Vec::new();
    for (device, held) in state.record.devices() {
        let facts: Vec<_> = held.facts().collect();
        let mut before: Option<(u64, &[&Arc<Fact>])> = None;
        for signed in facts.chunk_by(|a, b| a.sequence == b.sequence) {
            let sequence = signed[0].sequence;
            let mut note = |code, what| {
                notes.push(Finding::new(code, state.position_of(&signed[0].hash), what));
            };
            if signed.len() > 1 {
                note(
                    "device-fork",
                    format!("{device:?} signed {} facts as {sequence}", signed.len()),
                );
            }
            let expected = before.map_or(0, |(last, _)| last + 1);
            if sequence != expected {
                note("device-gap", format!("{device:?} has {sequence} after {expected} was due"));
            } else if let Some((_, before)) = before {
                let here = |hash: &FactHash| before.iter().any(|fact| fact.hash == *hash);
                for hash in signed.iter().filter_map(|fact| fact.previous).filter(|h| !here(h)) {
                    let what = format!("{device:?} {sequence} follows {hash}, not here");
                    note("device-rewrite", what);
                }
            }
            before = Some((sequence, signed));
        }
    }
    notes
}

fn documents(look: &dyn Look) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    each_document(look, &mut |document, hash| {
        if log::hash_of(&document.bytes).0 != hash {
            let what = format!("'{}' does not match its hash", document.name);
            findings.push(Finding::new("document-changed", None, what));
        }
        Ok(())
    })?;
    Ok(findings)
}
