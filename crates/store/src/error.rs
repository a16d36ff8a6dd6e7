//! What can go wrong with a store.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

/// The database failed, or does not hold what it should; the cause is in the chain.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    #[error("cannot {doing}")]
    Database { doing: &'static str, source: Arc<dyn Error + Send + Sync> },
    #[error("the record does not hold together: {0}; nothing was written, run `amana verify`")]
    Damaged(String),
    #[error(
        "this process stopped writing after an earlier fault; restart it and run `amana verify`"
    )]
    Stopped,
    #[error(
        "a head over {signed} entries was signed here, and the record has {now}: it was restored \
         from an old backup. Restore a newer one, or all that follows from a mirror"
    )]
    RolledBack { signed: u64, now: u64 },
    #[error(
        "the first {signed} entries are not those that were signed here: find out who changed the \
         record before anything else is signed"
    )]
    Rewritten { signed: u64 },
    #[error("the record was moved to {0}, and takes no more facts here: open it there")]
    Moved(String),
    #[error("document '{0}' is there already with other content; give the new one another name")]
    DocumentTaken(String),
    #[error("{what} at {path}: put it back from the backup, or {instead}")]
    LogKey { what: String, path: PathBuf, instead: &'static str },
}

/// Why a record could not be created or opened. A place is a file, or a URL without its password.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("store '{0}' must be written sqlite:PATH or postgres://USER@HOST/DATABASE")]
    Url(String),
    #[error("there is a record at {0} already, and it is never overwritten: name another place")]
    Exists(String),
    #[error("there is no record at {0}: `amana init` creates one")]
    Missing(String),
    #[error("{0} is not a record of amana")]
    Foreign(String),
    #[error(
        "{place} was written by a newer amana (migration {found}, {known} are known here): use \
         that version"
    )]
    Newer { place: String, found: u32, known: u32 },
    #[error(
        "{place} cannot be reached: check that the server runs and that the address and user are right"
    )]
    Unreachable { place: String, source: StoreError },
    #[error("the connection cannot be encrypted as the store's URL asks: {0}")]
    Tls(String),
    #[error("{place} cannot keep a record: {why}")]
    Unfit { place: String, why: String },
    #[error("the opening fact cannot begin a record: {0}")]
    Opening(String),
    #[error("cannot write {path}")]
    File { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl StoreError {
    /// The disk failed. What it did with the last writes nobody knows, and asking again may hide it:
    /// after such a fault a process writes no more.
    pub(crate) fn is_disk_fault(&self) -> bool {
        let Self::Database { source, .. } = self else { return false };
        let code = source.downcast_ref::<rusqlite::Error>().and_then(|e| e.sqlite_error_code());
        code == Some(rusqlite::ErrorCode::SystemIoFailure)
    }
}

/// Says what was being done when the database failed.
pub(crate) trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError>;
}

impl<T, E: Error + Send + Sync + 'static> Doing<T> for Result<T, E> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Database { doing, source: Arc::new(source) })
    }
}
