//! Checks a whole record offline: nothing is trusted but the bytes of the entries.

use crate::append;
use crate::backend::{self, Location, Look};
use crate::documents::{each_document, setting};
use crate::error::{OpenError, StoreError};
use crate::heads::{KeptHead, heads};
use crate::node::{LOG_KEY, identity};
use crate::particulars::{self, Keeper, SectionVerdict};
use crate::replay::{Finding, replay};
use crate::signed::{Signed, SignedHead};
use crate::state::State;
use domain::{Event, FactHash};
use log::{NoteVerifier, Tree, merkle::Hash};
use std::collections::{BTreeMap, BTreeSet};

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
    let damaged = |line| Finding::new("file-damaged", None, line);
    let mut findings: Vec<_> = look.damage()?.into_iter().map(damaged).collect();
    let head = append::head(look)
        .and_then(|head| head.ok_or_else(|| StoreError::Damaged("there is none".to_owned())));
    let of = head.as_ref().map_or(0, |(edge, _)| edge.size);
    let mut state = State::default();
    let mut postings = PostingRows::new();
    findings.extend(replay(look, &operation, Some(&origin), &mut state, &mut |entry| {
        for posting in &entry.folded.postings {
            let row = append::posting_row(posting);
            postings.insert((row.0, row.1.clone()), row);
        }
        let entries = entry.position + 1;
        if entries % PROGRESS_EVERY == 0 || entries == of {
            progress(Progress { entries, of });
        }
    })?);
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
    findings.extend(compare_postings(look, postings)?);
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
        statements: (state.record.facts())
            .filter(|fact| matches!(fact.event, Event::StatementIssued { .. }))
            .count(),
        tree: state.tree,
        vkey,
        sections,
    })
}

/// The last head signed on this machine, if one was.
fn last_signed(look: &dyn Look, at: &Location) -> Result<Option<Signed>, StoreError> {
    let Some(vkey) = setting(look, LOG_KEY)? else { return Ok(None) };
    let key = NoteVerifier::parse(&vkey).map_err(|e| StoreError::Damaged(e.to_string()))?;
    SignedHead::beside(&at.key_file(&vkey)).read(&key)
}

type PostingRows = BTreeMap<(i64, String), append::PostingRow>;

fn compare_postings(
    look: &dyn Look,
    mut expected: PostingRows,
) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    append::each_posting(look, &mut |row| {
        let at = u64::try_from(row.0).ok();
        match expected.remove(&(row.0, row.1.clone())) {
            Some(refolded) if refolded == row => {}
            Some(_) => {
                let what = format!("the row of {} differs from the refold", row.1);
                findings.push(Finding::new("posting-differs", at, what));
            }
            None => {
                let what = format!("no fact posts {} there", row.1);
                findings.push(Finding::new("posting-extra", at, what));
            }
        }
        Ok(())
    })?;
    findings.extend(expected.into_keys().map(|(position, person)| {
        let what = format!("the row of {person} is not there");
        Finding::new("posting-missing", u64::try_from(position).ok(), what)
    }));
    Ok(findings)
}

fn compare_custody(look: &dyn Look, state: &State) -> Result<Vec<Finding>, StoreError> {
    let rows = append::all_custody(look)?;
    let mut there: BTreeMap<String, append::CustodyRow> =
        rows.into_iter().map(|row| (row.0.clone(), row)).collect();
    let mut findings = Vec::new();
    for (person, standing) in state.record.people() {
        let refolded = append::custody_row(person, standing);
        match there.remove(&refolded.0) {
            Some(row) if row == refolded => {}
            Some(_) => {
                let what = format!("the row of {person} differs from the refold");
                findings.push(Finding::new("custody-differs", None, what));
            }
            // Somebody whom facts only mention has no row until custody changes.
            None if *standing == domain::Standing::default() => {}
            None => {
                let what = format!("the row of {person} is not there");
                findings.push(Finding::new("custody-missing", None, what));
            }
        }
    }
    findings.extend(
        there.into_keys().map(|person| {
            Finding::new("custody-extra", None, format!("no fact is about {person}"))
        }),
    );
    Ok(findings)
}

/// Each fact names the one before it on its device. A device that did otherwise is shown; it is not
/// the store's doing.
pub fn device_chains(state: &State) -> Vec<Finding> {
    let mut notes = Vec::new();
    for (device, held) in state.record.devices() {
        let mut before: Option<(u64, &BTreeSet<FactHash>)> = None;
        for (sequence, hashes) in &held.chain {
            let at = hashes.first().and_then(|hash| state.position_of(hash));
            let mut note = |code, what| notes.push(Finding::new(code, at, what));
            if hashes.len() > 1 {
                note(
                    "device-fork",
                    format!("{device:?} signed {} facts as {sequence}", hashes.len()),
                );
            }
            let expected = before.map_or(0, |(last, _)| last + 1);
            if *sequence != expected {
                note("device-gap", format!("{device:?} has {sequence} after {expected} was due"));
            } else if let Some((_, last)) = before {
                let named = hashes.iter().filter_map(|hash| state.record.fact(hash)?.previous);
                for hash in named.filter(|hash| !last.contains(hash)) {
                    note(
                        "device-rewrite",
                        format!("{device:?} {sequence} follows {hash}, not here"),
                    );
                }
            }
            before = Some((*sequence, hashes));
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
