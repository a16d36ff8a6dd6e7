//! A witness: it cosigns a log's head when that continues the last one it cosigned, and only then.

pub mod serve;

use crate::durable;
use log::{AddCheckpoint, Checkpoint, Note, NoteVerifier, WitnessKey, WitnessRefusal};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    #[error("{0} is in use by another witness: one process at a time keeps a state")]
    InUse(PathBuf),
    #[error("cannot keep the witness's state in {path}")]
    State { path: PathBuf, source: io::Error },
    #[error(
        "{path} does not hold a head of '{origin}' that this key cosigned ({what}): put it back from \
         where it was; a witness that forgets what it cosigned can be made to cosign a fork"
    )]
    Damaged { path: PathBuf, origin: String, what: String },
    #[error("log '{0}' is named twice")]
    Twice(String),
}

/// Why a submission got no cosignature.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    #[error(transparent)]
    Refused(#[from] WitnessRefusal),
    /// Whether the last head is on the disk is not known, so nothing of this log is signed until a
    /// restart has read it back.
    #[error("the witness could not keep its state and signs no more for this log")]
    Stopped,
}

/// Where the heads cosigned last are kept, and the key.
///
/// A head is on the disk before the cosignature leaves; checking and keeping happen under one lock
/// for each log, and one process at a time has the folder.
pub struct Witness {
    key: WitnessKey,
    logs: BTreeMap<String, Log>,
    _lock: File,
}

struct Log {
    key: NoteVerifier,
    path: PathBuf,
    held: Mutex<Held>,
}

enum Held {
    Nothing,
    Head {
        checkpoint: Checkpoint,
        /// With the log's signature and ours.
        note: Note,
    },
    Unknown,
}

impl Witness {
    /// Opens the state in `dir`, made if need be, for those logs. Heads of logs that are no longer
    /// named stay there: named again, a log goes on from its last head.
    pub fn open(
        dir: &Path,
        key: WitnessKey,
        logs: Vec<NoteVerifier>,
    ) -> Result<Self, WitnessError> {
        let lock = durable::lock_folder(dir).map_err(|source| match source.kind() {
            io::ErrorKind::WouldBlock => WitnessError::InUse(dir.to_owned()),
            _ => WitnessError::State { path: dir.to_owned(), source },
        })?;
        let mut watched = BTreeMap::new();
        for log in logs {
            let origin = log.name().to_owned();
            let path = dir.join(format!("{}.checkpoint", log::witness::log_id(&origin)));
            let held = Mutex::new(read(&path, &key, &log)?);
            let before = watched.insert(origin.clone(), Log { key: log, path, held });
            if before.is_some() {
                return Err(WitnessError::Twice(origin));
            }
        }
        Ok(Self { key, logs: watched, _lock: lock })
    }

    pub fn key(&self) -> &WitnessKey {
        &self.key
    }

    /// Answers `add-checkpoint` with our signature line, ended. `now_s` is the time in seconds since
    /// 1970.
    pub fn add_checkpoint(&self, body: &str, now_s: u64) -> Result<String, AddError> {
        let request = AddCheckpoint::parse(body)?;
        let unknown = || WitnessRefusal::UnknownLog(request.origin().to_owned());
        let log = self.logs.get(request.origin()).ok_or_else(unknown)?;
        let mut held = log.held.lock().map_err(|_| AddError::Stopped)?;
        let last = match &*held {
            Held::Nothing => None,
            Held::Head { checkpoint, .. } => Some(checkpoint),
            Held::Unknown => return Err(AddError::Stopped),
        };
        let checkpoint = request.judge(&log.key, last)?;
        let text = request.checkpoint.text.clone();
        // 0 would say "no time"; a clock before 1970 is told as the first second of it.
        let line = self.key.cosign(&text, now_s.max(1));
        let mut signatures = request.checkpoint.signatures;
        signatures.retain(|s| log.key.signed(s));
        signatures.push(line.clone());
        let note = Note { text, signatures };
        if let Err(error) = durable::write(&log.path, note.to_text().as_bytes()) {
            *held = Held::Unknown;
            tracing::error!(%error, path = %log.path.display(), "a head could not be kept");
            return Err(AddError::Stopped);
        }
        *held = Held::Head { checkpoint, note };
        Ok(format!("{line}\n"))
    }

    /// The latest head cosigned of the log with that id, with the log's signature and ours.
    pub fn latest(&self, log_id: &str) -> Option<String> {
        let log = self.logs.iter().find(|(origin, _)| log::witness::log_id(origin) == log_id)?.1;
        match &*log.held.lock().unwrap_or_else(PoisonError::into_inner) {
            Held::Head { note, .. } => Some(note.to_text()),
            Held::Nothing | Held::Unknown => None,
        }
    }
}

/// What was kept, which has to be by the log and by us.
fn read(path: &Path, key: &WitnessKey, log: &NoteVerifier) -> Result<Held, WitnessError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Held::Nothing),
        Err(source) => return Err(WitnessError::State { path: path.to_owned(), source }),
    };
    let damaged = |what: String| WitnessError::Damaged {
        path: path.to_owned(),
        origin: log.name().to_owned(),
        what,
    };
    let note = Note::parse(&text).map_err(|e| damaged(e.to_string()))?;
    let checkpoint = Checkpoint::of_note(&note, log).map_err(|e| damaged(e.to_string()))?;
    match key.cosigner().find(&note) {
        Ok(Some(_)) => Ok(Held::Head { checkpoint, note }),
        Ok(None) => Err(damaged("our signature is not on it".to_owned())),
        Err(error) => Err(damaged(error.to_string())),
    }
}
