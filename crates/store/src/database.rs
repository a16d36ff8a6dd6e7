//! The SQLite file: its URL, its settings, its migrations.

use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The database failed, or does not hold what it should; the cause is in the chain.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    #[error("cannot {doing}")]
    Database { doing: &'static str, source: Arc<rusqlite::Error> },
    #[error("the record does not hold together: {0}; nothing was written, run `amana verify`")]
    Damaged(String),
    #[error(
        "this process stopped writing after an earlier fault; restart it and run `amana verify`"
    )]
    Stopped,
    #[error("document '{0}' is there already with other content; give the new one another name")]
    DocumentTaken(String),
    #[error("{what} at {path}: put it back from the backup, or {instead}")]
    LogKey { what: String, path: PathBuf, instead: &'static str },
}

/// Why a record could not be created or opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("store '{0}' must be written sqlite:PATH")]
    Url(String),
    #[error("store '{0}': PostgreSQL is not built in yet, use sqlite:PATH")]
    Postgres(String),
    #[error("there is a record at {0} already, and it is never overwritten: name another file")]
    Exists(PathBuf),
    #[error("there is no record at {0}: `amana init` creates one")]
    Missing(PathBuf),
    #[error("{0} is not a record of amana")]
    Foreign(PathBuf),
    #[error(
        "{path} was written by a newer amana (migration {found}, {known} are known here): use that \
         version"
    )]
    Newer { path: PathBuf, found: u32, known: u32 },
    #[error("the linked SQLite is {0}, 3.51.3 or later is needed: earlier ones may lose commits")]
    OldSqlite(&'static str),
    #[error("the opening fact cannot begin a record: {0}")]
    Opening(String),
    #[error("cannot write {path}")]
    File { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Says what was being done when the database failed.
pub(crate) trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError>;
}

impl<T> Doing<T> for Result<T, rusqlite::Error> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Database { doing, source: Arc::new(source) })
    }
}

/// "AMAN": marks the file as ours (`PRAGMA application_id`).
const APPLICATION_ID: u32 = 0x414d_414e;

/// SQLite below this has a WAL-reset race that can lose commits (sqlite.org/wal.html).
const SQLITE_LEAST: i32 = 3_051_003;

/// How long a writer waits for another process's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(20);

/// In the order they apply; the same numbers and names for every backend.
const MIGRATIONS: &[(u32, &str, &str)] = &[
    (1, "record", include_str!("../migrations/sqlite/0001-record.sql")),
    (2, "read-models", include_str!("../migrations/sqlite/0002-read-models.sql")),
    (3, "register", include_str!("../migrations/sqlite/0003-register.sql")),
];

/// The version of the SQLite that is linked in.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// The file named by `sqlite:PATH`.
pub(crate) fn path_of(url: &str) -> Result<PathBuf, OpenError> {
    match url.split_once(':') {
        Some(("sqlite", path)) if !path.is_empty() => Ok(path.into()),
        Some(("postgres" | "postgresql", _)) => Err(OpenError::Postgres(url.to_owned())),
        _ => Err(OpenError::Url(url.to_owned())),
    }
}

/// Opens an existing file for writing and applies what migrations it lacks.
pub(crate) fn open(path: &Path) -> Result<Connection, OpenError> {
    if !path.exists() {
        return Err(OpenError::Missing(path.to_owned()));
    }
    if rusqlite::version_number() < SQLITE_LEAST {
        return Err(OpenError::OldSqlite(rusqlite::version()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).doing("open the database")?;
    conn.busy_timeout(BUSY_TIMEOUT).doing("set the busy timeout")?;
    recognise(path, &conn)?;
    set_up(&conn).doing("set up the connection")?;
    migrate(&conn).doing("migrate the database")?;
    Ok(conn)
}

/// Opens an existing file for reading only.
pub(crate) fn open_read_only(path: &Path) -> Result<Connection, OpenError> {
    if !path.exists() {
        return Err(OpenError::Missing(path.to_owned()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).doing("open the database")?;
    conn.busy_timeout(BUSY_TIMEOUT).doing("set the busy timeout")?;
    if recognise(path, &conn)? == 0 {
        return Err(OpenError::Foreign(path.to_owned()));
    }
    Ok(conn)
}

/// The number of migrations applied; an empty file has none and is ours to fill.
fn recognise(path: &Path, conn: &Connection) -> Result<u32, OpenError> {
    let read = |pragma| conn.pragma_query_value(None, pragma, |row| row.get::<_, u32>(0));
    // A file that is no database at all fails here.
    let id = read("application_id").map_err(|_| OpenError::Foreign(path.to_owned()))?;
    let found = read("user_version").doing("read the schema's version")?;
    let known = MIGRATIONS.len() as u32;
    if id != APPLICATION_ID && (id, found) != (0, 0) {
        return Err(OpenError::Foreign(path.to_owned()));
    }
    if found > known {
        return Err(OpenError::Newer { path: path.to_owned(), found, known });
    }
    if id == 0 {
        let tables: u32 = conn
            .query_row("select count(*) from sqlite_schema", [], |row| row.get(0))
            .doing("read the schema")?;
        if tables > 0 {
            return Err(OpenError::Foreign(path.to_owned()));
        }
    }
    Ok(found)
}

fn set_up(conn: &Connection) -> rusqlite::Result<()> {
    conn.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0))?;
    // A commit is acknowledged when it is on the disk: NORMAL would lose it with the power.
    conn.pragma_update(None, "synchronous", "full")?;
    // In pages of 4 KiB. The default of 1,000 folds the log back in the middle of every burst.
    conn.pragma_update_and_check(None, "wal_autocheckpoint", 16_000, |_| Ok(()))?;
    // Erased particulars are overwritten, not only unlinked.
    conn.pragma_update_and_check(None, "secure_delete", "on", |_| Ok(()))?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn migrate(conn: &Connection) -> rusqlite::Result<()> {
    let applied: u32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if applied as usize == MIGRATIONS.len() {
        return Ok(());
    }
    conn.execute_batch("begin immediate")?;
    let run = || {
        let applied: u32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
        for (number, _, sql) in MIGRATIONS.iter().filter(|(number, _, _)| *number > applied) {
            conn.execute_batch(sql)?;
            conn.pragma_update(None, "user_version", number)?;
        }
        conn.pragma_update(None, "application_id", APPLICATION_ID)?;
        conn.execute_batch("commit")
    };
    run().inspect_err(|_| {
        // The first error is the one to tell; without a transaction there is nothing to undo.
        let _ = conn.execute_batch("rollback");
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Another backend's folder must hold the same numbers and names.
    #[test]
    fn migrations_are_numbered_and_named_as_their_files() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
        let mut files: Vec<_> = std::fs::read_dir(dir)
            .unwrap()
            .map(|f| f.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        let listed: Vec<_> =
            MIGRATIONS.iter().map(|(number, name, _)| format!("{number:04}-{name}.sql")).collect();
        assert_eq!(files, listed);
        assert!(MIGRATIONS.iter().zip(1..).all(|((number, _, _), n)| *number == n));
    }

    #[test]
    fn only_sqlite_urls_open() {
        assert_eq!(path_of("sqlite:/tmp/a.db").unwrap(), Path::new("/tmp/a.db"));
        assert!(matches!(path_of("postgres://h/db"), Err(OpenError::Postgres(_))));
        for bad in ["", "a.db", "sqlite:", "mysql:x"] {
            assert!(matches!(path_of(bad), Err(OpenError::Url(_))), "{bad}");
        }
    }
}
