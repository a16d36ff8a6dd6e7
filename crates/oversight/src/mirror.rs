//! A mirror: an overseer's own copy of every byte, verified as it comes in.
//!
//! Holds the log's files under their own names, so that a mirror can be served, verified and mirrored
//! as the log can. Entries and tiles are on the disk before the checkpoint that covers them.

use crate::AuditError;
use crate::audit::{finding, hex, trust};
use crate::durable;
use crate::source::{Folder, Source, SourceError};
use log::merkle::{Hash, leaf_hash};
use log::note::NOTE_MAX;
use log::{Checkpoint, Note, Policy, Tile, TileKind, Tree};
use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use store::{Finding, State};

mod evidence;

pub use evidence::Evidence;

#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    #[error(transparent)]
    Audit(#[from] AuditError),
    #[error("{0} is in use by another mirror")]
    InUse(PathBuf),
    #[error("cannot write {path}")]
    Write { path: PathBuf, source: io::Error },
    #[error("what is held in {place} does not hold together ({what}): run `amana verify {place}`")]
    Held { place: String, what: String },
}

impl From<SourceError> for MirrorError {
    fn from(error: SourceError) -> Self {
        Self::Audit(error.into())
    }
}

/// What an update did.
#[derive(Debug)]
pub enum Update {
    /// Entries held now, and how many of them are new.
    Held { entries: u64, new: u64, by: Vec<String>, quorum: bool },
    /// The log contradicts what is held, or itself. Nothing held was changed.
    Caught(Evidence),
}

/// A folder that holds a log.
pub struct Mirror {
    dir: PathBuf,
    policy: Policy,
    /// The key was taken from the log when the mirror began.
    pub own_word: bool,
    state: State,
    held: Option<Note>,
    _lock: File,
}

impl Mirror {
    /// Opens the mirror in `dir`, made if need be, and folds what it holds; each signature was checked
    /// when its entry came in. The log's key is `given`'s, or the one pinned when the mirror began, or
    /// the one that the log names.
    pub fn open(dir: &Path, given: Option<Policy>, log: &dyn Source) -> Result<Self, MirrorError> {
        let lock = durable::lock_folder(dir).map_err(|source| match source.kind() {
            io::ErrorKind::WouldBlock => MirrorError::InUse(dir.to_owned()),
            _ => MirrorError::Write { path: dir.to_owned(), source },
        })?;
        let folder = Folder(dir.to_owned());
        let pinned = folder.read("vkey", 1024)?.is_some();
        let from: &dyn Source = if pinned { &folder } else { log };
        let (policy, own_word) = trust(from, given)?;
        let mut mirror = Self {
            dir: dir.to_owned(),
            policy,
            own_word,
            state: State::default(),
            held: None,
            _lock: lock,
        };
        if let [log] = &mirror.policy.logs[..]
            && !pinned
        {
            mirror.write("vkey", format!("{}\n", log.key.vkey()).as_bytes())?;
        }
        mirror.read_back(&folder)?;
        Ok(mirror)
    }

    pub fn entries(&self) -> u64 {
        self.state.position()
    }

    /// Notes about devices in the record held.
    pub fn notes(&self) -> Vec<Finding> {
        store::device_chains(&self.state)
    }

    fn read_back(&mut self, folder: &Folder) -> Result<(), MirrorError> {
        let Some(text) = folder.read("checkpoint", NOTE_MAX)? else { return Ok(()) };
        let broken = |what: String| MirrorError::Held { place: folder.describe(), what };
        let note =
            Note::parse(&String::from_utf8_lossy(&text)).map_err(|e| broken(e.to_string()))?;
        let held = self.policy.judge(&note).map_err(|e| broken(e.to_string()))?.checkpoint;
        let mut entries = Vec::new();
        for tile in Tile::bundles(0, held.size) {
            let bytes = folder.tile(tile)?.ok_or_else(|| broken(format!("{tile} is gone")))?;
            let read = tile.entries(&bytes).map_err(|e| broken(e.to_string()))?;
            entries.extend(read.into_iter().map(<[u8]>::to_vec));
        }
        let findings = store::refold(&mut self.state, &mut entries.into_iter());
        if let Some(finding) = findings.first() {
            return Err(broken(finding.to_string()));
        }
        if self.state.root() != held.root {
            return Err(broken("the entries do not fold to the root of its checkpoint".to_owned()));
        }
        self.held = Some(note);
        Ok(())
    }

    /// Asks the log for its head and takes in what is new, or catches the log lying.
    pub fn update(
        &mut self,
        log: &dyn Source,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Update, MirrorError> {
        let place = log.describe();
        let text = log.read("checkpoint", NOTE_MAX)?;
        let missing = || AuditError::NoLog { place: place.clone(), missing: "checkpoint" };
        let text = String::from_utf8_lossy(&text.ok_or_else(missing)?).into_owned();
        let unreadable = |what: String| AuditError::Checkpoint { place: place.clone(), what };
        let note = Note::parse(&text).map_err(|e| unreadable(e.to_string()))?;
        // What no trusted key signed proves nothing against anybody.
        let judged = self.policy.judge(&note).map_err(|e| unreadable(e.to_string()))?;
        let head = judged.checkpoint.clone();
        if let Some(evidence) = self.contradicts(&note, &head)? {
            return Ok(Update::Caught(evidence));
        }
        let before = self.state.position();
        let taken = match self.take_in(log, &head, true, progress)? {
            // A bundle kept from an update that was cut short may be the wrong one: ask anew.
            Err(_) => self.take_in(log, &head, false, progress)?,
            taken => taken,
        };
        if let Err(findings) = taken {
            return self.caught(log, &note, &head, findings).map(Update::Caught);
        }
        if self.held.as_ref() != Some(&note) {
            self.write(&head_name(head.size), text.as_bytes())?;
            self.write("checkpoint", text.as_bytes())?;
            self.held = Some(note);
            self.drop_partial(before)?;
        }
        let by = judged.by.into_iter().map(|(name, _)| name).collect();
        let entries = self.state.position();
        Ok(Update::Held { entries, new: entries - before, by, quorum: judged.quorum })
    }

    /// A head that is not larger than what is held can be judged at once.
    fn contradicts(&self, note: &Note, head: &Checkpoint) -> Result<Option<Evidence>, MirrorError> {
        let held = self.state.position();
        let Some(root) = self.state.tree.root_at(head.size) else { return Ok(None) };
        let (what, says) = if root != head.root {
            let says = format!(
                "FORK: the log signed {} for {} entries; the same entries as held here fold to {}. \
                 Its key signed two histories.",
                hex(&head.root),
                head.size,
                hex(&root)
            );
            ("fork", says)
        } else if head.size < held {
            let says = format!(
                "ROLLBACK: the log shows {} entries, {held} are held here under its own signature. \
                 What it shows is the beginning of what it showed before.",
                head.size
            );
            ("rollback", says)
        } else {
            return Ok(None);
        };
        let mut evidence = Evidence::new(what, says);
        evidence.add("served-checkpoint", note.to_text().into_bytes());
        self.add_held(&mut evidence);
        self.keep(evidence).map(Some)
    }

    fn add_held(&self, evidence: &mut Evidence) {
        if let Some(held) = &self.held {
            evidence.add("held-checkpoint", held.to_text().into_bytes());
        }
    }

    /// Reads, checks and writes what is new. The findings when it does not hold; then nothing that is
    /// held has changed.
    fn take_in(
        &mut self,
        log: &dyn Source,
        head: &Checkpoint,
        use_kept: bool,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Result<(), Vec<Finding>>, MirrorError> {
        let before = self.state.position();
        let folder = Folder(self.dir.clone());
        let mut entries = Vec::new();
        let wrong =
            |code, tile: Tile, what: String| Ok(Err(vec![finding(code, tile.start(), what)]));
        for tile in Tile::bundles(before, head.size) {
            let limit = log::tiles::BUNDLE_MAX;
            let kept = if use_kept { folder.read(&tile.to_string(), limit)? } else { None };
            let fresh = kept.is_none();
            let bytes = match kept {
                Some(bytes) => Some(bytes),
                None => log.tile(tile)?,
            };
            let Some(bytes) = bytes else {
                return wrong("bundle-missing", tile, format!("{tile} is not served"));
            };
            let read = match tile.entries(&bytes) {
                Ok(read) => read,
                Err(error) => return wrong("bundle-torn", tile, error.to_string()),
            };
            if fresh {
                self.write(&tile.to_string(), &bytes)?;
            }
            let first = tile.start().unwrap_or(0);
            let skip = before.saturating_sub(first) as usize;
            entries.extend(read.into_iter().skip(skip).map(<[u8]>::to_vec));
            progress(before + entries.len() as u64, head.size);
        }
        let mut edge = self.state.tree.edge();
        entries.iter().for_each(|entry| edge.append(leaf_hash(entry)));
        if edge.root() != head.root {
            let what = format!(
                "the entries served fold to {}, the log signed {}",
                hex(&edge.root()),
                hex(&head.root)
            );
            return Ok(Err(vec![finding("checkpoint-root", None, what)]));
        }
        let findings = store::audit(
            log::operation_origin(&head.origin),
            &mut self.state,
            &mut entries.into_iter(),
            &mut |_| {},
        );
        if !findings.is_empty() {
            self.state = State::default();
            self.read_back(&folder)?;
            return Ok(Err(findings));
        }
        let there: BTreeSet<Tile> = Tile::of_tree(before).collect();
        for tile in Tile::of_tree(head.size).filter(|tile| !there.contains(tile)) {
            if let Some(bytes) = self.state.tree.tile(tile) {
                self.write(&tile.to_string(), &bytes)?;
            }
        }
        Ok(Ok(()))
    }

    /// The entries do not fit the head. The log's own tiles of hashes tell which of two it is: a head
    /// over another history than is held, or entries that are not those it signed for.
    fn caught(
        &self,
        log: &dyn Source,
        note: &Note,
        head: &Checkpoint,
        findings: Vec<Finding>,
    ) -> Result<Evidence, MirrorError> {
        let held = self.state.position();
        let told: String = findings.iter().take(20).map(|f| format!("\n  {f}")).collect();
        let (leaves, theirs) = leaves(log, head)?;
        let signed = theirs.root() == head.root;
        let other = (0..held).find(|i| self.state.tree.node(0, *i) != theirs.node(0, *i));
        let (what, says) = match other {
            Some(at) if signed => {
                let says = format!(
                    "FORK: the log signed a tree of {} entries in which entry {at} is another than \
                     the one held here under its own signature. Its key signed two histories.",
                    head.size
                );
                ("fork", says)
            }
            _ if signed => {
                let says =
                    format!("SPOILED: the log does not serve the entries it signed for:{told}");
                ("spoiled", says)
            }
            _ => {
                let says = format!(
                    "SPOILED: neither the entries nor the hashes that the log serves are those it \
                     signed for:{told}"
                );
                ("spoiled", says)
            }
        };
        let mut evidence = Evidence::new(what, says);
        evidence.add("served-checkpoint", note.to_text().into_bytes());
        self.add_held(&mut evidence);
        for (tile, bytes) in leaves {
            evidence.add(&format!("served-{tile}"), bytes);
        }
        for tile in Tile::bundles(held, head.size) {
            if let Some(bytes) = log.tile(tile)? {
                evidence.add(&format!("served-{tile}"), bytes);
            }
        }
        self.keep(evidence)
    }

    /// Writes evidence under `evidence/`.
    fn keep(&self, evidence: Evidence) -> Result<Evidence, MirrorError> {
        let path = self.dir.join("evidence").join(&evidence.name);
        evidence.write(&path).map_err(|source| MirrorError::Write { path, source })?;
        Ok(evidence)
    }

    /// Partial tiles are replaced as the log grows.
    fn drop_partial(&self, before: u64) -> Result<(), MirrorError> {
        let now = self.state.position();
        if before == now {
            return Ok(());
        }
        let there: Vec<Tile> = Tile::of_tree(now).collect();
        for tile in Tile::of_tree(before).filter(|t| !t.is_full() && !there.contains(t)) {
            let path = self.dir.join(tile.to_string());
            match std::fs::remove_file(&path) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(MirrorError::Write { path, source });
                }
                // The folder goes with its last tile.
                _ => path.parent().map_or(Ok(()), std::fs::remove_dir).unwrap_or(()),
            }
        }
        Ok(())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), MirrorError> {
        let path = self.dir.join(name);
        durable::write(&path, bytes).map_err(|source| MirrorError::Write { path, source })
    }
}

/// The name under which a head of that size is kept, so that they sort.
pub fn head_name(size: u64) -> String {
    format!("heads/{size:020}")
}

/// The leaves that the log claims, tile by tile, and the tree over them.
#[allow(clippy::type_complexity, reason = "two results of one reading")]
fn leaves(
    log: &dyn Source,
    head: &Checkpoint,
) -> Result<(Vec<(Tile, Vec<u8>)>, Tree), MirrorError> {
    let mut tiles = Vec::new();
    let mut tree = Tree::new();
    for tile in Tile::of_tree(head.size).filter(|t| t.kind() == TileKind::Hashes(0)) {
        let Some(bytes) = log.tile(tile)? else { break };
        let Ok(hashes) = tile.hashes(&bytes) else { break };
        hashes.into_iter().for_each(|hash: Hash| _ = tree.append(hash));
        tiles.push((tile, bytes));
    }
    Ok((tiles, tree))
}
