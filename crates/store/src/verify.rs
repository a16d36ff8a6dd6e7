//! Checks a whole record offline: nothing is trusted but the bytes of the entries.

use crate::append;
use crate::database::{self, Doing, OpenError, StoreError};
use crate::node::identity;
use crate::register::{PARTICULARS, particulars_of_row};
use crate::replay::{Finding, replay};
use crate::state::State;
use domain::{Commitment, Event, FactHash, PersonId};
use log::merkle::Hash;
use rusqlite::Connection;
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
    let path = database::path_of(url)?;
    let conn = database::open_read_only(&path)?;
    let tx = conn.unchecked_transaction().doing("begin reading")?;
    let (origin, operation) = identity(&tx)?;
    let mut findings = sound_file(&tx)?;
    let head = append::head(&tx);
    let of = head.as_ref().map_or(0, |(edge, _)| edge.size);
    let mut state = State::default();
    let mut postings = PostingRows::new();
    findings.extend(replay(&tx, &operation, Some(&origin), &mut state, &mut |entry| {
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
    if let Err(error) = state.books.check() {
        findings.push(Finding::new("books-off", None, error.to_string()));
    }
    findings.extend(compare_postings(&tx, postings)?);
    findings.extend(compare_custody(&tx, &state)?);
    findings.extend(documents(&tx)?);
    let mut notes = device_chains(&state);
    particulars(&tx, &state, &mut findings, &mut notes)?;
    Ok(VerifyReport { origin, entries: state.position(), root: state.root(), findings, notes })
}

type PostingRows = BTreeMap<(i64, String), append::PostingRow>;

/// SQLite's own check of pages and indexes.
fn sound_file(conn: &Connection) -> Result<Vec<Finding>, StoreError> {
    let run = || -> rusqlite::Result<Vec<String>> {
        conn.prepare("pragma integrity_check(20)")?.query_map([], |row| row.get(0))?.collect()
    };
    let lines = run().doing("check the file")?;
    let bad = lines.into_iter().filter(|line| line != "ok");
    Ok(bad.map(|line| Finding::new("file-damaged", None, line)).collect())
}

fn compare_postings(
    conn: &Connection,
    mut expected: PostingRows,
) -> Result<Vec<Finding>, StoreError> {
    let sql = "select position, person, from_authority, from_place, to_authority, to_place, \
               registered, recovered, exits from posting order by position, person";
    let mut findings = Vec::new();
    let mut statement = conn.prepare(sql).doing("read the postings")?;
    let rows = statement
        .query_map([], |row| append::PostingRow::try_from(row))
        .doing("read the postings")?;
    for row in rows {
        let row = row.doing("read a posting")?;
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
    }
    findings.extend(expected.into_keys().map(|(position, person)| {
        let what = format!("the row of {person} is not there");
        Finding::new("posting-missing", u64::try_from(position).ok(), what)
    }));
    Ok(findings)
}

fn compare_custody(conn: &Connection, state: &State) -> Result<Vec<Finding>, StoreError> {
    type Row = (
        String,
        String,
        Option<String>,
        Option<String>,
        Option<String>,
        Option<String>,
        Option<[u8; 32]>,
        bool,
    );
    let sql = "select person, state, authority, place, offered_to, ended_why, tip, contested \
               from custody";
    let run = || -> rusqlite::Result<Vec<Row>> {
        conn.prepare(sql)?.query_map([], |row| Row::try_from(row))?.collect()
    };
    let rows = run().doing("read custody")?;
    let mut there: BTreeMap<String, Row> =
        rows.into_iter().map(|row| (row.0.clone(), row)).collect();
    let mut findings = Vec::new();
    for (person, standing) in state.record.people() {
        let (name, state, authority, place, offered_to, ended_why, tip, contested) =
            append::custody_row(person, standing);
        let ended_why = ended_why.map(str::to_owned);
        let refolded =
            (name, state.to_owned(), authority, place, offered_to, ended_why, tip, contested);
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
fn device_chains(state: &State) -> Vec<Finding> {
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

fn documents(conn: &Connection) -> Result<Vec<Finding>, StoreError> {
    type Row = (String, [u8; 32], Vec<u8>);
    let run = || -> rusqlite::Result<Vec<Row>> {
        conn.prepare("select name, hash, bytes from document")?
            .query_map([], |row| row.try_into())?
            .collect()
    };
    let changed = run().doing("read the documents")?.into_iter();
    let changed = changed.filter(|(_, hash, bytes)| log::hash_of(bytes).0 != *hash);
    let finding = |(name, _, _)| {
        Finding::new("document-changed", None, format!("'{name}' does not match its hash"))
    };
    Ok(changed.map(finding).collect())
}

/// Plain particulars must open their commitment; and whoever has any must have the ones registered. Sealed and absent ones
/// are noted, when there is a register here at all.
fn particulars(
    conn: &Connection,
    state: &State,
    findings: &mut Vec<Finding>,
    notes: &mut Vec<Finding>,
) -> Result<(), StoreError> {
    let mut here: BTreeMap<PersonId, BTreeSet<Commitment>> = BTreeMap::new();
    let mut sealed = 0;
    let mut statement = conn.prepare(PARTICULARS).doing("read particulars")?;
    let rows = statement.query_map([], particulars_of_row).doing("read particulars")?;
    for row in rows {
        let p = row.doing("read particulars")?;
        here.entry(p.person).or_default().insert(p.commitment);
        sealed += u64::from(p.sealed);
        if !p.sealed && log::commitment(&p.section, &p.salt, &p.bytes) != p.commitment {
            let what = format!("{} of {} do not open their commitment", p.section, p.person);
            findings.push(Finding::new("particulars-changed", None, what));
        }
    }
    if here.is_empty() {
        return Ok(());
    }
    if sealed > 0 {
        notes.push(Finding::new("particulars-sealed", None, format!("{sealed} sections withheld")));
    }
    let mut absent = 0;
    for fact in state.record.facts() {
        let Event::Registered { people, .. } = &fact.event else { continue };
        for (person, commitment) in people {
            match here.get(person) {
                None => absent += 1,
                Some(held) if held.contains(commitment) => {}
                Some(_) => {
                    let what = format!("none of those of {person} are the ones registered");
                    let at = state.position_of(&fact.hash);
                    findings.push(Finding::new("particulars-changed", at, what));
                }
            }
        }
    }
    if absent > 0 {
        let what = format!("{absent} people registered have none here");
        notes.push(Finding::new("particulars-missing", None, what));
    }
    Ok(())
}
