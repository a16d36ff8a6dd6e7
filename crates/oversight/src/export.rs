//! An export: the whole record in one file that a court can keep and check without us.
//!
//! A plain tar. The same record gives the same bytes: names in order, no times, no owners.
//! `docs/formats/export.md` describes what is in it.

mod index;
mod tables;

use crate::mirror::head_name;
use log::{Checkpoint, Note, NoteError, Tile, TileKind};
use std::collections::BTreeMap;
use std::io::{self, Write};
use store::{Disclosed, Node, StoreError};

/// Sums of every other file, as `sha256sum -c` reads them.
pub(crate) const SUMS: &str = "SHA256SUMS";
/// What became of each section that a fact commits to.
pub(crate) const SECTIONS: &str = "particulars.jsonl";
/// The sum of that, signed with the log's key.
pub(crate) const SUMS_NOTE: &str = "SHA256SUMS.note";

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("cannot write the export")]
    Write(#[from] io::Error),
    #[error("cannot sign the export")]
    Sign(#[from] NoteError),
    #[error("entry {0} is longer than a bundle can say")]
    Oversize(u64),
    #[error("the record changed while it was read: {0}")]
    Changed(String),
}

/// What goes in beside the log.
#[derive(Debug, Clone, Default)]
pub struct Export {
    /// What the register opened for this export; `None` says nothing about sections at all.
    pub disclosed: Option<Vec<Disclosed>>,
    /// Documents that hold more about people than the record does. They never go out.
    pub private: Vec<String>,
}

impl Export {
    /// Writes the record as it stands. Returns the head it covers.
    pub fn write(&self, node: &Node, out: &mut impl Write) -> Result<Checkpoint, ExportError> {
        let note = Note::parse(&node.checkpoint()?)?;
        let changed = |e: &dyn std::fmt::Display| ExportError::Changed(e.to_string());
        let head = Checkpoint::parse(&note.text).map_err(|e| changed(&e))?;
        let mut files = self.beside(node, &head)?;
        let best = node.heads()?.into_iter().rfind(|h| h.size == head.size && h.quorum);
        let checkpoint = best.map_or_else(|| note.to_text(), |h| h.note);
        files.insert("checkpoint".into(), checkpoint.into_bytes());
        files.insert("vkey".into(), format!("{}\n", node.vkey()?).into_bytes());
        // Tiles and bundles are many and read again when they are written; only their sums are held.
        let mut sums: BTreeMap<String, String> = BTreeMap::new();
        for (name, bytes) in &files {
            sums.insert(name.clone(), log::hash_of(bytes).to_string());
        }
        for tile in Tile::of_tree(head.size) {
            let bytes = tile_bytes(node, tile)?;
            sums.insert(tile.to_string(), log::hash_of(&bytes).to_string());
        }
        let text: String = sums.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
        let signed = node.signing_key()?.sign(&sums_text(text.as_bytes()))?;
        files.insert(SUMS.into(), text.into_bytes());
        files.insert(SUMS_NOTE.into(), signed.into_bytes());

        let mut archive = tar::Builder::new(out);
        for name in [SUMS, SUMS_NOTE].into_iter().map(str::to_owned).chain(sums.into_keys()) {
            let bytes = match files.get(&name) {
                Some(bytes) => bytes.clone(),
                None => {
                    let tile = Tile::parse(&name).map_err(|e| changed(&e))?;
                    tile_bytes(node, tile)?
                }
            };
            append(&mut archive, &name, &bytes)?;
        }
        archive.into_inner()?.flush()?;
        Ok(head)
    }

    /// All files but tiles, checkpoint and sums.
    fn beside(
        &self,
        node: &Node,
        head: &Checkpoint,
    ) -> Result<BTreeMap<String, Vec<u8>>, ExportError> {
        let mut files = BTreeMap::new();
        for kept in node.heads()?.into_iter().filter(|h| h.size <= head.size) {
            files.insert(head_name(kept.size), kept.note.into_bytes());
        }
        let mut documents = Vec::new();
        for name in node.documents()? {
            if self.private.contains(&name) {
                continue;
            }
            let Some(document) = node.document(&name)? else { continue };
            files.insert(format!("documents/{name}"), document.bytes);
            documents.push((name, document.media_type));
        }
        node.read(|state| {
            if state.position() != head.size || state.root() != head.root {
                let what = "facts came in; export a record that is not being written to";
                return Err(ExportError::Changed(what.to_owned()));
            }
            files.insert("facts.csv".into(), tables::facts(state));
            files.insert("custody.csv".into(), tables::custody(state));
            files.insert("discrepancies.csv".into(), tables::discrepancies(state));
            files.insert("devices.csv".into(), tables::devices(state));
            files.insert("authorities.csv".into(), tables::authorities(state));
            files.insert("definitions.csv".into(), tables::definitions());
            if let Some(disclosed) = &self.disclosed {
                files.insert(SECTIONS.into(), tables::sections(state, disclosed));
            }
            let html = index::html(state, head, &documents, self.disclosed.is_some());
            files.insert("index.html".into(), html.into_bytes());
            Ok(())
        })?;
        Ok(files)
    }
}

/// What the log's key signs about an export: the sum over its sums. The first line keeps it from
/// being taken for a checkpoint.
pub(crate) fn sums_text(sums: &[u8]) -> String {
    format!("amana export v1\nsha256 {}\n", log::hash_of(sums))
}

fn tile_bytes(node: &Node, tile: Tile) -> Result<Vec<u8>, ExportError> {
    let gone = || ExportError::Changed(format!("{tile} is no longer there"));
    if tile.kind() != TileKind::Entries {
        return node.read(|state| state.tree.tile(tile)).ok_or_else(gone);
    }
    let start = tile.start().ok_or_else(gone)?;
    let entries = node.entries(start..start + u64::from(tile.width()))?;
    if entries.len() != usize::from(tile.width()) {
        return Err(gone());
    }
    log::tiles::bundle(entries.iter().map(Vec::as_slice)).ok_or(ExportError::Oversize(start))
}

fn append(archive: &mut tar::Builder<impl Write>, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut header = tar::Header::new_ustar();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    archive.append_data(&mut header, name, bytes)
}
