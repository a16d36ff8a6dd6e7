//! Checks a log from wherever it is read: nothing is trusted but keys that the caller brings.

use crate::source::{Source, SourceError};
use log::merkle::Hash;
use log::note::NOTE_MAX;
use log::{Checkpoint, Note, NoteVerifier, Policy, Tile, TileKind};
use store::{Finding, Progress, SectionVerdict, State};

mod documents;
mod heads;
mod sections;

pub use heads::{Heads, check_heads};
pub use sections::disclosed;

/// Why a log could not be checked at all.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error("{place} holds no log: there is no {missing}")]
    NoLog { place: String, missing: &'static str },
    #[error("the checkpoint of {place} cannot be read: {what}")]
    Checkpoint { place: String, what: String },
    #[error("the key in {place} cannot be read: {what}; give --log or --policy")]
    Key { place: String, what: String },
}

/// What was found.
pub struct Audit {
    pub origin: String,
    /// As the checkpoint says.
    pub size: u64,
    /// That the entries fold to.
    pub root: Hash,
    /// The log's key came from the source itself: its signatures show only that one key made them.
    pub own_word: bool,
    pub heads: Heads,
    /// Named by `SHA256SUMS`, when it is an export.
    pub files: Option<usize>,
    /// Empty when all holds.
    pub findings: Vec<Finding>,
    /// What the record shows about devices that is no fault of whoever kept it.
    pub notes: Vec<Finding>,
    /// What an export says of each section of the register that a fact commits to.
    pub sections: Vec<SectionVerdict>,
    pub state: State,
}

impl Audit {
    pub fn holds(&self) -> bool {
        self.findings.is_empty()
    }
}

/// The policy to judge by: the caller's, or what the source says its key is.
pub fn trust(source: &dyn Source, given: Option<Policy>) -> Result<(Policy, bool), AuditError> {
    if let Some(policy) = given {
        return Ok((policy, false));
    }
    let place = source.describe();
    let vkey = source.read("vkey", 1024)?;
    let vkey = vkey.ok_or_else(|| AuditError::NoLog { place: place.clone(), missing: "vkey" })?;
    let vkey = String::from_utf8_lossy(&vkey);
    let key =
        NoteVerifier::parse(&vkey).map_err(|e| AuditError::Key { place, what: e.to_string() })?;
    Ok((Policy::of_log(key), true))
}

/// Checks everything: the checkpoint's signatures, entries against the root it signs, tiles, every
/// entry's own signature, the balance after each, device chains, kept heads, and what an export has
/// beside them.
pub fn audit(
    source: &dyn Source,
    given: Option<Policy>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Audit, AuditError> {
    let (policy, own_word) = trust(source, given)?;
    let place = source.describe();
    let text = source.read("checkpoint", NOTE_MAX)?;
    let text =
        text.ok_or_else(|| AuditError::NoLog { place: place.clone(), missing: "checkpoint" })?;
    let unreadable = |what: String| AuditError::Checkpoint { place: place.clone(), what };
    let note =
        Note::parse(&String::from_utf8_lossy(&text)).map_err(|e| unreadable(e.to_string()))?;
    let claimed = Checkpoint::parse(&note.text).map_err(|e| unreadable(e.to_string()))?;
    let mut findings = Vec::new();
    let mut state = State::default();
    let mut entries = Entries::of(source, claimed.size);
    let told = store::audit(
        log::operation_origin(&claimed.origin),
        &mut state,
        &mut entries,
        &mut |entries| {
            progress(Progress { entries, of: claimed.size });
        },
    );
    findings.extend(entries.findings);
    if let Some(error) = entries.failed {
        return Err(error.into());
    }
    findings.extend(told);
    if state.position() != claimed.size || state.root() != claimed.root {
        let what = format!(
            "{} entries fold to {}, the checkpoint signs {} and {}",
            state.position(),
            hex(&state.root()),
            claimed.size,
            hex(&claimed.root)
        );
        findings.push(finding("checkpoint-root", None, what));
    }
    findings.extend(check_tiles(source, &state, claimed.size)?);
    let mut kept = vec![note.to_text()];
    for name in source.names("heads/")? {
        let head = source.read(&name, NOTE_MAX)?.unwrap_or_default();
        kept.push(String::from_utf8_lossy(&head).into_owned());
    }
    let heads = check_heads(&policy, &state.tree, &kept, &mut findings);
    let files = documents::check(source, &policy, &state, &mut findings)?;
    let sections = sections::check(source, &state, &mut findings)?;
    let notes = store::device_chains(&state);
    let (origin, size, root) = (claimed.origin, claimed.size, state.root());
    Ok(Audit { origin, size, root, own_word, heads, files, findings, notes, sections, state })
}

/// Each tile of hashes must be what the entries hash to. This names the entry that was changed, where
/// the root only says that one was.
fn check_tiles(source: &dyn Source, state: &State, size: u64) -> Result<Vec<Finding>, SourceError> {
    let mut findings = Vec::new();
    for tile in Tile::of_tree(size).filter(|t| t.kind() != TileKind::Entries) {
        let Some(expected) = state.tree.tile(tile) else { continue };
        let Some(found) = source.tile(tile)? else {
            findings.push(finding("tile-missing", None, format!("{tile} is not there")));
            continue;
        };
        if found == expected {
            continue;
        }
        let differs = found.chunks(32).zip(expected.chunks(32)).position(|(a, b)| a != b);
        let at = differs.unwrap_or(0) as u64 + tile.start().unwrap_or(0);
        let (entry, what) = match tile.kind() {
            TileKind::Hashes(0) => (Some(at), format!("{tile} holds another hash of the entry")),
            _ => (None, format!("{tile} holds another hash {at}")),
        };
        findings.push(finding("tile-differs", entry, what));
    }
    Ok(findings)
}

/// The entries of a log, bundle by bundle. Ends early where one is missing or torn, and remembers why.
struct Entries<'a> {
    source: &'a dyn Source,
    bundles: Box<dyn Iterator<Item = Tile>>,
    read: std::vec::IntoIter<Vec<u8>>,
    findings: Vec<Finding>,
    failed: Option<SourceError>,
}

impl<'a> Entries<'a> {
    fn of(source: &'a dyn Source, size: u64) -> Self {
        let bundles = Box::new(Tile::bundles(0, size));
        Self { source, bundles, read: Vec::new().into_iter(), findings: Vec::new(), failed: None }
    }

    fn next_bundle(&mut self) -> Option<()> {
        let tile = self.bundles.next()?;
        let at = tile.start();
        match self.source.tile(tile) {
            Ok(Some(bytes)) => match tile.entries(&bytes) {
                Ok(entries) => {
                    let entries: Vec<_> = entries.into_iter().map(<[u8]>::to_vec).collect();
                    self.read = entries.into_iter();
                    return Some(());
                }
                Err(error) => self.findings.push(finding("bundle-torn", at, error.to_string())),
            },
            Ok(None) => {
                let what = format!("{tile} is not there");
                self.findings.push(finding("bundle-missing", at, what));
            }
            Err(error) => self.failed = Some(error),
        }
        self.bundles = Box::new(std::iter::empty());
        None
    }
}

impl Iterator for Entries<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some(entry) = self.read.next() {
                return Some(entry);
            }
            self.next_bundle()?;
        }
    }
}

pub(crate) fn finding(code: &'static str, position: Option<u64>, what: String) -> Finding {
    Finding { code, position, what }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
