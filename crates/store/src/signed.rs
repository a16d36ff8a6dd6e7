//! The last head that was signed here: kept beside the key, outside the database, so that a
//! database restored from an old backup is noticed before a smaller tree is signed.

use crate::error::StoreError;
use crate::files;
use crate::state::State;
use log::{Checkpoint, NoteVerifier};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The file of the last signed head, beside that of the key: a signed note like any other.
pub(crate) struct SignedHead {
    path: PathBuf,
}

/// A head signed here: the note, and what it says.
#[derive(Debug, Clone)]
pub struct Signed {
    pub note: String,
    pub checkpoint: Checkpoint,
}

impl SignedHead {
    pub fn beside(key_file: &Path) -> Self {
        let mut name = key_file.as_os_str().to_owned();
        name.push(".signed");
        Self { path: name.into() }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// `None` when nothing was signed yet.
    pub fn read(&self, key: &NoteVerifier) -> Result<Option<Signed>, StoreError> {
        let wrong = |what: String| StoreError::LogKey {
            what,
            path: self.path.clone(),
            instead: "ask every witness for its newest head before you move the file away",
        };
        let note = match fs::read_to_string(&self.path) {
            Ok(note) => note,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(wrong(format!("cannot read the last signed head ({e})"))),
        };
        match Checkpoint::open(&note, key) {
            Ok(checkpoint) => Ok(Some(Signed { note, checkpoint })),
            Err(e) => Err(wrong(format!("the last signed head does not hold ({e})"))),
        }
    }

    /// Makes a head the last one signed, durably. Only then may the note leave the process.
    pub fn write(&self, note: &str) -> Result<(), StoreError> {
        files::replace(&self.path, note.as_bytes(), 0o644).map_err(|e| StoreError::LogKey {
            what: format!("cannot keep the head about to be signed ({e})"),
            path: self.path.clone(),
            instead: "give the folder room and the right to write",
        })
    }

    /// Keeps other processes on this machine from signing meanwhile, until the file is dropped.
    pub fn lock(key_file: &Path) -> Result<File, StoreError> {
        let locked = File::open(key_file).and_then(|file| file.lock().map(|()| file));
        locked.map_err(|e| StoreError::LogKey {
            what: format!("cannot lock the log key ({e})"),
            path: key_file.to_owned(),
            instead: "go on without checkpoints",
        })
    }
}

impl Signed {
    /// Whether the record still begins with what was signed.
    pub(crate) fn holds_for(&self, state: &State) -> Result<(), StoreError> {
        let Checkpoint { size, root, .. } = self.checkpoint;
        match state.tree.root_at(size) {
            Some(found) if found == root => Ok(()),
            Some(_) => Err(StoreError::Rewritten { signed: size }),
            None => Err(StoreError::RolledBack { signed: size, now: state.position() }),
        }
    }
}
